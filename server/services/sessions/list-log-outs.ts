import { type Logout, selectLogouts } from '@/db/postgres/queries/session-logouts'
import type { Stores } from '@/server/services/context'
import { StoredForeign } from './foreign/foreign-sessions.schema'
import { logOutStateOf } from './log-out-state'
import { LogOut } from './session-lists.schema'

const LISTED = 5

/** A log-out with what it was of: sessions of Engram's own, or of other software. */
export const shownLogOut = (logout: Logout) => ({
  ...logOutStateOf(logout),
  of: LogOut.safeParse(logout.filter).data ?? null,
  ofOthers: StoredForeign.safeParse(logout.filter).data?.foreign ?? null,
})
export type ShownLogOut = ReturnType<typeof shownLogOut>

/** The last ones, newest first. */
export async function listLogOuts({ db }: Pick<Stores, 'db'>): Promise<ShownLogOut[]> {
  return (await selectLogouts(db, { limit: LISTED })).map(shownLogOut)
}
