import {
  finishLogout,
  insertLogout,
  noteProgress,
  selectLogout,
  troubleLogout,
} from '@/db/postgres/queries/session-logouts'
import { countKeys, LostPlaceError } from '@/db/redis/key-scan'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller, Stores } from '@/server/services/context'
import { askRedis, type OpenedRedis } from '@/server/services/redis-keys/redis-of'
import { keyText } from '@/server/services/redis-keys/key-text.schema'
import {
  INLINE_MS,
  KEEP_FEW_MS,
  KEEP_MANY_MS,
  logOutStateOf,
  MOST_WALKS,
  TELL_EVERY_MS,
} from '@/server/services/sessions/log-out-state'
import { noSession } from '@/server/services/sessions/no-session'
import type { LogOutState } from '@/server/services/sessions/session-lists.schema'
import type { ForeignLogOut } from './foreign-sessions.schema'
import { openFamily, requireWritable, type SessionFamily } from './session-family'
import { takeForeign } from './take-foreign'
import { walkForeign } from './walk-foreign'

/**
 * Logs out sessions of other software: those keys, or every one of a user or of the family. What is left after three seconds,
 * the worker does. @throws AppError `forbidden` where its Redis is read-only, `not_found` when a single key is none
 */
export async function logOutForeign(caller: Caller, input: ForeignLogOut): Promise<LogOutState> {
  requireRole(caller.actor, 'sessions.log-out')
  const { opened, family } = await openFamily(caller, input)
  requireWritable(opened)
  const foreign = (input.keys ?? []).find((key) => !family.owns(Buffer.from(key, 'base64url')))
  if (foreign !== undefined)
    throw new AppError('bad_request', `keys: must be keys of ${family.name}`, { field: 'keys' })
  const ofSessions = await askRedis(opened, () => countKeys(opened.redis))
  // The intention first: nothing is logged out without its audit row, whatever dies in between.
  const id = await change(caller, 'sessions.log-out', async (tx) => {
    const logout = await insertLogout(tx, { filter: { foreign: input }, ofSessions, by: caller.actor.name })
    return { result: logout.id, audit: { target: targetOf(opened, input), after: { id: logout.id, ...input } } }
  })
  await runForeign(caller, { id, input }, { untilMs: Date.now() + INLINE_MS })
  const state = await selectLogout(caller.db, id)
  if (!state) throw new Error('the log-out that was just made is gone')
  if (state.problem !== null)
    throw state.finishedAt === null
      ? new AppError('unavailable', `${state.problem} What is left is tried again by itself.`)
      : new AppError('conflict', state.problem)
  if (input.keys?.length === 1 && state.loggedOut === 0) throw noSession()
  return logOutStateOf(state)
}

/**
 * Goes on with a log-out until it is over, cancelled, or `untilMs` (epoch) has come; safe to begin anew at any point. What is
 * wrong with its Redis is noted: what may pass is tried again by the worker.
 */
export async function runForeign(
  stores: Stores,
  logout: { id: string; input: ForeignLogOut },
  { untilMs }: { untilMs: number },
): Promise<void> {
  try {
    const { opened, family } = await openFamily(stores, logout.input)
    requireWritable(opened)
    await askRedis(opened, () => walk(stores, opened, family, { ...logout, untilMs }))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'unavailable') await troubleLogout(stores.db, logout.id, error.message)
    else await finishLogout(stores.db, logout.id, error.message)
  }
}

type Running = { id: string; input: ForeignLogOut; untilMs: number }

async function walk({ db }: Stores, opened: OpenedRedis, family: SessionFamily, running: Running): Promise<void> {
  const { id: logout, untilMs } = running
  const { keys, user } = running.input
  if (!(await noteProgress(db, logout, { examined: 0, more: 0 }))) return finishLogout(db, logout)
  if (keys !== null) {
    const named = [...new Set(keys)].map((key) => Buffer.from(key, 'base64url'))
    const out = await takeForeign(db, opened, family, { logout, keys: named, user, keepMs: KEEP_FEW_MS })
    await noteProgress(db, logout, { examined: named.length, more: out })
    return finishLogout(db, logout)
  }
  let [more, toldAt, most] = [0, Date.now(), 0]
  for (let walked = 1; walked <= MOST_WALKS; walked++) {
    let [looked, taken] = [0, 0]
    const tell = async () => {
      const goesOn = await noteProgress(db, logout, { examined: (most = Math.max(most, looked)), more })
      ;[more, toldAt] = [0, Date.now()]
      return goesOn
    }
    try {
      for await (const { sessions, looked: some } of walkForeign(opened, family, { user, cursor: null })) {
        const found = sessions.map(({ key }) => key)
        const out = await takeForeign(db, opened, family, { logout, keys: found, user, keepMs: KEEP_MANY_MS })
        looked += some
        taken += out
        more += out
        if (Date.now() - toldAt < TELL_EVERY_MS) continue
        if (!(await tell())) return finishLogout(db, logout)
        // The worker goes on with it: from the beginning, where those that are out are no longer.
        if (Date.now() >= untilMs) return
      }
    } catch (error) {
      // Where the nodes of a cluster changed, the next walk begins anew.
      if (error instanceof LostPlaceError) continue
      await tell()
      throw error
    }
    if (!(await tell()) || taken === 0) break
  }
  await finishLogout(db, logout)
}

const AUDIT_CHARACTERS = 200

/** What the audit row is about, short enough to read. */
function targetOf({ name }: OpenedRedis, { family, keys, user }: ForeignLogOut): string {
  const [only] = keys ?? []
  if (keys && keys.length === 1 && only !== undefined)
    return `${name}: session ${keyText(Buffer.from(only, 'base64url'), AUDIT_CHARACTERS)}`
  if (keys) return `${name}: ${keys.length} sessions of ${family}`
  return user === null ? `${name}: every session of ${family}` : `${name}: sessions of ${family}, user ${user}`
}
