import {
  finishLogout,
  insertLogout,
  type Logout,
  noteProgress,
  selectLogout,
} from '@/db/postgres/queries/session-logouts'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller, Stores } from '@/server/services/context'
import { StoredForeign } from './foreign/foreign-sessions.schema'
import { runForeign } from './foreign/log-out-foreign'
import { liveCount } from './live-count'
import { logOutEach } from './log-out-each'
import { INLINE_MS, KEEP_FEW_MS, KEEP_MANY_MS, logOutStateOf, MOST_WALKS, TELL_EVERY_MS } from './log-out-state'
import { matchSessions } from './match-sessions'
import { noSession } from './no-session'
import { LogOut, type LogOutState } from './session-lists.schema'
import { sessionTruth } from './session-truth'
import { walkSessions } from './walk-sessions'

/**
 * Logs out sessions by id, or every one that meets the conditions: each is unreadable everywhere from its turn on, and all
 * of them when this answers `done`. Many are finished by the worker; `state` says how far it is.
 * @throws AppError `not_found` when a single id is none, `unavailable` while Redis does not answer
 */
export async function logOut(caller: Caller, input: LogOut): Promise<LogOutState> {
  const ofSessions = await sessionTruth(caller.redis, () => liveCount(caller, Date.now()))
  // The intention first: nothing is logged out without its audit row, whatever dies in between.
  const started = await change(caller, 'sessions.log-out', async (tx) => {
    const logout = await insertLogout(tx, { filter: input, ofSessions, by: caller.actor.name })
    return { result: logout, audit: { target: targetOf(input), after: { id: logout.id, ...givenOf(input) } } }
  })
  if (input.ids === null) await runLogOut(caller, started, { untilMs: Date.now() + INLINE_MS })
  else await logOutByIds(caller, started.id, input.ids)
  const state = await selectLogout(caller.db, started.id)
  if (!state) throw new Error('the log-out that was just made is gone')
  if (input.ids?.length === 1 && state.loggedOut === 0) throw noSession()
  return logOutStateOf(state)
}

async function logOutByIds(stores: Stores, logout: string, ids: readonly string[]): Promise<void> {
  const sessions = [...new Set(ids)].map((id) => ({ id, begun: null }))
  const out = await sessionTruth(stores.redis, () => logOutEach(stores, { logout, sessions, keepMs: KEEP_FEW_MS }))
  await noteProgress(stores.db, logout, { examined: sessions.length, more: out })
  await finishLogout(stores.db, logout)
}

/** Goes on with a log-out until it is over, cancelled, or `untilMs` (epoch) has come; safe to begin anew at any point. */
export async function runLogOut(
  stores: Stores,
  { id: logout, filter }: Pick<Logout, 'id' | 'filter'>,
  { untilMs }: { untilMs: number },
): Promise<void> {
  const { data: ofOthers } = StoredForeign.safeParse(filter)
  if (ofOthers) return runForeign(stores, { id: logout, input: ofOthers.foreign }, { untilMs })
  const { ids, everything: _, ...conditions } = LogOut.parse(filter)
  if (!(await noteProgress(stores.db, logout, { examined: 0, more: 0 }))) return finishLogout(stores.db, logout)
  if (ids !== null) return logOutByIds(stores, logout, ids)
  let toldAt = Date.now()
  let more = 0
  let looked = 0
  for (let walk = 1; walk <= MOST_WALKS; walk++) {
    const now = Date.now()
    let [examined, taken] = [0, 0]
    const goesOn = await sessionTruth(stores.redis, async () => {
      for await (const step of walkSessions(stores, { now, whose: conditions })) {
        const found = await matchSessions(stores, step.sessions, conditions, now)
        const out = await logOutEach(stores, { logout, sessions: found, keepMs: KEEP_MANY_MS })
        examined += step.examined
        looked = Math.max(looked, examined)
        taken += out
        more += out
        if (Date.now() - toldAt < TELL_EVERY_MS) continue
        if (!(await noteProgress(stores.db, logout, { examined: looked, more }))) return false
        ;[more, toldAt] = [0, Date.now()]
        // The worker goes on with it: from the beginning, where those that are out are no longer.
        if (Date.now() >= untilMs) return null
      }
      return true
    })
    if (goesOn === null) return
    const wanted = await noteProgress(stores.db, logout, { examined: looked, more })
    more = 0
    if (!goesOn || !wanted || taken === 0) break
  }
  await finishLogout(stores.db, logout)
}

const givenOf = (input: LogOut) => Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))

/** What the audit row is about, short enough to read. */
function targetOf({ ids, everything, ...conditions }: LogOut): string {
  if (ids) return ids.length === 1 ? `session ${ids[0] ?? ''}` : `${ids.length} sessions`
  const given = Object.entries(conditions).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]))
  return given.length === 0 && everything ? 'every session' : `sessions of ${given.join(', ')}`
}

export const noSuchLogOut = () => new AppError('not_found', 'There is no such log-out.', { field: 'id' })
