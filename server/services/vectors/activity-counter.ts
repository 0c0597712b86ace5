import { binOfMs } from '@/db/postgres/queries/latency-bins'
import { saveActivity } from '@/db/postgres/queries/vectors-activity'
import type { Stores } from '@/server/services/context'
import { type Running, runningTotals } from '@/server/services/running-totals'
import { ensureTenants } from '@/server/services/tenants/ensure-tenants'

type Total = Running & {
  tenant: string
  simulated: boolean
  searches: number
  cached: number
  bins: Record<string, number>
  kinds: Record<string, number>
  added: number
  updated: number
  deleted: number
}
type Wrote = { added: number; updated: number; deleted: number; simulated: boolean }

/** While Postgres is gone, totals wait in memory. */
const MAX_WAITING = 50_000
/** Of a tenant in a minute; the first ones that come. */
const MOST_KINDS = 20

/** Counts what is done with each tenant's memory, per minute. */
export function activityCounter({ db }: Pick<Stores, 'db'>, now: () => number = Date.now) {
  const { totals, thisMinute, flush } = runningTotals<Total>(async (process, changed) => {
    for (const simulated of [true, false]) {
      const slugs = changed.filter((total) => total.simulated === simulated).map(({ tenant }) => tenant)
      await ensureTenants({ db }, { slugs, simulated })
    }
    await saveActivity(db, process, changed.map(rowOf))
  }, now)

  const count = (tenant: string, simulated: boolean, add: (total: Total) => void) => {
    const minute = thisMinute()
    const name = `${minute} ${tenant}`
    let total = totals.get(name)
    if (!total) {
      if (totals.size >= MAX_WAITING) return
      const none = { searches: 0, cached: 0, bins: {}, kinds: {}, added: 0, updated: 0, deleted: 0 }
      totals.set(name, (total = { minute, tenant, simulated, ...none, changed: true }))
    }
    add(total)
    total.changed = true
  }

  return {
    /** `ms` is null for what Redis answered; `kind` is what the search filtered on. */
    searched: (tenant: string, { ms, kind, simulated }: { ms: number | null; kind?: string; simulated: boolean }) =>
      count(tenant, simulated, (total) => {
        total.searches++
        if (ms === null) return void total.cached++
        const bin = String(binOfMs(ms))
        total.bins[bin] = (total.bins[bin] ?? 0) + 1
        if (kind === undefined) return
        const known = Object.hasOwn(total.kinds, kind)
        if (known || Object.keys(total.kinds).length < MOST_KINDS)
          total.kinds[kind] = known ? (total.kinds[kind] ?? 0) + 1 : 1
      }),
    wrote: (tenant: string, { added, updated, deleted, simulated }: Wrote) =>
      count(tenant, simulated, (total) => {
        total.added += added
        total.updated += updated
        total.deleted += deleted
      }),
    /** The tenant was erased: what was counted for it before goes with it. */
    forget(tenant: string) {
      for (const [name, total] of totals) if (total.tenant === tenant) totals.delete(name)
    },
    flush,
  }
}
export type ActivityCounter = ReturnType<typeof activityCounter>

const rowOf = ({ minute, simulated: _, changed: __, ...total }: Total) => ({
  minute: new Date(minute).toISOString(),
  ...total,
})
