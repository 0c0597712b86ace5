import { latencyMs, usageTotals } from '@/db/postgres/queries/usage'
import type { Stores } from '@/server/services/context'
import { filterOf } from './view-filter'
import type { UsageView } from './usage.schema'

/** The figures of a range beside those of the range as long before it; latencies are of model calls, in milliseconds. */
export async function totalsOfUsage({ db }: Pick<Stores, 'db'>, view: UsageView) {
  const filter = filterOf(view)
  const length = view.to.getTime() - view.from.getTime()
  const before = { ...filter, from: new Date(view.from.getTime() - length), to: view.from }
  const [totals, latency, totalsBefore, latencyBefore] = await Promise.all([
    usageTotals(db, filter),
    latencyMs(db, filter),
    usageTotals(db, before),
    latencyMs(db, before),
  ])
  return {
    now: { ...totals, latencyMs: latency },
    before: { ...totalsBefore, latencyMs: latencyBefore },
    asOf: new Date().toISOString(),
  }
}
export type UsageTotals = Awaited<ReturnType<typeof totalsOfUsage>>
