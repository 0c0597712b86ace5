import type { Transaction } from '@/db/postgres/client'
import { type ApprovalRow } from '@/db/postgres/queries/approvals'
import { selectKeyMaker } from '@/db/postgres/queries/keys'
import { AppError } from '@/server/errors'
import type { Actor } from '@/server/services/context'

/** The id of the operator who acts: a key acts for whoever made it. */
export async function personBehind(tx: Transaction, actor: Actor): Promise<string> {
  if (actor.kind !== 'key') return actor.id
  const maker = await selectKeyMaker(tx, actor.id)
  if (maker === null) throw new AppError('forbidden', 'This key is no longer known, so nobody stands behind it.')
  return maker
}

/** Two-person approval takes two people, whichever keys they use. @throws AppError `forbidden`. */
export async function mustBeAnother(tx: Transaction, actor: Actor, { by, ...request }: ApprovalRow): Promise<void> {
  if ((await personBehind(tx, actor)) !== request.requestedByPerson) return
  if (actor.id === request.requestedById)
    throw new AppError('forbidden', 'You asked for this change yourself. Somebody else has to approve it.')
  throw new AppError(
    'forbidden',
    actor.kind === 'key'
      ? `The key ${actor.name} acts for the same person as ${by}, who asked for this change. Somebody else has to approve it.`
      : `You made the key ${by}, which asked for this change. Somebody else has to approve it.`,
  )
}
