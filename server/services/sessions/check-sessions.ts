import { insertSessionCheck, pruneSessionChecks } from '@/db/postgres/queries/session-checks'
import { addSessionsWithoutIndex, dropIndexedWithoutSession } from '@/db/redis/session-index'
import type { Stores } from '@/server/services/context'
import { bringHome } from './bring-home'

const KEPT_MS = 30 * 24 * 3_600_000

/**
 * Holds the index of live sessions against the sessions themselves, both ways, puts right what differs and keeps what was
 * found; likewise what lies in a store in which nobody looks for it. Left alone, a session that the index does not know would live through every log-out by filter.
 */
export async function checkSessions(stores: Stores, now = Date.now()): Promise<void> {
  const { db, redis } = stores
  const { indexed, dropped } = await dropIndexedWithoutSession(redis, now)
  const { sessions, added, junk, junkKeys, keysScanned } = await addSessionsWithoutIndex(redis)
  const misplaced = await bringHome(stores)
  await insertSessionCheck(db, {
    at: new Date(now),
    milliseconds: Date.now() - now,
    ...{ keysScanned, sessions, indexed, junk, misplaced },
    indexedWithoutSession: dropped,
    sessionsWithoutIndex: added,
    // Postgres holds no NUL, and somebody else made these names.
    junkKeys: junkKeys.map((key) => JSON.stringify(key).slice(1, -1)),
  })
  await pruneSessionChecks(db, new Date(now - KEPT_MS))
}
