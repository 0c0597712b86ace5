import { memorySettings } from '@/db/postgres/queries/vectors-exit'
import { hnswTenants } from '@/db/postgres/queries/vectors-methods'
import type { Stores } from '@/server/services/context'
import { INDEX_PAYS_ROWS } from '@/server/services/vectors/index-size'
import { forcedBy, needsOf } from './judge-method'

const MOST_LOOKED_AT = 200
const MOST_NAMED = 3

/** Tenants that memory forces to IVFFlat, and why; the largest are named with what either index would take. */
export async function forcedMethods({ db }: Pick<Stores, 'db'>, tenant: string | null) {
  const [memory, tenants] = await Promise.all([
    memorySettings(db),
    hnswTenants(db, { tenant, rows: INDEX_PAYS_ROWS, limit: MOST_LOOKED_AT }),
  ])
  const forced = tenants.flatMap((one) => {
    const needs = needsOf(one, one.rows)
    const why = needs && forcedBy({ needs, indexed: one.indexed }, memory)
    return needs && why ? [{ tenant: one.tenant, why, needs }] : []
  })
  return { tenants: forced.length, largest: forced.slice(0, MOST_NAMED), maintenanceBytes: memory.maintenanceBytes }
}
