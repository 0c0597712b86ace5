import { type Board, selectBoardsAfter, selectBusyBoards, updateBoard } from '@/db/postgres/queries/leaderboards'
import { closeRanking, rankingStatus } from '@/db/redis/leaderboards'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { catchUp } from './catch-up'
import { drainBoard } from './drain-board'
import { rebuildLost } from './work-on-boards'

const BUSY_MS = 2 * 60_000
const EVERY_ALL_MS = 10_000
const PAGE = 500
const AT_ONCE = 20

/**
 * Keeps rankings and ledgers together: tells ledgers what Redis accepted, carries into Redis what ledgers took themselves,
 * rebuilds what Redis lost, and settles boards that were closed. Looks at those in use each time, at all of them every
 * ten seconds and whenever Redis comes back. Answers how many scores went to ledgers.
 */
export function boardKeeper(stores: Stores) {
  /** Up to where a durable board is known to be in Redis. */
  let known = new Map<string, number>()
  let upSince: number | null = null
  let lookedAtAll = -Infinity

  const isKnown = ({ id, mode, closedAt, settledAt, lastSeq }: Board) =>
    mode === 'durable' && (closedAt === null || settledAt !== null) && known.get(id) === lastSeq

  const keep = async (board: Board): Promise<number> => {
    const status = await rankingStatus(stores.redis, board)
    const drained = status.pending > 0 ? await drainBoard(stores, board) : 0
    if (!status.built) await rebuildLost(stores, board)
    else if (status.applied < board.lastSeq) await catchUp(stores, board)
    if (board.closedAt && !board.settledAt) await settle(stores, board)
    known.set(board.id, board.lastSeq)
    return drained
  }
  const keepAll = async (boards: Board[]): Promise<number> => {
    let drained = 0
    for (let at = 0; at < boards.length; at += AT_ONCE) {
      const outcomes = await Promise.allSettled(boards.slice(at, at + AT_ONCE).map(keep))
      for (const outcome of outcomes)
        if (outcome.status === 'fulfilled') drained += outcome.value
        else logError('leaderboards: a board could not be kept', outcome.reason)
    }
    return drained
  }

  return async (): Promise<number> => {
    const up = stores.redis.upSince()
    if (up === null) return 0
    const all = up !== upSince || performance.now() - lookedAtAll >= EVERY_ALL_MS
    if (!all) {
      const busy = await selectBusyBoards(stores.db, { since: new Date(Date.now() - BUSY_MS), limit: PAGE })
      return keepAll(busy.filter((board) => !isKnown(board)))
    }
    if (up !== upSince) known = new Map()
    let drained = 0
    for (let after: string | null = null; ;) {
      const boards: Board[] = await selectBoardsAfter(stores.db, { after, limit: PAGE })
      drained += await keepAll(boards)
      after = boards.at(-1)?.id ?? null
      if (boards.length < PAGE) break
    }
    upSince = up
    lookedAtAll = performance.now()
    return drained
  }
}

/** Redis accepts nothing more, the ledger has been told everything, and Redis holds all of the ledger: that is the result. */
async function settle(stores: Stores, board: Board): Promise<void> {
  await closeRanking(stores.redis, board)
  await drainBoard(stores, board)
  if (await catchUp(stores, board)) await updateBoard(stores.db, board.id, { settledAt: new Date() })
}
