import type { Transaction } from '@/db/postgres/client'
import { type ApprovalRow, decideApproval, lockPendingApproval } from '@/db/postgres/queries/approvals'
import { requiresApproval } from '@/db/postgres/queries/channels'
import { AppError } from '@/server/errors'
import type { Actor } from '@/server/services/context'
import type { Move } from './commit-move'

/** A move that needs a second person. Who catches it can ask for that (or-ask.ts); the move itself was undone. */
export class ApprovalNeeded extends AppError {
  override name = 'ApprovalNeeded'
  constructor(readonly move: Move) {
    super('conflict', `Changes on ${move.channel} need the approval of a second person.`, { field: 'channel' })
  }
}

/**
 * Stands before every move, in its transaction, so that nobody can change the rule meanwhile. A rollback never waits, nor
 * does Engram's own step of a rollout that somebody was allowed to start. @throws AppError `conflict` while another change
 * waits for approval; ApprovalNeeded.
 */
export async function approvalGate(tx: Transaction, actor: Pick<Actor, 'kind'>, move: Move): Promise<void> {
  const mayWait = move.kind !== 'rollback' && actor.kind !== 'system'
  await makeWay(tx, move, mayWait)
  if (mayWait && (await requiresApproval(tx, move.channel))) throw new ApprovalNeeded(move)
}

/** What waits on the channel stands in the way, unless this move overtakes it or something else did. */
export async function makeWay(tx: Transaction, move: Move, respectful: boolean): Promise<void> {
  const waiting = await lockPendingApproval(tx, move)
  if (!waiting) return
  const overtaken = waiting.liveRevision !== (move.from?.revision ?? 0)
  if (respectful && !overtaken) throw beingApproved(waiting)
  await decideApproval(tx, { id: waiting.id, state: 'overtaken', by: null })
}

export const beingApproved = ({ by, requestedAt, channel, version }: ApprovalRow) =>
  new AppError(
    'conflict',
    `${by} asked at ${requestedAt.toISOString()} for v${version} on ${channel}, which waits for approval: decide on that first.`,
    { field: 'channel' },
  )
