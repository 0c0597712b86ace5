import { selectOperatorByEmail } from '@/db/postgres/queries/operators'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { newSignInLink } from './sign-in-link'

/** A one-time link for somebody who is an operator already: the way back in for who has lost the password. */
export async function createSignInLink(caller: Caller, { email }: { email: string }) {
  return change(caller, 'operators.create-sign-in-link', async (tx) => {
    const operator = await selectOperatorByEmail(tx, email)
    if (!operator) throw new AppError('not_found', 'No operator has this address.', { field: 'email' })
    if (operator.disabledAt)
      throw new AppError('conflict', `${operator.name} is disabled and cannot sign in.`, { field: 'email' })
    return { result: await newSignInLink(tx, email), audit: { target: operator.id, after: { email } } }
  })
}
