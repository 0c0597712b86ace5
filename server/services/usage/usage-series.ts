import { type UsageFigures, usageByTime } from '@/db/postgres/queries/usage'
import { latencyByTime, type LatencyQuantiles } from '@/db/postgres/queries/usage-latency'
import type { Stores } from '@/server/services/context'
import { activationMarks } from '@/server/services/overview/activation-marks'
import { filterOf } from './scope-filter'
import { bucketEdges, stepFor } from './time-buckets'
import type { UsageSeriesInput } from './usage.schema'

type Counted = Omit<UsageFigures, 'cacheWriteTokens'>
type Drawn = Counted & Pick<LatencyQuantiles, 'p50' | 'p95' | 'p99'>
const none: Counted = {
  requests: 0,
  errors: 0,
  cacheHits: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costUsd: '0',
  unpriced: 0,
}

/**
 * Usage over time in the step asked for or one that suits the range, on the zone's hours and midnights, with the
 * activations in it. A bucket without calls is a true zero, because every call is in Postgres; one that has not begun
 * yet is a gap.
 */
export async function seriesOfUsage(
  stores: Pick<Stores, 'db'>,
  { step: wanted, ...scope }: UsageSeriesInput,
  now = new Date(),
) {
  const filter = filterOf(scope, now)
  const { from, to } = filter
  const step = stepFor(from, to, wanted)
  const edges = bucketEdges(from, to, step, scope.timezone)
  const [{ buckets }, latency, marks] = await Promise.all([
    usageByTime(stores.db, filter, edges),
    latencyByTime(stores.db, filter, edges),
    activationMarks(stores, { from, to }),
  ])
  return {
    asOf: now.toISOString(),
    /** The first bucket may begin before the range; what is counted in it does not. */
    from: (edges[0] ?? from).toISOString(),
    to: to.toISOString(),
    step,
    /** Whether the latencies are, or within two percent. */
    latencyExact: latency.exact,
    buckets: edges.map((start, index) => ({
      start: start.getTime(),
      figures: start > now ? null : drawn(buckets.get(index) ?? none, latency.buckets.get(index)),
    })),
    marks,
  }
}
export type UsageSeries = Awaited<ReturnType<typeof seriesOfUsage>>

/** What a chart needs and no more: a range has hundreds of buckets. */
function drawn(figures: Counted, latency: LatencyQuantiles | undefined): Drawn {
  const { requests, errors, cacheHits, inputTokens, cachedInputTokens, outputTokens, costUsd, unpriced } = figures
  const { p50 = null, p95 = null, p99 = null } = latency ?? {}
  return {
    ...{ requests, errors, cacheHits, inputTokens, cachedInputTokens, outputTokens, costUsd, unpriced },
    ...{ p50, p95, p99 },
  }
}
