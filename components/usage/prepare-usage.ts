import type { Point, Series } from '@/components/charts/chart'
import type { UsageSeries } from '@/server/services/usage/usage-series'
import { knownCost } from './words'

const DAY_MS = 86_400_000
const stepMs = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': DAY_MS,
  '1w': 7 * DAY_MS,
  '1mo': 31 * DAY_MS,
}
export const stepText = {
  '1m': 'minute',
  '5m': '5 minutes',
  '15m': '15 minutes',
  '1h': 'hour',
  '1d': 'day',
  '1w': 'week',
  '1mo': 'month',
}

type Figures = NonNullable<UsageSeries['buckets'][number]['figures']>

/** A bucket that has not begun is a gap; one without calls is a zero, because every call is counted. */
const pointsOf = ({ buckets }: UsageSeries, value: (figures: Figures) => number | null): Point[] =>
  buckets.map(({ start, figures }) => ({ t: start, v: figures && value(figures) }))

/** For lines: a bucket's value stands in its middle, as its bar does. */
const middles = (usage: UsageSeries, value: (figures: Figures) => number | null): Point[] =>
  pointsOf(usage, value).map(({ t, v }, index) => ({
    t: (t + (usage.buckets[index + 1]?.start ?? t + stepMs[usage.step])) / 2,
    v,
  }))

/** A float, because it is drawn, not accounted. Where nothing had a price there is a gap, not a zero. */
function costOf(figures: Figures): number | null {
  const cost = knownCost(figures)
  return cost === null ? null : Number(cost)
}

/** Both ends of the charts: whole buckets, so that no bar is cut. */
export function spanOf({
  from,
  to,
  step,
  buckets,
}: Pick<UsageSeries, 'from' | 'to' | 'step'> & { buckets: { start: number }[] }) {
  const end = (buckets.at(-1)?.start ?? Date.parse(to)) + stepMs[step]
  return { from: Date.parse(from), to: Math.max(end, Date.parse(to)) }
}

const series = (key: string, label: string, points: Point[]): Series => ({ key, label, memory: 'postgres', points })
/** Of nothing there is no share: a gap, not zero percent. */
const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)

export const costSeries = (usage: UsageSeries) => [series('cost', 'Cost', pointsOf(usage, costOf))]

export const requestSeries = (usage: UsageSeries) => [
  series(
    'requests',
    'Requests',
    pointsOf(usage, ({ requests }) => requests),
  ),
]

/** Fresh and cached input add up to all input, so that the stack is all tokens, each once (R7). */
export const tokenSeries = (usage: UsageSeries) => [
  series(
    'fresh',
    'Input, fresh',
    pointsOf(usage, ({ inputTokens, cachedInputTokens }) => inputTokens - cachedInputTokens),
  ),
  series(
    'cached',
    'Input, cached',
    pointsOf(usage, ({ cachedInputTokens }) => cachedInputTokens),
  ),
  series(
    'output',
    'Output',
    pointsOf(usage, ({ outputTokens }) => outputTokens),
  ),
]

export const latencySeries = (usage: UsageSeries) => [
  series(
    'p50',
    'p50',
    middles(usage, ({ p50 }) => p50),
  ),
  series(
    'p95',
    'p95',
    middles(usage, ({ p95 }) => p95),
  ),
  series(
    'p99',
    'p99',
    middles(usage, ({ p99 }) => p99),
  ),
]

export const errorSeries = (usage: UsageSeries) => [
  series(
    'errors',
    'Errors and timeouts',
    middles(usage, ({ errors, requests }) => share(errors, requests)),
  ),
]

/** Two caches that must not be taken for each other: the application's own, and the provider's. */
export const cacheSeries = (usage: UsageSeries): Series[] => [
  series(
    'own',
    'Answered from our cache',
    middles(usage, ({ cacheHits, requests }) => share(cacheHits, requests)),
  ),
  {
    ...series(
      'provider',
      "Input tokens from the provider's cache",
      middles(usage, ({ cachedInputTokens, inputTokens }) => share(cachedInputTokens, inputTokens)),
    ),
    dashed: true,
  },
]
