import { claimPatternDelete, prunePatternDeletes } from '@/db/postgres/queries/redis-pattern-deletes'
import type { Stores } from '@/server/services/context'
import { runDelete } from '@/server/services/redis-keys/delete-pattern'

/** A worker that deletes says so several times a second. */
const SILENT_MS = 5_000
const RUN_MS = 5 * 60_000
const KEPT_MS = 90 * 24 * 3_600_000

/** Goes on with deletions by pattern, also where the worker that began was killed. */
export async function deleteRedisKeys(stores: Stores): Promise<boolean> {
  const row = await claimPatternDelete(stores.db, new Date(Date.now() - SILENT_MS))
  if (row) await runDelete(stores, row, { untilMs: Date.now() + RUN_MS })
  return row !== null
}

/** Forgets deletions of three months ago; the audit log keeps who asked for them. */
export const pruneRedisDeletes = ({ db }: Pick<Stores, 'db'>) => prunePatternDeletes(db, new Date(Date.now() - KEPT_MS))
