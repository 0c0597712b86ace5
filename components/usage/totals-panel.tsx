'use client'

import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import type { Source } from '@/components/feedback/source-note'
import { count } from '@/components/format/count'
import type { Figure } from '@/components/format/figure'
import { usageSource } from '@/components/overview/sources'
import { beforeText, windowText } from '@/components/overview/window-text'
import { Link } from '@/components/ui/link'
import { Stat, Stats } from '@/components/ui/stat'
import type { UsageTotals } from '@/server/services/usage/usage-totals'
import { pricesHref } from './prices/prices-params'
import { prepareTotals, type TotalFigure } from './prepare-totals'
import { useUsage } from './search-params'
import { latencySourceOf } from './sources'

/** The figures of the range, each beside what it was in the range before. */
export function TotalsPanel({ totals, state }: { totals: UsageTotals | undefined; state: PanelState }) {
  return (
    <Panel title="Totals" memory="postgres" edge state={state} minHeight={164}>
      {totals && <Figures {...totals} />}
    </Panel>
  )
}

function Figures(totals: UsageTotals) {
  const { scope } = useUsage()
  const { during, asOf } = totals
  const common = { window: windowText(scope, asOf), asOf }
  const { money, tokens, latency } = prepareTotals(totals, beforeText(scope))
  const counted = (detail: string) => usageSource(common, detail)
  const { calls, exact } = during.latencyMs
  const timed = (more: string) => latencySourceOf({ ...common, exact, calls: `${count(calls)} calls`, more })
  return (
    <>
      <Row figures={money} source={counted} />
      <div className="grid border-t border-line xl:grid-cols-2 xl:divide-x xl:divide-line max-xl:[&>*+*]:border-t max-xl:[&>*+*]:border-line">
        <Row figures={tokens} source={counted} />
        <Row figures={latency} source={timed} />
      </div>
      {during.unpriced > 0 && (
        <p className="border-t border-line bg-warn-soft px-3.5 py-1.5 text-sm">
          <b className="font-medium">
            {count(during.unpriced)} of {count(during.requests)} requests are unpriced:
          </b>{' '}
          no price is known for their model, so the cost leaves them out.{' '}
          <Link href={pricesHref('/usage/prices', { tenant: scope.tenant, view: 'unpriced' })} className="underline">
            See what waits for a price
          </Link>
        </p>
      )}
    </>
  )
}

function Row({ figures, source }: { figures: TotalFigure[]; source: (detail: string) => Source }) {
  const value = (figure: Figure, detail: string) => <FigureValue figure={figure} source={source(detail)} />
  return (
    <Stats>
      {figures.map(({ label, figure, detail, remark }) => (
        <Stat key={label} label={label} value={value(figure, detail)} remark={<span title={remark}>{remark}</span>} />
      ))}
    </Stats>
  )
}
