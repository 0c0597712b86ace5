import {
  addPartition,
  reattachPartition,
  tenantsLeftBehind,
  tenantsWithoutPartition,
} from '@/db/postgres/queries/vectors-partitions'
import { sweepLoadTables } from '@/db/postgres/queries/vectors-load'
import { finishMemoryNotes, pendingMemoryNotes, tenantsChangedSince } from '@/db/postgres/queries/vectors-notes'
import { families } from '@/db/redis/keys'
import { voidSearches } from '@/db/redis/vectors'
import type { Stores } from '@/server/services/context'

const TENANTS_PER_RUN = 50
/** Longer than any erasure may take (see erase-tenant.ts). */
const LEFT_BEHIND_MS = 15 * 60_000
const NOTES_PER_RUN = 100
const MOST_TENANTS = 10_000

/**
 * Gives every registered tenant its partition, and back what a failed erasure took out, each in its own transaction; and takes
 * away what loads left that nobody does any more.
 */
export async function keepPartitions({ db }: Pick<Stores, 'db'>): Promise<number> {
  const missing = await tenantsWithoutPartition(db, TENANTS_PER_RUN)
  for (const tenant of missing) await addPartition(db, tenant)
  for (const tenant of await tenantsLeftBehind(db, new Date(Date.now() - LEFT_BEHIND_MS)))
    await reattachPartition(db, tenant)
  await sweepLoadTables(db)
  return missing.length
}

/**
 * R4: voids kept answers where Redis did not hear of a write, and after each of its outages those of every tenant that was
 * written to lately: it may have come back as it was before.
 */
export function searchVoider({ db, redis }: Stores) {
  let toldSince: number | null = null
  return async (): Promise<number> => {
    const upSince = redis.upSince()
    if (upSince === null) return 0
    if (upSince !== toldSince) {
      const since = new Date(Date.now() - 2 * families.memory.ttlSeconds * 1_000)
      for (const tenant of await tenantsChangedSince(db, since, MOST_TENANTS)) await voidSearches(redis, tenant)
      toldSince = upSince
    }
    const notes = await pendingMemoryNotes(db, NOTES_PER_RUN)
    for (const note of notes) {
      await voidSearches(redis, note.tenant)
      await finishMemoryNotes(db, note)
    }
    return notes.length
  }
}
