import { type LimitTotal, saveLimitTotals } from '@/db/postgres/queries/limit-counts'
import type { Stores } from '@/server/services/context'
import { type Running, runningTotals } from '@/server/services/running-totals'
import { ensureTenants } from '@/server/services/tenants/ensure-tenants'

/** Totals that wait in memory; more subjects than that in one minute are not told apart, but counted as `others`. */
const MAX_WAITING = 50_000
export const OTHERS = '(others)'

type Total = Omit<LimitTotal, 'minute'> & Running & { simulated: boolean }
type Seen = { admitted: boolean; points: number; byPostgres: boolean; simulated: boolean }

/** Counts what was asked of limits, per minute and subject. */
export function limitCounter({ db }: Pick<Stores, 'db'>, now: () => number = Date.now) {
  const { totals, thisMinute, flush } = runningTotals<Total>(async (process, changed) => {
    await registerTenants(db, changed)
    await saveLimitTotals(db, process, changed.map(rowOf))
  }, now)

  const totalOf = (policyId: string, tenant: string, subject: string): Total => {
    const minute = thisMinute()
    const name = JSON.stringify([minute, policyId, tenant, subject])
    const known = totals.get(name)
    if (known) return known
    if (totals.size >= MAX_WAITING && subject !== OTHERS) return totalOf(policyId, tenant, OTHERS)
    const none = { admitted: 0, admittedPoints: 0, refused: 0, refusedPoints: 0, byPostgres: 0 }
    const state = { simulated: false, changed: false }
    const total = { minute, policyId, tenant, subject, ...none, ...state }
    totals.set(name, total)
    return total
  }

  return {
    count(
      { policyId, tenant, subject }: { policyId: string; tenant: string; subject: string },
      { admitted, points, byPostgres, simulated }: Seen,
    ) {
      const total = totalOf(policyId, tenant, subject)
      total[admitted ? 'admitted' : 'refused']++
      total[admitted ? 'admittedPoints' : 'refusedPoints'] += points
      if (byPostgres) total.byPostgres++
      total.simulated = simulated
      total.changed = true
    },
    /** The tenant was erased: what was counted for it before goes with it. */
    forget(tenant: string) {
      for (const [name, total] of totals) if (total.tenant === tenant) totals.delete(name)
    },
    flush,
  }
}

export type LimitCounts = ReturnType<typeof limitCounter>

const rowOf = ({ minute, simulated: _, changed: __, ...total }: Total): LimitTotal => ({
  ...total,
  minute: new Date(minute).toISOString(),
})

async function registerTenants(db: Stores['db'], totals: Total[]): Promise<void> {
  for (const simulated of [true, false]) {
    const named = totals.filter((total) => total.tenant !== '' && total.simulated === simulated)
    await ensureTenants({ db }, { slugs: named.map(({ tenant }) => tenant), simulated })
  }
}
