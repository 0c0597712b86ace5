import { selectChecks } from '@/db/postgres/queries/leaderboard-checks'
import { selectNewestEvents } from '@/db/postgres/queries/leaderboard-ledger'
import {
  type Board,
  selectBoard,
  selectSnapshot,
  selectSqlRank,
  selectSqlRanks,
} from '@/db/postgres/queries/leaderboards'
import { countByScore, rankingStatus, scoreRange } from '@/db/redis/leaderboards'
import { expected } from '@/server/failure'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { redisInTime } from '@/server/services/redis-in-time'
import type { z } from 'zod'
import type { BoardPage, Place } from './leaderboards.schema'
import { shownBoard, shownCheck } from './list-boards'
import { noSuchBoard } from './no-such-board'
import { readPlace, readRanking } from './read-ranking'

const REDIS_MS = 250
const MOVEMENT_MS = 5 * 60_000
const CHECKS = 20
const EVENTS = 10
const BINS = 20
const AROUND = 3

/** All that the page of a board shows: ranking with movement and SQL's ranks, a member's surroundings, distribution, history. */
export async function boardPage(stores: Stores, { top, member, ...name }: z.output<typeof BoardPage>) {
  const board = await selectBoard(stores.db, name)
  if (!board) throw noSuchBoard(name.name)
  const directory = { require: () => Promise.resolve(board) }
  const now = new Date()
  const [ranking, sqlRanks, snapshot, checks, events, status, distribution, place] = await Promise.all([
    readRanking(stores, directory, { ...name, top }),
    selectSqlRanks(stores.db, board.id, top),
    selectSnapshot(stores.db, board.id, new Date(now.getTime() - MOVEMENT_MS)),
    selectChecks(stores.db, board.id, CHECKS),
    selectNewestEvents(stores.db, board.id, EVENTS),
    redisInTime(REDIS_MS, stores.redis, () => rankingStatus(stores.redis, board)),
    redisInTime(REDIS_MS, stores.redis, () => distributionOf(stores, board)),
    member === null ? null : placeOf(stores, board, member),
  ])
  const ranks = new Map(sqlRanks.map(({ member, ...its }) => [member, its]))
  const before = new Map(snapshot?.top.map((one, index) => [one, index + 1]))
  const done = checks.find((check) => check.status === 'done') ?? null
  return {
    asOf: now.toISOString(),
    board: shownBoard(board, done, status),
    source: ranking.source,
    members: ranking.members,
    /** When what movement is measured against was written; null until then. */
    movedSince: snapshot?.at.toISOString() ?? null,
    ranking: ranking.ranking.map((row) => ({
      ...row,
      sqlRank: ranks.get(row.member)?.rank ?? null,
      denseRank: ranks.get(row.member)?.dense_rank ?? null,
      before: before.get(row.member) ?? null,
    })),
    place,
    distribution,
    checks: checks.map(shownCheck),
    events: events.map(({ event_id: id, seq, member, delta, live, at }) => ({
      id,
      seq: Number(seq),
      member,
      delta,
      live,
      at,
    })),
  }
}
export type BoardView = Awaited<ReturnType<typeof boardPage>>

/** Null for who has no score. */
async function placeOf(stores: Stores, board: Board, member: string): Promise<(Place & SqlRank) | null> {
  try {
    const directory = { require: () => Promise.resolve(board) }
    const place = await readPlace(stores, directory, { ...board, member, around: AROUND })
    const ranks = await selectSqlRank(stores.db, board.id, member)
    return { ...place, sqlRank: ranks?.rank ?? null, denseRank: ranks?.denseRank ?? null }
  } catch (error) {
    if (error instanceof AppError && expected(error)?.code === 'not_found') return null
    throw error
  }
}
type SqlRank = { sqlRank: number | null; denseRank: number | null }

/** Members by score in stretches of the same length; null for an empty ranking. */
async function distributionOf({ redis }: Pick<Stores, 'redis'>, board: Board) {
  const range = await scoreRange(redis, board)
  if (!range) return null
  const { low, high } = range
  if (low === high) return { edges: [low, high], counts: await countByScore(redis, board, [low, high]) }
  const edges = Array.from({ length: BINS + 1 }, (_, bin) => (bin === BINS ? high : low + ((high - low) * bin) / BINS))
  return { edges, counts: await countByScore(redis, board, edges) }
}
