import { lockChannels, upsertChannel } from '@/db/postgres/queries/channels'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { SetApproval } from './approvals.schema'

/** Whether changes on a channel need a second person. Once this is acknowledged, no move slips through by the old rule. */
export async function setChannelApproval(caller: Caller, { channel, required }: SetApproval): Promise<SetApproval> {
  return change(caller, 'channels.set-approval', async (tx) => {
    await lockChannels(tx)
    const before = await upsertChannel(tx, {
      name: channel,
      requiresApproval: required,
      changedBy: caller.actor.name,
    })
    const audit = { target: channel, before: { requiresApproval: before }, after: { requiresApproval: required } }
    return { result: { channel, required }, audit }
  })
}
