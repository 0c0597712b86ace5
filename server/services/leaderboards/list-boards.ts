import { type Check, selectLastDone } from '@/db/postgres/queries/leaderboard-checks'
import { type Board, countBoards, selectBoards } from '@/db/postgres/queries/leaderboards'
import { type RankingStatus, rankingStatus } from '@/db/redis/leaderboards'
import type { Stores } from '@/server/services/context'
import { redisInTime } from '@/server/services/redis-in-time'

const LISTED = 100
const REDIS_MS = 250

/** The boards that were scored last, each with what was last compared of it and where its ranking stands. */
export async function listBoards(stores: Pick<Stores, 'db' | 'redis'>, { tenant }: { tenant: string | null }) {
  const [boards, total] = await Promise.all([
    selectBoards(stores.db, { tenant, limit: LISTED }),
    countBoards(stores.db),
  ])
  const [checks, statuses] = await Promise.all([
    selectLastDone(
      stores.db,
      boards.map(({ id }) => id),
    ),
    redisInTime(REDIS_MS, stores.redis, () => Promise.all(boards.map((board) => rankingStatus(stores.redis, board)))),
  ])
  return {
    asOf: new Date().toISOString(),
    total: tenant === null ? total : boards.length,
    /** False while Redis cannot say where the rankings stand. */
    redis: statuses !== null,
    boards: boards.map((board, index) => shownBoard(board, checks.get(board.id) ?? null, statuses?.[index] ?? null)),
  }
}
export type ListedBoard = Awaited<ReturnType<typeof listBoards>>['boards'][number]

export function shownBoard(board: Board, check: Check | null, status: RankingStatus | null) {
  const { lastScoredAt, createdAt, closedAt, settledAt, id: _, ...rest } = board
  return {
    ...rest,
    lastScoredAt: lastScoredAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    settledAt: settledAt?.toISOString() ?? null,
    /** Null while Redis does not answer. */
    ranking: status && { built: status.built, pending: status.pending, behind: behind(board, status) },
    /** Null until it was compared. */
    check: check && shownCheck(check),
  }
}

/** Events of the ledger that the ranking lacks still. */
const behind = ({ lastSeq }: Board, { built, applied }: RankingStatus) => (built ? Math.max(0, lastSeq - applied) : 0)

export const shownCheck = ({ queuedAt, finishedAt, boardId: _, ...check }: Check) => ({
  ...check,
  queuedAt: queuedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
})
export type ShownCheck = ReturnType<typeof shownCheck>
