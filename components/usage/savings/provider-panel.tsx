'use client'

import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { compactCount, count } from '@/components/format/count'
import { missingFigure } from '@/components/format/figure'
import { money } from '@/components/format/money'
import { Stat, Stats } from '@/components/ui/stat'
import type { SavingsReport } from '@/server/services/usage/savings/savings-report'
import { useSavings } from './savings-params'
import { savingsSources } from './sources'

/** The providers' own prompt caching, beside ours and never added to it. */
export function ProviderPanel({ report, state }: { report: SavingsReport | undefined; state: PanelState }) {
  return (
    <Panel
      title="The providers' own prompt caching"
      note="theirs: not part of the net above"
      state={state}
      minHeight={84}
    >
      {report && <Figures {...report} />}
    </Panel>
  )
}

function Figures(report: SavingsReport) {
  const { input } = useSavings()
  const { provider } = report
  const source = savingsSources(input, report).provider
  const why = 'calls do not say which namespace they asked'
  const none = 'no price is known for the models that did'
  return (
    <Stats>
      <Stat
        label="Saved by the providers, estimate"
        value={
          <FigureValue
            figure={
              !provider
                ? missingFigure(why)
                : provider.usd === null
                  ? missingFigure(none)
                  : { value: money(provider.usd), unit: '' }
            }
            source={source}
          />
        }
        remark={
          provider && provider.unpricedTokens > 0 ? `${count(provider.unpricedTokens)} tokens have no price` : undefined
        }
      />
      <Stat
        label="Input tokens from their caches"
        value={<FigureValue figure={provider ? compactCount(provider.tokens) : missingFigure(why)} source={source} />}
        remark="cachedInputTokens, as reported"
      />
    </Stats>
  )
}
