import { newestUsageAt, usageTotals } from '@/db/postgres/queries/usage'
import { latencyByTime } from '@/db/postgres/queries/usage-latency'
import type { UsageFilter } from '@/db/postgres/queries/usage-rows'
import type { Stores } from '@/server/services/context'
import { filterOf } from './scope-filter'
import type { UsageScope } from './usage.schema'

/** The figures of a range beside those of the range as long before it; latencies are of model calls, in milliseconds. */
export async function totalsOfUsage({ db }: Pick<Stores, 'db'>, scope: UsageScope, now = new Date()) {
  const filter = filterOf(scope, now)
  const { from, to } = filter
  const [during, before, newestAt] = await Promise.all([
    figuresOfRange({ db }, filter),
    figuresOfRange({ db }, { ...filter, from: new Date(2 * from.getTime() - to.getTime()), to: from }),
    newestUsageAt(db, filter.tenant),
  ])
  return {
    asOf: now.toISOString(),
    from: from.toISOString(),
    to: to.toISOString(),
    during,
    before,
    /** The newest call of the tenant, whenever it was; null when there never was one. */
    newestAt: newestAt?.toISOString() ?? null,
  }
}
export type UsageTotals = Awaited<ReturnType<typeof totalsOfUsage>>

/** Everything that is counted of a range, and its latencies. */
export async function figuresOfRange({ db }: Pick<Stores, 'db'>, filter: UsageFilter) {
  const [figures, latency] = await Promise.all([usageTotals(db, filter), latencyByTime(db, filter, [filter.from])])
  return { ...figures, latencyMs: { ...latency.whole, exact: latency.exact } }
}
export type UsageFiguresOfRange = Awaited<ReturnType<typeof figuresOfRange>>
