import { deleteOldConfirmations } from '@/db/postgres/queries/confirmations'
import type { Stores } from '@/server/services/context'
import { CONFIRMATIONS_KEPT_DAYS } from '@/server/services/prompts/confirmations.schema'

const ROWS_PER_STEP = 1_000
/** A run ends here and goes on at its next turn. */
const STEPS_PER_RUN = 50

/** Forgets which processes confirmed activations of long ago, in steps short enough to disturb nobody. */
export async function pruneConfirmations({ db }: Pick<Stores, 'db'>, now = Date.now()): Promise<number> {
  const before = new Date(now - CONFIRMATIONS_KEPT_DAYS * 24 * 3_600_000)
  let gone = 0
  for (let step = 0; step < STEPS_PER_RUN; step++) {
    const deleted = await deleteOldConfirmations(db, { before, limit: ROWS_PER_STEP })
    gone += deleted
    if (deleted < ROWS_PER_STEP) break
  }
  return gone
}
