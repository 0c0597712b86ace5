import { type UsageFigures, usageByTime } from '@/db/postgres/queries/usage'
import type { Stores } from '@/server/services/context'
import { activationMarks } from '@/server/services/overview/activation-marks'
import { filterOf } from './scope-filter'
import { bucketEdges, onWholeHours, stepFor } from './time-buckets'
import type { UsageScope } from './usage.schema'

type Drawn = Pick<
  UsageFigures,
  'requests' | 'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'costUsd' | 'unpriced'
>
const none: Drawn = { requests: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costUsd: '0', unpriced: 0 }

/**
 * Usage over time in steps that suit the range, on the zone's hours and midnights, with the activations in it. A bucket
 * without calls is a true zero, because every call is in Postgres; one that has not begun yet is a gap.
 */
export async function seriesOfUsage(stores: Pick<Stores, 'db'>, scope: UsageScope, now = new Date()) {
  const filter = filterOf(scope, now)
  const { from, to } = filter
  const step = stepFor(from, to)
  const edges = bucketEdges(from, to, step, scope.timezone)
  const [{ buckets }, marks] = await Promise.all([
    usageByTime(stores.db, filter, edges, onWholeHours(edges) ? 'hours' : 'calls'),
    activationMarks(stores, { from, to }),
  ])
  return {
    asOf: now.toISOString(),
    /** The first bucket may begin before the range; what is counted in it does not. */
    from: (edges[0] ?? from).toISOString(),
    to: to.toISOString(),
    step,
    buckets: edges.map((start, index) => ({
      start: start.getTime(),
      figures: start > now ? null : drawn(buckets.get(index) ?? none),
    })),
    marks,
  }
}
export type UsageSeries = Awaited<ReturnType<typeof seriesOfUsage>>

const drawn = ({ requests, inputTokens, cachedInputTokens, outputTokens, costUsd, unpriced }: Drawn): Drawn => ({
  requests,
  inputTokens,
  cachedInputTokens,
  outputTokens,
  costUsd,
  unpriced,
})
