import { MOST_POLICIES, selectLimitsAt } from '@/db/postgres/queries/limits'
import type { Stores } from '@/server/services/context'
import type { LimitsAt } from './limits.schema'

/** What held of every limit at an instant: for everybody, or for one tenant, and since when by whom. */
export async function limitsAt({ db }: Pick<Stores, 'db'>, { at, tenant }: LimitsAt) {
  const rows = await selectLimitsAt(db, { at, tenant, limit: MOST_POLICIES })
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }))
}
export type LimitAt = Awaited<ReturnType<typeof limitsAt>>[number]
