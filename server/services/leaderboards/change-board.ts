import { type Board, insertBoard, lockBoard, selectBoard, updateBoard } from '@/db/postgres/queries/leaderboards'
import type { Transaction } from '@/db/postgres/client'
import { reopenRanking, startRanking } from '@/db/redis/leaderboards'
import { AppError } from '@/server/errors'
import { logError } from '@/server/log'
import { type Action, change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { requireTenantRow } from '@/server/services/usage/prices/add-override'
import type { BoardInput, CreateBoard } from './leaderboards.schema'
import { noSuchBoard } from './no-such-board'

const told = ({ name, tenant }: BoardInput) => (tenant === null ? name : `${tenant} / ${name}`)

/** @throws AppError `conflict` when there is one of that name, `bad_request` for a tenant that there is none of. */
export async function createBoard(caller: Caller, input: CreateBoard): Promise<{ name: string }> {
  const board = await change(caller, 'leaderboards.create', async (tx) => {
    if (input.tenant !== null) await requireTenantRow(tx, input.tenant)
    const board = await insertBoard(tx, { ...input, createdBy: caller.actor.name })
    if (!board) throw new AppError('conflict', 'There is a leaderboard of this name already.', { field: 'name' })
    return { result: board, audit: { target: told(input), after: { mode: input.mode } } }
  })
  // Without Redis the worker begins its ranking later.
  await startRanking(caller.redis, board).catch((error) => logError('leaderboards: not started', error))
  return { name: board.name }
}

/** Both kinds of events may meet in one ledger, so that nothing waits for the switch. */
export async function setBoardMode(caller: Caller, { mode, ...name }: CreateBoard): Promise<{ name: string }> {
  return withBoard(caller, 'leaderboards.set-mode', name, async (tx, board) => {
    await updateBoard(tx, board.id, { mode })
    return { before: { mode: board.mode }, after: { mode } }
  })
}

/** No score is taken any more; the worker tells the ledger what Redis had accepted, and then the result is final. */
export async function closeBoard(caller: Caller, name: BoardInput): Promise<{ name: string }> {
  return withBoard(caller, 'leaderboards.close', name, async (tx, board) => {
    if (board.closedAt) throw new AppError('conflict', 'This leaderboard is closed already.', { field: 'name' })
    const closedAt = new Date()
    await updateBoard(tx, board.id, { closedAt })
    return { after: { closedAt, members: board.members, scores: board.lastSeq } }
  })
}

export async function reopenBoard(caller: Caller, name: BoardInput): Promise<{ name: string }> {
  const reopened = await withBoard(caller, 'leaderboards.reopen', name, async (tx, board) => {
    if (!board.closedAt) throw new AppError('conflict', 'This leaderboard is open.', { field: 'name' })
    await updateBoard(tx, board.id, { closedAt: null, settledAt: null })
    // Within the transaction: an open board whose ranking refuses would be worse than none of it.
    await redisTruth(caller.redis, () => reopenRanking(caller.redis, board))
    return { before: { closedAt: board.closedAt } }
  })
  return reopened
}

type Work = (tx: Transaction, board: Board) => Promise<{ before?: unknown; after?: unknown }>

async function withBoard(caller: Caller, action: Action, name: BoardInput, work: Work): Promise<{ name: string }> {
  return change(caller, action, async (tx) => {
    const found = await selectBoard(tx, name)
    const board = found && (await lockBoard(tx, found.id))
    if (!board) throw noSuchBoard(name.name)
    return { result: { name: board.name }, audit: { target: told(board), ...(await work(tx, board)) } }
  })
}
