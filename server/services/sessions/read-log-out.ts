import { selectLogout } from '@/db/postgres/queries/session-logouts'
import type { Stores } from '@/server/services/context'
import { noSuchLogOut } from './log-out'
import { logOutStateOf } from './log-out-state'
import type { LogOutId, LogOutState } from './session-lists.schema'

/** How far a log-out is. @throws AppError `not_found` */
export async function readLogOut({ db }: Pick<Stores, 'db'>, { id }: LogOutId): Promise<LogOutState> {
  const logout = await selectLogout(db, id)
  if (!logout) throw noSuchLogOut()
  return logOutStateOf(logout)
}
