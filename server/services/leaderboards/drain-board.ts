import { selectKnownScores } from '@/db/postgres/queries/leaderboard-ledger'
import { type BoardRef, confirmPending, readPending, STEP } from '@/db/redis/leaderboards'
import type { Stores } from '@/server/services/context'
import { addToLedger } from './add-to-ledger'

/**
 * Tells the ledger what Redis accepted, oldest first, and then lets Redis go of it; dying in between only repeats what
 * adds nothing. A score whose id the ledger knew from elsewhere is taken back from the ranking. Answers how many went.
 */
export async function drainBoard(stores: Stores, board: BoardRef): Promise<number> {
  let drained = 0
  for (;;) {
    const pending = await readPending(stores.redis, board)
    if (pending.length === 0) return drained
    const added = await addToLedger(stores, board.id, pending)
    // The board was erased: so will be what Redis still holds of it.
    if (!added) return drained
    const members = [...new Set(pending.map(({ member }) => member))]
    const known = added.outcomes.every((outcome) => outcome === 'added')
      ? new Set(members)
      : await selectKnownScores(stores.db, board.id, members)
    await confirmPending(
      stores.redis,
      board,
      pending.map((one, index) => ({
        pending: one,
        takeBack: added.outcomes[index] !== 'added',
        gone: !known.has(one.member),
      })),
    )
    drained += pending.length
    if (pending.length < STEP) return drained
  }
}
