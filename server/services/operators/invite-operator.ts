import { randomUUID } from 'node:crypto'
import { insertOperator } from '@/db/postgres/queries/operators'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { InviteOperator } from './operators.schema'
import { newSignInLink } from './sign-in-link'

/** Adds an operator and returns the one-time link to hand over: Engram sends no mail. */
export async function inviteOperator(caller: Caller, { email, name, role }: InviteOperator) {
  return change(caller, 'operators.invite', async (tx) => {
    const id = await insertOperator(tx, { id: randomUUID(), email, name, role })
    if (!id) throw new AppError('conflict', 'Somebody with this address is an operator already.', { field: 'email' })
    const { link, expiresAt } = await newSignInLink(tx, email)
    return { result: { id, link, expiresAt }, audit: { target: id, after: { email, name, role } } }
  })
}
