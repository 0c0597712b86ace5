import {
  type Check,
  claimCheck,
  finishCheck,
  insertCheck,
  noteProgress,
} from '@/db/postgres/queries/leaderboard-checks'
import { type Board, lockBoard } from '@/db/postgres/queries/leaderboards'
import { expected } from '@/server/failure'
import { logError } from '@/server/log'
import { patiently } from '@/db/postgres/deadline'
import type { Stores } from '@/server/services/context'
import { buildRanking, BuildLost } from './build-ranking'
import { checkBoard, NotBuilt } from './check-board'

const SILENT_SECONDS = 30
const TELL_EVERY_MS = 1_000
const LONGEST_MS = 60 * 60_000

/** Does what was asked for: compares boards with their ledgers, and rebuilds them. Answers whether there was something. */
export async function workOnBoards(stores: Stores): Promise<boolean> {
  if (!stores.redis.healthy()) return false
  const check = await claimCheck(stores.db, { silentSeconds: SILENT_SECONDS })
  if (!check) return false
  const board = await stores.db.transaction((tx) => lockBoard(tx, check.boardId))
  if (board) await work(stores, board, check)
  return true
}

/** Builds a ranking that Redis has lost, and keeps that in the board's history. */
export async function rebuildLost(stores: Stores, board: Board): Promise<void> {
  const check = await insertCheck(stores.db, {
    boardId: board.id,
    kind: 'rebuild',
    askedBy: 'Engram',
    status: 'running',
    aliveAt: new Date(),
  })
  await work(stores, board, check)
}

async function work(stores: Stores, board: Board, check: Check): Promise<void> {
  const { db } = stores
  let told = performance.now()
  const seen = async (members: number) => {
    if (performance.now() - told < TELL_EVERY_MS) return
    told = performance.now()
    await noteProgress(db, check.id, members)
  }
  try {
    const drift = await patiently(LONGEST_MS, async () => {
      if (check.kind !== 'check') await buildRanking(stores, board, seen)
      return checkBoard(stores, board, seen)
    })
    await finishCheck(db, check.id, { ...drift, status: 'done' })
  } catch (error) {
    logError('leaderboards: work on a board failed', error, { board: board.name, kind: check.kind })
    await finishCheck(db, check.id, { status: 'failed', error: reasonOf(error) })
  }
}

/** What an operator is told; nothing was changed in any of these cases. */
function reasonOf(error: unknown): string {
  if (error instanceof NotBuilt) return 'Redis holds no ranking of this board; it is being rebuilt.'
  if (error instanceof BuildLost) return error.message
  return expected(error)?.message ?? 'A read failed. Nothing was changed; the log of the worker says more.'
}
