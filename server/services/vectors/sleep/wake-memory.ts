import type { Partition } from '@/db/postgres/queries/vectors-partitions'
import { wantIndex } from '@/db/postgres/queries/vectors-sleep'
import type { IndexWantedBy } from '@/db/postgres/schema/memory'
import type { Stores } from '@/server/services/context'
import { forgetPartition } from '@/server/services/vectors/partitions'

const waking = new Set<string>()

/**
 * Wakes a tenant that sleeps: the worker builds its index again. Whoever searches does not wait for that; a mark that fails
 * is made by the next search.
 */
export function wakeMemory(stores: Pick<Stores, 'db'>, partition: Partition, by: IndexWantedBy): void {
  const { tenant, indexOff, indexWantedBy } = partition
  if (!indexOff || indexWantedBy !== null || waking.has(tenant)) return
  waking.add(tenant)
  void wantIndex(stores.db, { tenant, by })
    .then(
      () => forgetPartition(stores, tenant),
      () => {},
    )
    .finally(() => waking.delete(tenant))
}
