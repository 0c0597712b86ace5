import { listVectors as list, lockBudget, sampledShapes } from '@/db/postgres/queries/vectors-list'
import { idleIndexes, selectMemorySettings } from '@/db/postgres/queries/vectors-sleep'
import type { Stores } from '@/server/services/context'
import { INDEX_PAYS_ROWS, itemsPerPage } from './index-size'
import { forcedMethods } from './methods/forced-methods'
import { COLD_DAYS } from './sleep/sleep.schema'
import type { ListVectors } from './vectors.schema'

const MOST_SHOWN = 200
/** Shares above which they are a verdict: of an index beyond its predicted size, and of dead rows. */
const BLOAT = 0.2
const DEAD_SHARE = 0.05
/** Below it, indexes may be corrupted by vacuum (pgvector's changelog, 0.8.3 and 0.8.4). */
const SAFE_VERSION = '0.8.4'

/**
 * The tenants' memories as they were looked at last, what is wrong among all of them, and what one statement may lock. Every
 * figure is a kept sample or a catalog's.
 */
export async function listVectors({ db }: Pick<Stores, 'db'>, asked: ListVectors) {
  const limits = { indexPaysRows: INDEX_PAYS_ROWS, bloat: BLOAT, deadShare: DEAD_SHARE }
  const search = asked.search?.trim() || null
  const settings = selectMemorySettings(db)
  const perPage = sampledShapes(db).then((shapes) =>
    shapes.map((shape) => ({ ...shape, per_page: itemsPerPage({ ...shape, m: shape.m ?? 0 }) })),
  )
  const [{ tenants, totals }, locks, { sleepAfterDays, keepSearches }, idle, forced] = await Promise.all([
    perPage.then((known) => list(db, { ...asked, search, limit: MOST_SHOWN, limits, perPage: known })),
    lockBudget(db),
    settings,
    settings.then(({ sleepAfterDays: days }) =>
      idleIndexes(db, { days: days ?? COLD_DAYS, tenant: asked.tenant, limit: 3 }),
    ),
    forcedMethods({ db }, asked.tenant),
  ])
  const worstStatement = locks.parents + totals.mostRelations
  return {
    asOf: new Date().toISOString(),
    tenants,
    totals,
    limits,
    forced,
    sleep: { afterDays: sleepAfterDays, idle },
    keepSearches,
    locks: {
      ...locks,
      /** Relations that the widest search of a tenant locks. */
      worstStatement,
      /** What a statement that forgot its tenant would lock: every partition with all that belongs to it. */
      withoutTenant: locks.parents + locks.partitions * Math.max(totals.mostRelations, 1),
    },
    version: {
      installed: locks.version,
      safe: locks.version !== null && !isBelow(locks.version, SAFE_VERSION),
      wanted: SAFE_VERSION,
    },
  }
}
export type VectorsReport = Awaited<ReturnType<typeof listVectors>>

/** Compares dotted numbers; what is no number counts as 0. */
export function isBelow(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (let n = 0; n < Math.max(a?.length ?? 0, b?.length ?? 0); n++) {
    const difference = (a?.[n] ?? 0) - (b?.[n] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
