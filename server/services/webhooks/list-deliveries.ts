import { selectDeliveries } from '@/db/postgres/queries/webhook-deliveries'
import { requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'

export const DELIVERIES_SHOWN = 100

/** The newest deliveries of all webhooks, and what became of them. */
export async function listDeliveries({ db, actor }: Caller) {
  requireRole(actor, 'webhooks.retry')
  const rows = await selectDeliveries(db, { limit: DELIVERIES_SHOWN })
  return rows.map(({ createdAt, nextAttemptAt, deliveredAt, state, enabled, ...delivery }) => ({
    ...delivery,
    state,
    createdAt: createdAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
    /** Null when it is over, or when its webhook is switched off. */
    nextAttemptAt: state === 'pending' && enabled ? nextAttemptAt.toISOString() : null,
    paused: state === 'pending' && !enabled,
  }))
}
export type ListedDelivery = Awaited<ReturnType<typeof listDeliveries>>[number]
