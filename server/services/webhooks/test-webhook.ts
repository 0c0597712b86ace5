import { insertClaimedDelivery } from '@/db/postgres/queries/webhook-deliveries'
import { lockWebhook } from '@/db/postgres/queries/webhooks'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { attemptDelivery, leaseSeconds } from './attempt-delivery'
import type { Outcome } from './send-webhook'
import { unknownWebhook } from './unknown'
import { testEvent, type WebhookId } from './webhooks.schema'

/** Sends an event of its own at once, also to a webhook that is switched off, and answers how it went. Tried once. */
export async function testWebhook(caller: Caller, { id }: WebhookId): Promise<Outcome> {
  const delivery = await change(caller, 'webhooks.test', async (tx) => {
    const hook = await lockWebhook(tx, id)
    if (!hook) throw unknownWebhook()
    const { url, secret, name } = hook
    const data = { webhook: name, by: caller.actor.name }
    const payload = { type: testEvent, timestamp: new Date().toISOString(), data }
    const claimed = await insertClaimedDelivery(tx, { webhookId: id, event: testEvent, payload, leaseSeconds })
    return { result: { ...claimed, webhookId: id, payload, url, secret }, audit: { target: id } }
  })
  return attemptDelivery(caller, delivery, { retried: false })
}
