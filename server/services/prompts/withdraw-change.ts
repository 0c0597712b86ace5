import { decideApproval } from '@/db/postgres/queries/approvals'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { WithdrawChange } from './approvals.schema'
import { personBehind } from './person-behind'
import { takePending } from './take-pending'

/** Takes back what the caller asked for. @throws AppError `forbidden` to anyone else; `conflict` when it was decided. */
export async function withdrawChange(caller: Caller, { name, id }: WithdrawChange): Promise<{ state: 'withdrawn' }> {
  return change(caller, 'prompts.withdraw', async (tx) => {
    const { channel, version, by, requestedByPerson } = await takePending(tx, { name, id })
    if ((await personBehind(tx, caller.actor)) !== requestedByPerson)
      throw new AppError('forbidden', `${by} asked for this change; only ${by} can withdraw it. You can reject it.`)
    await decideApproval(tx, { id, state: 'withdrawn', by: caller.actor.name })
    const after = { approval: id, channel, version, state: 'withdrawn' }
    return { result: { state: 'withdrawn' }, audit: { target: name, after } }
  })
}
