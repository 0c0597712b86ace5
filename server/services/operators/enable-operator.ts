import { lockOperatorAndAdmins, updateOperator } from '@/db/postgres/queries/operators'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { OperatorId } from './operators.schema'

/** Lets a disabled operator sign in again, with the role and the password of before. */
export async function enableOperator(caller: Caller, { id }: OperatorId) {
  return change(caller, 'operators.enable', async (tx) => {
    const { operator } = await lockOperatorAndAdmins(tx, id)
    if (!operator) throw new AppError('not_found', 'There is no such operator.', { field: 'id' })
    if (!operator.disabledAt) throw new AppError('conflict', `${operator.name} is not disabled.`, { field: 'id' })
    await updateOperator(tx, id, { disabledAt: null })
    return { result: { id }, audit: { target: id, before: { disabled: true }, after: { disabled: false } } }
  })
}
