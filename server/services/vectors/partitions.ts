import { type Partition, selectPartition } from '@/db/postgres/queries/vectors-partitions'
import type { Space } from '@/db/postgres/queries/vectors-space'
import type { Stores } from '@/server/services/context'

/** Every search needs them, and they change when an operator says so: a second old is new enough. */
const FRESH_MS = 1_000
const MOST_KEPT = 10_000
type Kept = { at: number; partition: Promise<Partition | null>; last: Partition | null }
const kept = new WeakMap<Stores['db'], Map<string, Kept>>()

/**
 * A tenant's partition and settings, at most a second old; null where it has none yet. While Postgres does not answer they
 * stay as they were seen last, so that searches that Redis knows go on (R5).
 */
export function partitionOf({ db }: Pick<Stores, 'db'>, tenant: string): Promise<Partition | null> {
  const all = kept.get(db) ?? new Map<string, Kept>()
  kept.set(db, all)
  const known = all.get(tenant)
  if (known && performance.now() - known.at < FRESH_MS) return known.partition
  if (all.size >= MOST_KEPT) all.clear()
  const last = known?.last ?? null
  const partition = selectPartition(db, tenant).then(
    (found) => {
      entry.last = found
      return found
    },
    (error: unknown) => {
      if (last) return last
      all.delete(tenant)
      throw error
    },
  )
  const entry: Kept = { at: performance.now(), partition, last }
  all.set(tenant, entry)
  return partition
}

/** What this process just changed is asked for anew. */
export const forgetPartition = ({ db }: Pick<Stores, 'db'>, tenant: string) => void kept.get(db)?.delete(tenant)

/** Null while there was never an item. */
export const spaceOf = ({
  activeColumn: column,
  dimensions,
  metric,
  indexType,
}: Pick<Partition, 'activeColumn' | 'dimensions' | 'metric' | 'indexType'>): Space | null =>
  dimensions === null ? null : { column, dimensions, metric, indexType }
