import { keys } from './keys'
import type { RedisStore } from './client'

/** How many sessions have not expired at that moment; O(log n). */
export function countLiveSessions({ commands }: RedisStore, now: number): Promise<number> {
  return commands.zcount(keys.liveSessions(), `(${now}`, '+inf')
}

/** At most this many members in one ZMSCORE: a fraction of a millisecond (R8). */
const IDS_PER_CALL = 500

/** How many of these sessions have not expired at that moment. */
export async function countLiveAmong({ commands }: RedisStore, ids: readonly string[], now: number): Promise<number> {
  let live = 0
  for (let at = 0; at < ids.length; at += IDS_PER_CALL) {
    const scores = await commands.zmscore(keys.liveSessions(), ...ids.slice(at, at + IDS_PER_CALL))
    live += scores.filter((score) => score !== null && Number(score) > now).length
  }
  return live
}

/**
 * Drops up to `limit` ids that expired by `now` and says how many went. By score, not by id: a session that is
 * extended in between has left the range, and is not dropped.
 */
export async function dropExpiredSessions({ commands }: RedisStore, now: number, limit: number): Promise<number> {
  const last = await commands.zrangebyscore(keys.liveSessions(), '-inf', now, 'WITHSCORES', 'LIMIT', limit - 1, 1)
  return commands.zremrangebyscore(keys.liveSessions(), '-inf', last.flat().at(-1) ?? now)
}
