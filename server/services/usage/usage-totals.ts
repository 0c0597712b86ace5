import { latencyMs, newestUsageAt, usageTotals } from '@/db/postgres/queries/usage'
import type { Stores } from '@/server/services/context'
import { filterOf } from './scope-filter'
import type { UsageScope } from './usage.schema'

/** The figures of a range beside those of the range as long before it; latencies are of model calls, in milliseconds. */
export async function totalsOfUsage({ db }: Pick<Stores, 'db'>, scope: UsageScope, now = new Date()) {
  const filter = filterOf(scope, now)
  const { from, to } = filter
  const before = { ...filter, from: new Date(2 * from.getTime() - to.getTime()), to: from }
  const [during, latency, earlier, latencyBefore, newestAt] = await Promise.all([
    usageTotals(db, filter),
    latencyMs(db, filter),
    usageTotals(db, before),
    latencyMs(db, before),
    newestUsageAt(db, filter.tenant),
  ])
  return {
    asOf: now.toISOString(),
    from: from.toISOString(),
    to: to.toISOString(),
    during: { ...during, latencyMs: latency },
    before: { ...earlier, latencyMs: latencyBefore },
    /** The newest call of the tenant, whenever it was; null when there never was one. */
    newestAt: newestAt?.toISOString() ?? null,
  }
}
export type UsageTotals = Awaited<ReturnType<typeof totalsOfUsage>>
