import { setTimeout as sleep } from 'node:timers/promises'
import { selectKnownScores, selectLastSeq, selectMembersAfter } from '@/db/postgres/queries/leaderboard-ledger'
import { selectTop } from '@/db/postgres/queries/leaderboards'
import type { BoardDifference } from '@/db/postgres/schema/leaderboards'
import {
  type BoardRef,
  captureScores,
  FarBehind,
  rankingStatus,
  ranksOf,
  scanMembers,
  STEP,
} from '@/db/redis/leaderboards'
import type { Stores } from '@/server/services/context'
import { drainBoard } from './drain-board'
import { expectedScores } from './expected-scores'

/** Differences that are kept by name; all are counted. */
const MOST_LISTED = 1_000
/** Of the ledger's first so many it is said whether they stand elsewhere in Redis. */
export const FIRST = 100
const PAUSE_MS = 2
const ATTEMPTS = 20

export type Drift = {
  ledgerMembers: number
  redisMembers: number
  missing: number
  extra: number
  different: number
  displaced: number
  farthest: number
  differences: BoardDifference[]
}
/** There is no ranking in Redis to compare. */
export class NotBuilt extends Error {}

/**
 * Compares the ranking in Redis with the ledger, in steps of at most 500 members while both go on (R8): who is missing from
 * Redis, who is in it without a score in the ledger, and whose score differs. `seen` hears how many were compared so far.
 * @throws NotBuilt
 */
export async function checkBoard(
  stores: Stores,
  board: BoardRef,
  seen: (members: number) => Promise<unknown> = async () => {},
): Promise<Drift> {
  const drift: Drift = { ...none, differences: [] }
  const note = (kind: 'missing' | 'extra' | 'different', difference: BoardDifference) => {
    drift[kind]++
    if (drift.differences.length < MOST_LISTED) drift.differences.push(difference)
  }
  const compare = async (members: readonly string[]) => {
    const { expected, found } = await bothSides(stores, board, members)
    for (const member of members) {
      const [ledger = null, redis = null] = [expected.get(member), found.get(member)]
      if (ledger !== null && redis === null) note('missing', { member, ledger, redis })
      else if (ledger === null && redis !== null) note('extra', { member, ledger, redis: plain(redis) })
      else if (ledger !== null && Number(ledger) !== Number(redis))
        note('different', { member, ledger, redis: redis && plain(redis) })
    }
  }

  // Who has only scores that the ledger was not told of yet would be found in neither.
  await drainBoard(stores, board)
  for (let after = ''; ;) {
    const members = await selectMembersAfter(stores.db, board.id, { after, limit: STEP })
    if (members.length === 0) break
    await compare(members)
    drift.ledgerMembers += members.length
    await seen(drift.ledgerMembers)
    await sleep(PAUSE_MS)
    after = members.at(-1) ?? after
  }
  const strangers = new Set<string>()
  for (let cursor: string | null = null; cursor !== '0';) {
    const step = await scanMembers(stores.redis, board, cursor ?? '0')
    const known = await selectKnownScores(stores.db, board.id, step.members)
    const unknown = step.members.filter((member) => !known.has(member) && !strangers.has(member))
    for (const member of unknown) strangers.add(member)
    for (let at = 0; at < unknown.length; at += STEP) await compare(unknown.slice(at, at + STEP))
    cursor = step.cursor
    await seen(drift.ledgerMembers)
    await sleep(PAUSE_MS)
  }
  const status = await rankingStatus(stores.redis, board)
  if (!status.built) throw new NotBuilt()
  drift.redisMembers = status.members
  return { ...drift, ...(anyDifference(drift) ? await displacement(stores, board) : {}) }
}

const none = { ledgerMembers: 0, redisMembers: 0, missing: 0, extra: 0, different: 0, displaced: 0, farthest: 0 }
const anyDifference = ({ missing, extra, different }: Drift) => missing + extra + different > 0
/** Shortest decimal text of a score as Redis wrote it. */
const plain = (score: string) => String(Number(score))

async function bothSides(stores: Stores, board: BoardRef, members: readonly string[]) {
  for (let attempt = 1; ; attempt++) {
    const since = await selectLastSeq(stores.db, board.id)
    try {
      const capture = since === null ? null : await captureScores(stores.redis, board, members)
      if (since === null || !capture) throw new NotBuilt()
      return { found: capture.scores, expected: await expectedScores(stores, board.id, { since, capture, members }) }
    } catch (error) {
      if (!(error instanceof FarBehind) || attempt === ATTEMPTS) throw error
      await drainBoard(stores, board)
    }
  }
}

/** How many of the ledger's first stand elsewhere in Redis, and by how many places at most. As of now, not to the event. */
async function displacement({ db, redis }: Stores, board: BoardRef): Promise<Pick<Drift, 'displaced' | 'farthest'>> {
  const first = await selectTop(db, board.id, FIRST)
  const ranks = await ranksOf(
    redis,
    board,
    first.map(({ member }) => member),
  )
  const moved = ranks.map((rank, index) => (rank === undefined ? null : Math.abs(rank - index)))
  return {
    displaced: moved.filter((places) => places !== 0).length,
    farthest: moved.reduce<number>((most, places) => Math.max(most, places ?? 0), 0),
  }
}
