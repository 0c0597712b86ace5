import { makeDue } from '@/db/postgres/queries/webhook-deliveries'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { DeliveryId } from './webhooks.schema'

/** Makes a delivery due at once, also one that was given up. @throws AppError `conflict` for one that arrived. */
export async function retryDelivery(caller: Caller, { id }: DeliveryId) {
  return change(caller, 'webhooks.retry', async (tx) => {
    const due = await makeDue(tx, { id })
    if (!due) throw new AppError('conflict', 'This delivery arrived, or is no longer kept.', { field: 'id' })
    return { result: { id }, audit: { target: due.webhookId, after: { delivery: id, event: due.event } } }
  })
}
