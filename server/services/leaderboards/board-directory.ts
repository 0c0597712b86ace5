import {
  type Board,
  type BoardName,
  countBoards,
  insertBoard,
  MOST_BOARDS,
  selectBoard,
} from '@/db/postgres/queries/leaderboards'
import { startRanking } from '@/db/redis/leaderboards'
import { AppError } from '@/server/errors'
import { expected } from '@/server/failure'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { noSuchBoard } from './no-such-board'

const FRESH_MS = 1_000
const MOST_KEPT = 10_000

/**
 * The boards that this process asked for lately. What is decided by it may be a second old, and older while Postgres is
 * away (R5); nothing that must hold depends on it: the ledger and Redis refuse by themselves what they must.
 */
export function boardDirectory(stores: Stores) {
  const known = new Map<string, { board: Board; at: number }>()
  const keyOf = ({ tenant, name }: BoardName) => `${tenant ?? ''} ${name}`
  const keep = (board: Board) => {
    const key = keyOf(board)
    known.delete(key)
    known.set(key, { board, at: performance.now() })
    if (known.size > MOST_KEPT) known.delete(known.keys().next().value ?? '')
    return board
  }
  const find = async (name: BoardName): Promise<Board | null> => {
    const kept = known.get(keyOf(name))
    if (kept && performance.now() - kept.at < FRESH_MS) return kept.board
    try {
      const board = await selectBoard(stores.db, name)
      if (board) return keep(board)
      known.delete(keyOf(name))
      return null
    } catch (error) {
      if (kept && expected(error)?.code === 'unavailable') return kept.board
      throw error
    }
  }

  return {
    /** @throws AppError `not_found` */
    async require(name: BoardName): Promise<Board> {
      const board = await find(name)
      if (!board) throw noSuchBoard(name.name)
      return board
    },
    /** The board, made by its first score where there is none (docs/decisions/0025). */
    async requireOrCreate(name: BoardName, createdBy: string): Promise<Board> {
      const board = await find(name)
      if (board) return board
      if ((await countBoards(stores.db)) >= MOST_BOARDS)
        throw new AppError('conflict', `There are ${MOST_BOARDS} leaderboards already.`, { field: 'board' })
      const made = await insertBoard(stores.db, { ...name, mode: 'durable', createdBy })
      // Without Redis the worker builds it later.
      if (made) await startRanking(stores.redis, made).catch((error) => logError('leaderboards: not started', error))
      const either = made ?? (await selectBoard(stores.db, name))
      if (!either)
        throw new AppError('conflict', 'This board is being erased right now; try again.', { field: 'board' })
      return keep(either)
    },
    /** What was told of the board is not so any more. */
    forget: (name: BoardName) => known.delete(keyOf(name)),
  }
}

export type BoardDirectory = ReturnType<typeof boardDirectory>
