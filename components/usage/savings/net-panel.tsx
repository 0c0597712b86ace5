'use client'

import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { duration } from '@/components/format/duration'
import { missingFigure } from '@/components/format/figure'
import { money } from '@/components/format/money'
import { percent } from '@/components/format/percent'
import { Stat, Stats } from '@/components/ui/stat'
import type { SavingsReport } from '@/server/services/usage/savings/savings-report'
import { useSavings } from './savings-params'
import { savingsSources } from './sources'
import { Waterfall } from './waterfall'

type Props = { report: SavingsReport | undefined; state: PanelState }

const words = { rewarming: 're-warming', memory: 'memory' }

/** From gross to net, line by line; a line that is not known says why and is left out of the net. */
export function NetPanel({ report, state }: Props) {
  return (
    <Panel title="What the answer cache saved" memory="postgres" edge state={state} minHeight={220}>
      {report && <Figures {...report} />}
    </Panel>
  )
}

function Figures(report: SavingsReport) {
  const { input } = useSavings()
  const { totals, rewarming, netUsd, without, latency } = report
  const sources = savingsSources(input, report)
  const hits = totals.hits + totals.misses
  return (
    <>
      <Stats>
        <Stat
          label="Net"
          value={<FigureValue figure={{ value: money(netUsd), unit: '' }} source={sources.net} />}
          remark={
            without.length > 0
              ? `without ${without.map((cost) => words[cost]).join(' and ')}`
              : 'after re-warming and memory'
          }
        />
        <Stat
          label="Hits"
          value={<FigureValue figure={{ value: count(totals.hits), unit: '' }} source={sources.gross} />}
          remark={`${count(totals.hitsWithoutCost)} without a known cost`}
        />
        <Stat
          label="Hit rate"
          value={
            <FigureValue
              figure={
                input.prompt === null
                  ? percent(hits === 0 ? null : totals.hits / hits)
                  : missingFigure('a miss does not say which prompt it would have been')
              }
              source={{
                ...sources.gross,
                from: 'cache_lookups',
                detail: 'hits ÷ (hits + misses), counted one by one.',
              }}
            />
          }
        />
        <Stat
          label="Waiting avoided, estimate"
          value={
            <FigureValue
              figure={
                latency === null
                  ? missingFigure('calls do not say which namespace they asked')
                  : latency.ms === null
                    ? missingFigure('no hit was reported with cached: true whose model also answered without the cache')
                    : duration(latency.ms)
              }
              source={sources.latency}
            />
          }
          remark={latency && latency.hitsBeside > 0 ? `${count(latency.hitsBeside)} hits not compared` : undefined}
        />
      </Stats>
      <Waterfall report={report} sources={sources} />
      {(rewarming.more || rewarming.unknown > 0) && (
        <p className="border-t border-line px-3.5 py-1.5 text-sm text-muted">
          {rewarming.unknown > 0 &&
            `Re-warming leaves out ${count(rewarming.unknown)} activations of which it cannot be told; each says why below. `}
          {rewarming.more && 'It is of the newest 50 activations of the range; there are more.'}
        </p>
      )}
    </>
  )
}
