import { decideApproval } from '@/db/postgres/queries/approvals'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { moveOf } from './approval-of'
import type { ApproveChange } from './approvals.schema'
import { commitMove } from './commit-move'
import { tellOf } from './move-active-prompt'
import { takePending } from './take-pending'
import { mustBeAnother } from './person-behind'
import type { Activation } from './prompts.schema'

/**
 * Makes the move that somebody else asked for, if what was live then still is. The history names both. @throws AppError
 * `forbidden` to who asked; `conflict` when it was decided already, or overtaken.
 */
export async function approveChange(caller: Caller, { name, id, note }: ApproveChange): Promise<Activation> {
  const { actor } = caller
  const { move, committed } = await change(caller, 'prompts.approve', async (tx) => {
    const request = await takePending(tx, { name, id })
    await mustBeAnother(tx, actor, request)
    const move = moveOf(request)
    const by = {
      kind: request.requestedByKind,
      id: request.requestedById,
      name: `${request.by}, approved by ${actor.name}`,
    }
    const committed = await commitMove(tx, by, move)
    const state = committed ? ('approved' as const) : ('overtaken' as const)
    await decideApproval(tx, { id, state, by: actor.name, note, revision: committed?.revision })
    const after = { channel: move.channel, ...committed?.after, approval: id, state, requestedBy: request.by }
    return { result: { move, committed }, audit: { target: name, before: committed?.before, after, reason: note } }
  })
  if (!committed)
    throw new AppError(
      'conflict',
      `What ${name} serves on ${move.channel} changed since this was asked for. Ask again.`,
    )
  return tellOf(caller, move, committed)
}
