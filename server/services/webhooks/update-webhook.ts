import { lockWebhook, updateWebhook as update } from '@/db/postgres/queries/webhooks'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { unknownWebhook } from './unknown'
import { requireAllowed } from './webhook-address'
import type { UpdateWebhook } from './webhooks.schema'

/** What waits for a webhook that is switched off waits on; what happens meanwhile it is not told of. */
export async function updateWebhook(caller: Caller, { id, name, url, events, enabled }: UpdateWebhook) {
  return change(caller, 'webhooks.update', async (tx) => {
    const known = await lockWebhook(tx, id)
    if (!known) throw unknownWebhook()
    requireAllowed(url)
    const before = { name: known.name, url: known.url, events: known.events, enabled: known.enabled }
    const after = { name, url, events, enabled }
    await update(tx, id, after)
    return { result: { id }, audit: { target: id, before, after } }
  })
}
