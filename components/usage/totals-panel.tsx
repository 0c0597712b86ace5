'use client'

import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { compactCount, count } from '@/components/format/count'
import { type Figure, missingFigure } from '@/components/format/figure'
import { duration, durationText } from '@/components/format/duration'
import { money, moneyExact } from '@/components/format/money'
import { percent } from '@/components/format/percent'
import { pointsText } from '@/components/format/delta'
import { latencySource, usageSource } from '@/components/overview/sources'
import { beforeText, changeText, windowText } from '@/components/overview/window-text'
import { FigureValue } from '@/components/feedback/figure-value'
import { Stat, Stats } from '@/components/ui/stat'
import type { UsageTotals } from '@/server/services/usage/usage-totals'
import { useUsage } from './search-params'
import { knownCost } from './words'

type Period = UsageTotals['during']

/** The figures of the range, each beside what it was in the range before. */
export function TotalsPanel({ totals, state }: { totals: UsageTotals | undefined; state: PanelState }) {
  return (
    <Panel title="Totals" memory="postgres" edge state={state} minHeight={168}>
      {totals && <Figures {...totals} />}
    </Panel>
  )
}

function Figures({ during, before, asOf }: UsageTotals) {
  const { scope } = useUsage()
  const common = { window: windowText(scope, asOf), asOf }
  const earlier = beforeText(scope)
  const counted = (detail: string) => usageSource(common, detail)
  const change = (of: (period: Period) => number) => changeText(of(during), of(before), earlier)
  const priced = 'Price in force at the time of each call, from genai-prices; exact decimals.'
  return (
    <>
      <Stats className="border-b border-line">
        <Stat
          label="Requests"
          value={
            <FigureValue
              figure={compactCount(during.requests)}
              source={counted(`${count(during.requests)} calls as reported.`)}
            />
          }
          remark={change((period) => period.requests)}
        />
        <Stat
          label="Cost"
          value={
            <FigureValue figure={costFigure(during)} source={counted(`${moneyExact(during.costUsd)}. ${priced}`)} />
          }
          remark={knownCost(during) !== null && change((period) => Number(period.costUsd))}
        />
        <Stat
          label="Latency p95"
          value={<FigureValue figure={latencyFigure(during)} source={latencySource(common, false)} />}
          remark={latencyRemark(during)}
        />
        <Stat
          label="Error rate"
          value={
            <FigureValue
              figure={percent(ratio(during, 'errors'), 'no requests')}
              source={counted(`${count(during.errors)} errors and timeouts ÷ requests.`)}
            />
          }
          remark={pointsRemark(ratio(during, 'errors'), ratio(before, 'errors'), earlier)}
        />
      </Stats>
      <Stats>
        <Stat
          label="Input tokens"
          value={
            <FigureValue
              figure={compactCount(during.inputTokens)}
              source={counted(`${count(during.inputTokens)}, cache reads and writes included.`)}
            />
          }
          remark={change((period) => period.inputTokens)}
        />
        <Stat
          label="Output tokens"
          value={
            <FigureValue figure={compactCount(during.outputTokens)} source={counted(count(during.outputTokens))} />
          }
          remark={change((period) => period.outputTokens)}
        />
        <Stat
          label="Cached by the provider"
          value={
            <FigureValue
              figure={percent(share(during.cachedInputTokens, during.inputTokens), 'no input tokens')}
              source={counted(
                `${count(during.cachedInputTokens)} input tokens read from the provider's cache ÷ input tokens.`,
              )}
            />
          }
          remark={pointsRemark(
            share(during.cachedInputTokens, during.inputTokens),
            share(before.cachedInputTokens, before.inputTokens),
            earlier,
          )}
        />
        <Stat
          label="Answered from our cache"
          value={
            <FigureValue
              figure={percent(ratio(during, 'cacheHits'), 'no requests')}
              source={counted(
                `${count(during.cacheHits)} requests answered by the application's own cache, at no cost ÷ requests.`,
              )}
            />
          }
          remark={pointsRemark(ratio(during, 'cacheHits'), ratio(before, 'cacheHits'), earlier)}
        />
      </Stats>
      {during.unpriced > 0 && (
        <p className="border-t border-line bg-warn-soft px-3.5 py-1.5 text-sm">
          <b className="font-medium">
            {count(during.unpriced)} of {count(during.requests)} requests are unpriced:
          </b>{' '}
          no price is known for their model, so the cost leaves them out. The breakdown by model names them.
        </p>
      )}
    </>
  )
}

const costFigure = (period: Period): Figure => ({ value: money(knownCost(period)), unit: '' })

const latencyFigure = ({ latencyMs: { p95 } }: Period): Figure =>
  p95 === null ? missingFigure('no call said how long it took') : duration(p95)

function latencyRemark({ latencyMs: { p50, p99, ttftP95 } }: Period): string | undefined {
  if (p50 === null || p99 === null) return undefined
  const firstToken = ttftP95 === null ? '' : ` · first token ${durationText(ttftP95)}`
  return `p50 ${durationText(p50)} · p99 ${durationText(p99)}${firstToken}`
}

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)
const ratio = (period: Period, of: 'errors' | 'cacheHits') => share(period[of], period.requests)

function pointsRemark(now: number | null, was: number | null, before: string): string | undefined {
  if (now === null) return undefined
  if (was === null) return `nothing in ${before}`
  return Math.abs(now - was) < 0.0005 ? `as in ${before}` : `${pointsText(now, was)} points on ${before}`
}
