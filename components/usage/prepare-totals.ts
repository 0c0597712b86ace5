import { compactCount, count } from '@/components/format/count'
import { pointsText } from '@/components/format/delta'
import { duration, durationText } from '@/components/format/duration'
import { type Figure, missingFigure } from '@/components/format/figure'
import { money, moneyExact } from '@/components/format/money'
import { percent } from '@/components/format/percent'
import { changeText } from '@/components/overview/window-text'
import type { UsageTotals } from '@/server/services/usage/usage-totals'
import { errorText, tellsApart } from './latency-error'
import { knownCost } from './words'

type Period = UsageTotals['during']
export type TotalFigure = { label: string; figure: Figure; detail: string; remark: string | undefined }

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)
const fresh = ({ inputTokens, cachedInputTokens }: Period) => inputTokens - cachedInputTokens

/**
 * The figures of a range with their change against the range before, called `earlier` ("the 6 h before"). Where there were
 * no calls before there is nothing to be compared with, and the remark says so instead of a percentage.
 */
export function prepareTotals({ during, before }: Pick<UsageTotals, 'during' | 'before'>, earlier: string) {
  const nothing = before.requests === 0
  const change = (of: (period: Period) => number) =>
    nothing ? `no calls in ${earlier}` : changeText(of(during), of(before), earlier)
  const points = (of: (period: Period) => number | null) => {
    const [now, was] = [of(during), of(before)]
    if (now === null) return undefined
    if (nothing || was === null) return `no calls in ${earlier}`
    return Math.abs(now - was) < 0.0005 ? `as in ${earlier}` : `${pointsText(now, was)} points on ${earlier}`
  }
  const amount = (label: string, of: (period: Period) => number, detail: string): TotalFigure => ({
    label,
    figure: compactCount(of(during)),
    detail: `${count(of(during))}${detail}`,
    remark: change(of),
  })
  const ratio = (label: string, of: (period: Period) => number | null, detail: string): TotalFigure => ({
    label,
    figure: percent(of(during), 'no requests'),
    detail,
    remark: points(of),
  })
  const exact = during.latencyMs.exact && before.latencyMs.exact
  const quantile = (key: 'p50' | 'p95' | 'p99'): TotalFigure => {
    const [now, was] = [during.latencyMs[key], before.latencyMs[key]]
    const remark = () => {
      if (now === null) return undefined
      if (nothing || was === null) return nothing ? `no calls in ${earlier}` : 'none timed before'
      return exact || tellsApart(now, was) ? changeText(now, was, earlier) : `as in ${earlier}`
    }
    return {
      label: `Latency ${key}`,
      figure: latencyFigure(now, during.latencyMs.exact),
      detail: firstToken(during),
      remark: remark(),
    }
  }
  return {
    money: [
      costFigure(during, change),
      amount('Requests', ({ requests }) => requests, ' calls as reported.'),
      ratio(
        'Error rate',
        ({ errors, requests }) => share(errors, requests),
        `${count(during.errors)} errors and timeouts ÷ requests.`,
      ),
      ratio(
        'Answered from our cache',
        ({ cacheHits, requests }) => share(cacheHits, requests),
        `${count(during.cacheHits)} requests answered by the application's own cache, at no cost ÷ requests.`,
      ),
    ],
    tokens: [
      amount('Input, fresh', fresh, ' input tokens that no provider cache served; cache writes included.'),
      {
        ...amount(
          'Input, cached',
          (period) => period.cachedInputTokens,
          " input tokens read from the provider's cache.",
        ),
        remark: cachedRemark(during),
      },
      amount('Output', ({ outputTokens }) => outputTokens, ' output tokens.'),
    ],
    latency: [quantile('p50'), quantile('p95'), quantile('p99')],
  }
}

function costFigure(period: Period, change: (of: (period: Period) => number) => string): TotalFigure {
  const known = knownCost(period)
  return {
    label: 'Cost',
    figure: { value: money(known), unit: '' },
    detail: `${moneyExact(period.costUsd)}. Price in force at the time of each call, from genai-prices; exact decimals.`,
    remark: known === null ? 'no call has a price' : change(({ costUsd }) => Number(costUsd)),
  }
}

function latencyFigure(ms: number | null, exact: boolean): Figure {
  if (ms === null) return missingFigure('no call said how long it took')
  const { value, unit } = duration(ms)
  return { value, unit: exact ? unit : `${unit} ${errorText}` }
}

const cachedRemark = ({ cachedInputTokens, inputTokens }: Period) => {
  const { value, unit, missing } = percent(share(cachedInputTokens, inputTokens))
  return missing ? undefined : `${value} ${unit} of all input`
}

const firstToken = ({ latencyMs: { ttftP50, ttftP95 } }: Period) =>
  ttftP50 === null || ttftP95 === null
    ? 'No call said when its first token came.'
    : `First token: p50 ${durationText(ttftP50)}, p95 ${durationText(ttftP95)}.`
