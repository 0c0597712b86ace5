import { decideApproval } from '@/db/postgres/queries/approvals'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { RejectChange } from './approvals.schema'
import { takePending } from './take-pending'

/** Says no to a change that waits, and why. @throws AppError `conflict` when it was decided already. */
export async function rejectChange(caller: Caller, { name, id, note }: RejectChange): Promise<{ state: 'rejected' }> {
  return change(caller, 'prompts.reject', async (tx) => {
    const { channel, version, by } = await takePending(tx, { name, id })
    await decideApproval(tx, { id, state: 'rejected', by: caller.actor.name, note })
    const after = { approval: id, channel, version, state: 'rejected', requestedBy: by }
    return { result: { state: 'rejected' }, audit: { target: name, after, reason: note } }
  })
}
