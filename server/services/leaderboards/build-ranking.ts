import { randomUUID } from 'node:crypto'
import { selectLastSeq, selectMembersAfter } from '@/db/postgres/queries/leaderboard-ledger'
import type { Board } from '@/db/postgres/queries/leaderboards'
import {
  beginBuild,
  type Capture,
  closeRanking,
  dropBuild,
  FarBehind,
  fillBuild,
  STEP,
  switchBuild,
} from '@/db/redis/leaderboards'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { catchUp } from './catch-up'
import { drainBoard } from './drain-board'
import { expectedScores } from './expected-scores'

const ATTEMPTS = 20
/** Each may cost Redis two commands: a step stays below a millisecond (R8). */
const WRITTEN_AT_ONCE = STEP / 2

/** Another builder took over, or Redis lost the new ranking: the old one stays as it was. */
export class BuildLost extends Error {
  override message = 'Redis lost the new ranking, or another worker builds it. Nothing was changed.'
}

/**
 * Builds the ranking anew from the ledger beside the one in use, and puts it in its place in one step. Scores that arrive
 * meanwhile go into both. Any error leaves the ranking in use as it was. Answers how many members were written.
 */
export async function buildRanking(
  stores: Stores,
  board: Board,
  seen: (members: number) => Promise<unknown> = async () => {},
): Promise<number> {
  const token = randomUUID()
  try {
    const { since, capture } = await begin(stores, board, token)
    const filled = await fill(stores, board, { token, since, capture, seen })
    const { applied } = capture
    if (!(await switchBuild(stores.redis, board, { token, filled, applied }))) throw new BuildLost()
    if (board.closedAt) await closeRanking(stores.redis, board)
    await catchUp(stores, board)
    return filled
  } catch (error) {
    // It lets go of itself in an hour.
    await dropBuild(stores.redis, board, token).catch((cause) => logError('leaderboards: a build was left', cause))
    throw error
  }
}

async function begin(stores: Stores, board: Board, token: string): Promise<{ since: number; capture: Capture }> {
  for (let attempt = 1; ; attempt++) {
    await drainBoard(stores, board)
    const since = await selectLastSeq(stores.db, board.id)
    try {
      const begun = await beginBuild(stores.redis, board, token)
      // Without a ranking in use nothing is added in Redis before the switch: it begins where the ledger stands now.
      const applied = begun.applied ?? (await selectLastSeq(stores.db, board.id))
      if (since === null || applied === null) throw new Error('The board is gone.')
      return { since, capture: { ...begun, applied } }
    } catch (error) {
      if (!(error instanceof FarBehind) || attempt === ATTEMPTS) throw error
    }
  }
}

type Filling = { token: string; since: number; capture: Capture; seen: (members: number) => Promise<unknown> }

async function fill(stores: Stores, board: Board, { token, since, capture, seen }: Filling): Promise<number> {
  let filled = 0
  // Who has only scores that the ledger does not hold yet may never come up in it.
  const rest = new Set(capture.pending.map(({ member }) => member))
  const write = async (members: readonly string[]) => {
    const expected = await expectedScores(stores, board.id, { since, capture, members })
    const scores = [...expected].map(([member, score]) => ({ member, score }))
    for (let at = 0; at < scores.length; at += WRITTEN_AT_ONCE)
      if (!(await fillBuild(stores.redis, board, token, scores.slice(at, at + WRITTEN_AT_ONCE)))) throw new BuildLost()
    filled += scores.length
    await seen(filled)
  }
  for (let after = ''; ;) {
    const members = await selectMembersAfter(stores.db, board.id, { after, limit: STEP })
    if (members.length === 0) break
    await write(members)
    for (const member of members) rest.delete(member)
    after = members.at(-1) ?? after
  }
  if (rest.size > 0) await write([...rest])
  return filled
}
