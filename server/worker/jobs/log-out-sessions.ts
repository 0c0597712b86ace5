import { pruneTakenKeys } from '@/db/postgres/queries/session-logout-keys'
import { claimSilentLogout, pruneLogouts } from '@/db/postgres/queries/session-logouts'
import type { Stores } from '@/server/services/context'
import { runLogOut } from '@/server/services/sessions/log-out'

/** A process that works on a log-out says so several times a second. */
const SILENT_MS = 2_000
const RUN_MS = 5 * 60_000
const KEPT_MS = 90 * 24 * 3_600_000
/** Longer than any key waits for an undo. */
const TAKEN_KEPT_MS = 3_600_000

/** Goes on with log-outs of many sessions, also where the process that began died. */
export async function logOutSessions(stores: Stores): Promise<boolean> {
  if (!stores.redis.healthy()) return false
  const logout = await claimSilentLogout(stores.db, new Date(Date.now() - SILENT_MS))
  if (logout) await runLogOut(stores, logout, { untilMs: Date.now() + RUN_MS })
  return logout !== null
}

/** Forgets log-outs of three months ago; the audit log keeps who did them. */
export async function pruneLogOuts({ db }: Pick<Stores, 'db'>): Promise<void> {
  await pruneTakenKeys(db, new Date(Date.now() - TAKEN_KEPT_MS))
  await pruneLogouts(db, new Date(Date.now() - KEPT_MS))
}
