import { insertSlowCommands } from '@/db/postgres/queries/redis-commands'
import { readSlowLog } from '@/db/redis/slow-log'
import type { Stores } from '@/server/services/context'

export const KEEP_SLOW_LOG_EVERY_MS = 5_000

/** Keeps what Redis' slow log forgets; a call adds what is new since the one before and says how many that were. */
export function slowLogKeeper({ db, redis }: Stores) {
  const newest = new Map<string, number>()
  return async (): Promise<number> => {
    if (!redis.healthy()) return 0
    const entries = await readSlowLog(redis, newest)
    const added = await insertSlowCommands(db, entries)
    for (const { runId, id } of entries) newest.set(runId, Math.max(id, newest.get(runId) ?? -1))
    return added
  }
}
