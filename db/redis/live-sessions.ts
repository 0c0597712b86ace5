import { keys } from './keys'
import type { RedisStore } from './client'

/** How many sessions have not expired at that moment; O(log n). */
export function countLiveSessions({ commands }: RedisStore, now: number): Promise<number> {
  return commands.zcount(keys.liveSessions(), `(${now}`, '+inf')
}

/**
 * Drops up to `limit` ids that expired by `now` and says how many went. By score, not by id: a session that is
 * extended in between has left the range, and is not dropped.
 */
export async function dropExpiredSessions({ commands }: RedisStore, now: number, limit: number): Promise<number> {
  const last = await commands.zrangebyscore(keys.liveSessions(), '-inf', now, 'WITHSCORES', 'LIMIT', limit - 1, 1)
  return commands.zremrangebyscore(keys.liveSessions(), '-inf', last.flat().at(-1) ?? now)
}
