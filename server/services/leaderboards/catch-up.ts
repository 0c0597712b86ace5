import { selectEventsAfter } from '@/db/postgres/queries/leaderboard-ledger'
import { applyEvents, type BoardRef, rankingStatus, STEP } from '@/db/redis/leaderboards'
import type { Stores } from '@/server/services/context'

/**
 * Carries what the ledger took itself into the ranking, in its order, from where the ranking stands; whoever does it at the
 * same time adds nothing twice. Answers false when no ranking is built.
 */
export async function catchUp({ db, redis }: Stores, board: BoardRef, from?: number): Promise<boolean> {
  let applied = from
  if (applied === undefined) {
    const status = await rankingStatus(redis, board)
    if (!status.built) return false
    applied = status.applied
  }
  for (;;) {
    const events = await selectEventsAfter(db, board.id, { seq: applied, limit: STEP })
    const to = events.at(-1)?.seq
    if (to === undefined) return true
    // What came from Redis is in the ranking already.
    const own = events.filter(({ entryMs }) => entryMs === null)
    const stands = await applyEvents(redis, board, { from: applied, to, events: own })
    if (stands === null) return false
    applied = stands
  }
}
