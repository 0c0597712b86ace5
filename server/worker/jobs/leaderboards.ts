import { deleteChecks, insertCheck, selectDueBoards } from '@/db/postgres/queries/leaderboard-checks'
import { deleteSnapshots, insertSnapshot, selectBusyBoards } from '@/db/postgres/queries/leaderboards'
import { readTop } from '@/db/redis/leaderboards'
import type { Stores } from '@/server/services/context'
import { boardKeeper } from '@/server/services/leaderboards/keep-boards'
import { workOnBoards } from '@/server/services/leaderboards/work-on-boards'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const CHECKS_KEPT_MS = 30 * DAY_MS
const SNAPSHOTS_KEPT_MS = 2 * 60 * MINUTE_MS
const SNAPPED = 200
const MOST_BOARDS = 200
/** A board that is scored is compared this often, one that rests this rarely. */
const ACTIVE_SECONDS = 5 * 60
const IDLE_SECONDS = 60 * 60
const DUE_AT_ONCE = 20

/** Ledgers hear of what Redis accepted within a second, rankings of what ledgers took, and lost rankings are rebuilt. */
export const leaderboardKeeper = boardKeeper

/** Comparisons and rebuilds that wait, one after the other. */
export async function workOnLeaderboards(stores: Stores): Promise<number> {
  let done = 0
  while (await workOnBoards(stores)) done++
  return done
}

/** Puts the boards that are due for it in the queue of comparisons. */
export async function checkLeaderboards({ db }: Pick<Stores, 'db'>): Promise<number> {
  const due = await selectDueBoards(db, {
    activeSeconds: ACTIVE_SECONDS,
    idleSeconds: IDLE_SECONDS,
    limit: DUE_AT_ONCE,
  })
  for (const { id } of due)
    await insertCheck(db, { boardId: id, kind: 'check', askedBy: 'Engram', status: 'queued', aliveAt: null })
  return due.length
}

/** Writes down who leads each board that was scored, which movement is measured against. */
export async function snapLeaderboards({ db, redis }: Stores): Promise<number> {
  if (!redis.healthy()) return 0
  const at = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS)
  const boards = await selectBusyBoards(db, { since: new Date(at.getTime() - 2 * MINUTE_MS), limit: MOST_BOARDS })
  for (const board of boards) {
    const top = await readTop(redis, board, SNAPPED)
    if (top) await insertSnapshot(db, { boardId: board.id, at, top: top.ranking.map(({ member }) => member) })
  }
  return boards.length
}

export async function pruneLeaderboards({ db }: Pick<Stores, 'db'>): Promise<number> {
  const now = Date.now()
  const checks = await deleteChecks(db, { before: new Date(now - CHECKS_KEPT_MS) })
  return checks + (await deleteSnapshots(db, { before: new Date(now - SNAPSHOTS_KEPT_MS) }))
}
