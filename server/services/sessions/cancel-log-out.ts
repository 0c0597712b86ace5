import { lockLogout, updateLogout } from '@/db/postgres/queries/session-logouts'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { noSuchLogOut } from './log-out'
import type { LogOutId } from './session-lists.schema'

/** Stops a log-out at its next step; what it took so far stays out, and can be undone. */
export async function cancelLogOut(caller: Caller, { id }: LogOutId): Promise<{ id: string }> {
  return change(caller, 'sessions.cancel-log-out', async (tx) => {
    const logout = await lockLogout(tx, id)
    if (!logout) throw noSuchLogOut()
    if (logout.finishedAt) throw new AppError('conflict', 'This log-out is over already.')
    await updateLogout(tx, id, { state: 'cancelled' })
    return { result: { id }, audit: { target: `log-out ${id}`, before: { loggedOut: logout.loggedOut } } }
  })
}
