import { deleteOldDeliveries } from '@/db/postgres/queries/webhook-deliveries'
import type { Stores } from '@/server/services/context'

export const DELIVERIES_KEPT_DAYS = 30
const ROWS_PER_STEP = 1_000
/** A run ends here and goes on at its next turn. */
const STEPS_PER_RUN = 50

/** Forgets deliveries that ended long ago, in steps short enough to disturb nobody. */
export async function pruneDeliveries({ db }: Pick<Stores, 'db'>, now = Date.now()): Promise<number> {
  const before = new Date(now - DELIVERIES_KEPT_DAYS * 24 * 3_600_000)
  let gone = 0
  for (let step = 0; step < STEPS_PER_RUN; step++) {
    const deleted = await deleteOldDeliveries(db, { before, limit: ROWS_PER_STEP })
    gone += deleted
    if (deleted < ROWS_PER_STEP) break
  }
  return gone
}
