import { type ClaimedDelivery, claimDueDeliveries } from '@/db/postgres/queries/webhook-deliveries'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { attemptDelivery, leaseSeconds } from '@/server/services/webhooks/attempt-delivery'

/** Attempts under way at once: to one webhook, so that the others are served beside a receiver that hangs, and to all. */
const PER_WEBHOOK = 4
const IN_ALL = 200

/**
 * Sends what is due. A run only begins attempts: those that wait for a slow receiver are left to themselves. What a
 * worker that dies had begun is due again when its lease ends, under the same id.
 */
export function webhookSender(stores: Pick<Stores, 'db'>) {
  const underWay = new Map<Promise<void>, string>()

  const begin = (delivery: ClaimedDelivery) => {
    const attempt = attemptDelivery(stores, delivery)
      .then(() => {})
      .catch((error: unknown) => logError('webhooks: an attempt could not be written down', error))
      .finally(() => underWay.delete(attempt))
    underWay.set(attempt, delivery.webhookId)
  }

  /** Webhooks to which as much is under way as may be. */
  const busy = () => {
    const counts = new Map<string, number>()
    for (const id of underWay.values()) counts.set(id, (counts.get(id) ?? 0) + 1)
    return [...counts].flatMap(([id, count]) => (count >= PER_WEBHOOK ? [id] : []))
  }

  return {
    async run(): Promise<number> {
      if (underWay.size >= IN_ALL) return 0
      const due = await claimDueDeliveries(stores.db, { perWebhook: PER_WEBHOOK, leaseSeconds, except: busy() })
      due.forEach(begin)
      return due.length
    },
    /** Waits for what is under way: five seconds at most. */
    settled: async () => void (await Promise.all(underWay.keys())),
  }
}
