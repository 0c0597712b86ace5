import type { Transaction } from '@/db/postgres/client'
import { holdPointer, insertApproval, lockPendingApproval } from '@/db/postgres/queries/approvals'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { noteEvent } from '@/server/services/webhooks/note-event'
import { beingApproved, makeWay } from './approval-gate'
import { approvalOf } from './approval-of'
import type { Approval } from './approvals.schema'
import type { Move } from './commit-move'
import { personBehind } from './person-behind'
import { movedMeanwhile } from './pointer'

/** Writes a move down for a second person to decide on. @throws AppError `conflict` while another one waits. */
export async function requestApproval(caller: Caller, move: Move): Promise<Approval> {
  const { name, channel, version, reason } = move
  return change(caller, 'prompts.request-approval', async (tx) => {
    await makeWay(tx, move, true)
    const approval = await insertRequest(tx, caller, move)
    // From here on the pointer stays where it is until this is committed: a request is never old when it is made.
    if ((await holdPointer(tx, move)) !== (move.from?.revision ?? 0)) throw movedMeanwhile(name, channel)
    const { arms, previousVersion, kind, by, requestedAt } = approval
    const asked = { prompt: name, channel, version, previousVersion, kind, arms, by, reason, approval: approval.id }
    await noteEvent(tx, { type: 'prompt.approval_requested', at: new Date(requestedAt), data: asked })
    const after = { approval: approval.id, channel, version, arms }
    return { result: approval, audit: { target: name, before: move.from && { channel, ...move.from }, after, reason } }
  })
}

async function insertRequest(tx: Transaction, { actor }: Caller, move: Move): Promise<Approval> {
  const { promptId, channel, kind, version, reason, from } = move
  const made = await insertApproval(tx, {
    promptId,
    channel,
    kind,
    version,
    request: move,
    liveRevision: from?.revision ?? 0,
    reason,
    requestedByKind: actor.kind,
    requestedById: actor.id,
    requestedByPerson: await personBehind(tx, actor),
    requestedBy: actor.name,
  })
  const row = await lockPendingApproval(tx, move)
  if (!row) throw new Error('a request for approval is gone within its own transaction')
  if (!made) throw beingApproved(row)
  return approvalOf(row)
}
