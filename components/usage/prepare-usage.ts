import type { Point, Series } from '@/components/charts/chart'
import type { UsageSeries } from '@/server/services/usage/usage-series'
import { knownCost } from './words'

const stepMs = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000, '1d': 86_400_000 }
export const stepText = { '1m': 'minute', '5m': '5 minutes', '15m': '15 minutes', '1h': 'hour', '1d': 'day' }

type Figures = NonNullable<UsageSeries['buckets'][number]['figures']>

/** A bucket that has not begun is a gap; one without calls is a zero, because every call is counted. */
const pointsOf = ({ buckets }: UsageSeries, value: (figures: Figures) => number | null): Point[] =>
  buckets.map(({ start, figures }) => ({ t: start, v: figures && value(figures) }))

/** A float, because it is drawn, not accounted. Where nothing had a price there is a gap, not a zero. */
function costOf(figures: Figures): number | null {
  const cost = knownCost(figures)
  return cost === null ? null : Number(cost)
}

/** Both ends of the charts: whole buckets, so that no bar is cut. */
export function spanOf({ from, to, step, buckets }: UsageSeries) {
  const end = (buckets.at(-1)?.start ?? Date.parse(to)) + stepMs[step]
  return { from: Date.parse(from), to: Math.max(end, Date.parse(to)) }
}

export const costSeries = (usage: UsageSeries): Series[] => [
  { key: 'cost', label: 'Cost', memory: 'postgres', points: pointsOf(usage, costOf) },
]

export const requestSeries = (usage: UsageSeries): Series[] => [
  { key: 'requests', label: 'Requests', memory: 'postgres', points: pointsOf(usage, ({ requests }) => requests) },
]

/** Fresh and cached input add up to all input, so that the stack is all tokens, each once (R7). */
export const tokenSeries = (usage: UsageSeries): Series[] => [
  {
    key: 'fresh',
    label: 'Input, fresh',
    memory: 'postgres',
    points: pointsOf(usage, ({ inputTokens, cachedInputTokens }) => inputTokens - cachedInputTokens),
  },
  {
    key: 'cached',
    label: 'Input, cached',
    memory: 'postgres',
    points: pointsOf(usage, ({ cachedInputTokens }) => cachedInputTokens),
  },
  { key: 'output', label: 'Output', memory: 'postgres', points: pointsOf(usage, ({ outputTokens }) => outputTokens) },
]
