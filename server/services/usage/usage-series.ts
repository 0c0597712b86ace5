import { usageByTime } from '@/db/postgres/queries/usage'
import type { Stores } from '@/server/services/context'
import { bucketEdges, onWholeHours, stepFor } from './time-buckets'
import { filterOf } from './view-filter'
import type { UsageView } from './usage.schema'

const none = {
  requests: 0,
  errors: 0,
  cacheHits: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  costUsd: '0',
  unpriced: 0,
}

/**
 * Usage over time in steps that suit the range, on the zone's hours and midnights. A bucket without calls is a true
 * zero, because every call is in Postgres; one that has not begun yet is a gap.
 */
export async function seriesOfUsage({ db }: Pick<Stores, 'db'>, view: UsageView) {
  const step = stepFor(view.from, view.to)
  const edges = bucketEdges(view.from, view.to, step, view.timezone)
  const { buckets } = await usageByTime(db, filterOf(view), edges, onWholeHours(edges) ? 'hours' : 'calls')
  const now = new Date()
  return {
    step,
    buckets: edges.map((start, index) => ({
      start: start.toISOString(),
      figures: start > now ? null : (buckets.get(index) ?? none),
    })),
    asOf: now.toISOString(),
  }
}
export type UsageSeries = Awaited<ReturnType<typeof seriesOfUsage>>
