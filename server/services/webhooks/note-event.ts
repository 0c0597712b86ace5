import type { Transaction } from '@/db/postgres/client'
import { insertDeliveries } from '@/db/postgres/queries/webhook-deliveries'
import type { WebhookEvent } from './webhooks.schema'

type Event = { type: WebhookEvent; at: Date; data: Record<string, unknown> }

/**
 * Writes an event down for every enabled webhook that wants it, in the transaction of what happened: told if and only if
 * that is committed. The worker sends it.
 */
export async function noteEvent(tx: Transaction, { type, at, data }: Event): Promise<void> {
  await insertDeliveries(tx, { event: type, payload: { type, timestamp: at.toISOString(), data } })
}
