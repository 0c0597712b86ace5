import { count } from '@/components/format/count'
import { pointsText, relativeChange, relativeText } from '@/components/format/delta'
import { durationText } from '@/components/format/duration'
import { dash, figureText } from '@/components/format/figure'
import { money } from '@/components/format/money'
import { percentText } from '@/components/format/percent'
import type { UsageComparison } from '@/server/services/usage/compare-usage'
import { errorText, tellsApart } from './latency-error'
import { knownCost } from './words'

type Figures = UsageComparison['is']['figures']
export type ComparisonRow = {
  label: string
  was: string
  is: string
  /** The difference, or why there is none. */
  change: string
  /** What was counted on either side, and of what. */
  n: [was: number, is: number]
  of: string
}

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)
const requests = (side: Figures) => side.requests
const priced = (side: Figures) => side.requests - side.unpriced
const timed = (side: Figures) => side.latencyMs.calls

/** A float, because it is compared, not accounted; per thousand requests that have a price. */
const costPerThousand = (side: Figures) => {
  const mean = share(Number(side.costUsd), priced(side))
  return mean === null ? null : mean * 1_000
}

type Question = {
  label: string
  value: (side: Figures) => number | null
  show: (value: number, side: Figures) => string
  change: (is: number, was: number) => string
  n: (side: Figures) => number
  of: string
  /** Whether the value is one that occurred; else a difference must be larger than what both may be off by. */
  exact?: (side: Figures) => boolean
}

/** From tenfold on percents say less than the factor. */
const relative = (is: number, was: number) =>
  was > 0 && is >= 10 * was ? `× ${count(Math.round(is / was))}` : relativeText(relativeChange(is, was))
const points = (is: number, was: number) =>
  Math.abs(is - was) < 0.0005 ? 'no difference' : figureText({ value: pointsText(is, was), unit: 'points' })
const perRequest = (of: (side: Figures) => number) => (side: Figures) => share(of(side), side.requests)

const questions: Question[] = [
  { label: 'Requests', value: requests, show: count, change: relative, n: requests, of: 'requests' },
  {
    label: 'Cost',
    value: (side) => (knownCost(side) === null ? null : Number(side.costUsd)),
    show: (_, side) => money(side.costUsd),
    change: relative,
    n: priced,
    of: 'priced',
  },
  {
    label: 'Cost per 1,000 requests',
    value: costPerThousand,
    show: (value) => money(value.toFixed(12)),
    change: relative,
    n: priced,
    of: 'priced',
  },
  ...(
    [
      ['Input tokens per request', ({ inputTokens }) => inputTokens],
      ['Output tokens per request', ({ outputTokens }) => outputTokens],
    ] satisfies [string, (side: Figures) => number][]
  ).map(([label, of]): Question => ({
    label,
    value: perRequest(of),
    show: (value) => count(Math.round(value)),
    change: relative,
    n: requests,
    of: 'requests',
  })),
  {
    label: "Input from the provider's cache",
    value: (side) => share(side.cachedInputTokens, side.inputTokens),
    show: percentText,
    change: points,
    n: ({ inputTokens }) => inputTokens,
    of: 'tokens',
  },
  {
    label: 'Answered from our cache',
    value: perRequest(({ cacheHits }) => cacheHits),
    show: percentText,
    change: points,
    n: requests,
    of: 'requests',
  },
  {
    label: 'Error rate',
    value: perRequest(({ errors }) => errors),
    show: percentText,
    change: points,
    n: requests,
    of: 'requests',
  },
  ...(['p50', 'p95', 'p99'] as const).map((quantile): Question => ({
    label: `Latency ${quantile}`,
    value: ({ latencyMs }) => latencyMs[quantile],
    show: durationText,
    change: relative,
    n: timed,
    of: 'timed',
    exact: ({ latencyMs }) => latencyMs.exact,
  })),
]

/** Two sides figure by figure; pure. Where one side has nothing to show, no difference is made up. */
export function prepareComparison(was: Figures, is: Figures): ComparisonRow[] {
  return questions.map(({ label, value, show, change, n, of, exact = () => true }) => {
    const [before, after] = [value(was), value(is)]
    const difference = () => {
      if (before === null || after === null) return dash
      return (exact(was) && exact(is)) || tellsApart(after, before) ? change(after, before) : `within ${errorText}`
    }
    return {
      label,
      was: before === null ? dash : show(before, was),
      is: after === null ? dash : show(after, is),
      change: difference(),
      n: [n(was), n(is)],
      of,
    }
  })
}
