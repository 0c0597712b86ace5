import { deleteWebhook as remove, lockWebhook } from '@/db/postgres/queries/webhooks'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { unknownWebhook } from './unknown'
import type { WebhookId } from './webhooks.schema'

/** With its log, and with what still waits for it. */
export async function deleteWebhook(caller: Caller, { id }: WebhookId) {
  return change(caller, 'webhooks.delete', async (tx) => {
    const known = await lockWebhook(tx, id)
    if (!known) throw unknownWebhook()
    await remove(tx, id)
    const { name, url, events, enabled } = known
    return { result: { id }, audit: { target: id, before: { name, url, events, enabled } } }
  })
}
