import { insertWebhook } from '@/db/postgres/queries/webhooks'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { newSecret } from './sign-webhook'
import { requireAllowed } from './webhook-address'
import type { CreateWebhook } from './webhooks.schema'

/** Answers the secret, the only time that it can be read. @throws AppError `bad_request` for an address that is refused. */
export async function createWebhook(caller: Caller, { name, url, events }: CreateWebhook) {
  const secret = newSecret()
  return change(caller, 'webhooks.create', async (tx) => {
    requireAllowed(url)
    const id = await insertWebhook(tx, { name, url, events, secret, createdBy: caller.actor.name })
    return { result: { id, secret }, audit: { target: id, after: { name, url, events } } }
  })
}
