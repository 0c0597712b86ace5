import { lockOperatorAndAdmins, sessionTokensOf, updateOperator } from '@/db/postgres/queries/operators'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { forgetSessions } from './forget-sessions'
import { keepAnAdmin } from './keep-an-admin'
import type { SetRole } from './operators.schema'

/** Gives an operator another role, which holds from the next request on. */
export async function setRole(caller: Caller, { id, role }: SetRole) {
  const tokens = await change(caller, 'operators.set-role', async (tx) => {
    const { operator, admins } = await lockOperatorAndAdmins(tx, id)
    if (!operator) throw new AppError('not_found', 'There is no such operator.', { field: 'id' })
    if (role !== 'admin') keepAnAdmin(admins, id)
    await updateOperator(tx, id, { role })
    return {
      result: await sessionTokensOf(tx, id),
      audit: { target: id, before: { role: operator.role }, after: { role } },
    }
  })
  await forgetSessions(caller, tokens)
  return { id, role }
}
