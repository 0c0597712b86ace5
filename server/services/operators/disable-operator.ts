import { deleteSessionsOf, lockOperatorAndAdmins, updateOperator } from '@/db/postgres/queries/operators'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { forgetSessions } from './forget-sessions'
import { keepAnAdmin } from './keep-an-admin'
import type { OperatorId } from './operators.schema'

/** Locks an operator out: sessions end at once, and no password or link works any more. What they did stays on record. */
export async function disableOperator(caller: Caller, { id }: OperatorId) {
  const tokens = await change(caller, 'operators.disable', async (tx) => {
    const { operator, admins } = await lockOperatorAndAdmins(tx, id)
    if (!operator) throw new AppError('not_found', 'There is no such operator.', { field: 'id' })
    if (operator.disabledAt) throw new AppError('conflict', `${operator.name} is disabled already.`, { field: 'id' })
    keepAnAdmin(admins, id)
    await updateOperator(tx, id, { disabledAt: new Date() })
    const ended = await deleteSessionsOf(tx, id)
    return { result: ended, audit: { target: id, after: { disabled: true, sessionsEnded: ended.length } } }
  })
  await forgetSessions(caller, tokens)
  return { id, sessionsEnded: tokens.length }
}
