import { type ClaimedDelivery, markAttemptFailed, markDelivered } from '@/db/postgres/queries/webhook-deliveries'
import type { Stores } from '@/server/services/context'
import { type Outcome, sendWebhook } from './send-webhook'
import { mostAttempts, retryAfterSeconds } from './webhooks.schema'

/** Makes a claimed attempt and writes down how it went. Not `retried`, it is given up when it fails. */
export async function attemptDelivery(
  { db }: Pick<Stores, 'db'>,
  { id, eventId, attempts, url, secret, payload }: ClaimedDelivery,
  { retried = true } = {},
): Promise<Outcome> {
  const outcome = await sendWebhook({ url, secret, id: eventId, payload })
  const { ok, ...last } = outcome
  if (ok) await markDelivered(db, { id, ...last })
  else
    await markAttemptFailed(db, { id, attempts, ...last, retryInSeconds: retried ? pauseAfter(attempts) : undefined })
  return outcome
}

/** Undefined after the last attempt. */
const pauseAfter = (attempts: number) => (attempts >= mostAttempts ? undefined : retryAfterSeconds[attempts - 1])

/** How long an attempt under way is nobody else's: well above its deadline. */
export const leaseSeconds = 20
