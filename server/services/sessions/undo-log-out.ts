import type { Transaction } from '@/db/postgres/client'
import { lockLogout, selectLogout, updateLogout } from '@/db/postgres/queries/session-logouts'
import { restoreTableSessions } from '@/db/postgres/queries/table-session-lists'
import { isTaken } from '@/db/postgres/taken'
import { sessionShards } from '@/db/redis/keys'
import { type Restored, restoreSome } from '@/db/redis/logged-out'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { askRedis, type OpenedRedis, redisOf } from '@/server/services/redis-keys/redis-of'
import { StoredForeign } from './foreign/foreign-sessions.schema'
import { requireWritable } from './foreign/session-family'
import { restoreForeign } from './foreign/take-foreign'
import { noSuchLogOut } from './log-out'
import { GRACE_MS, UNDO_MS } from './log-out-state'
import type { LogOutId } from './session-lists.schema'
import { sessionTruth } from './session-truth'

/**
 * Brings back what a log-out took, with the data, the turns and the time that were left; an id under which a session was
 * begun meanwhile keeps the new one. @throws AppError `conflict` when it is not over or too long ago
 */
export async function undoLogOut(caller: Caller, { id }: LogOutId): Promise<Restored> {
  requireRole(caller.actor, 'sessions.undo-log-out')
  const others = await redisOfOthers(caller, id)
  return change(caller, 'sessions.undo-log-out', async (tx) => {
    const logout = await lockLogout(tx, id)
    if (!logout) throw noSuchLogOut()
    if (!logout.finishedAt) throw new AppError('conflict', 'This log-out is under way: cancel it first.')
    if (Date.now() > logout.finishedAt.getTime() + UNDO_MS + GRACE_MS)
      throw new AppError('conflict', 'A log-out can be undone for 30 seconds; these are over.')
    const total = others
      ? await askRedis(others, () => restoreForeign(tx, others, id))
      : await restoreOwn(caller, tx, id)
    const restored = (logout.restored ?? 0) + total.restored
    await updateLogout(tx, id, { undoneAt: new Date(), restored })
    return { result: total, audit: { target: `log-out ${id}`, after: total } }
  })
}

/** A session that is begun under one of the ids at this moment makes Postgres refuse: looked at again, it stays. */
async function restoreInTable(tx: Transaction, logout: string, tries = 3): Promise<Restored> {
  try {
    return await tx.transaction((part) => restoreTableSessions(part, logout))
  } catch (error) {
    if (tries === 1 || !isTaken(error)) throw error
    return restoreInTable(tx, logout, tries - 1)
  }
}

async function restoreOwn({ redis }: Caller, tx: Transaction, logout: string): Promise<Restored> {
  const total: Restored = await restoreInTable(tx, logout)
  await sessionTruth(redis, async () => {
    for (const shard of sessionShards) {
      for (;;) {
        const some = await restoreSome(redis, { logout, shard })
        if (some === null) break
        total.restored += some.restored
        total.taken += some.taken
        total.expired += some.expired
      }
    }
  })
  return total
}

/** The Redis of other software whose sessions were logged out; null for our own. Opened before the transaction that holds the row. */
async function redisOfOthers(caller: Caller, id: string): Promise<OpenedRedis | null> {
  const logout = await selectLogout(caller.db, id)
  const { data } = StoredForeign.safeParse(logout?.filter)
  if (!data) return null
  const opened = await redisOf(caller, data.foreign.connection)
  requireWritable(opened)
  return opened
}
