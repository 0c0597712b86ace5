import { type AsOf, readOneMoment, selectKnownEvents, selectScoresAsOf } from '@/db/postgres/queries/leaderboard-ledger'
import type { Capture, Pending } from '@/db/redis/leaderboards'
import type { Stores } from '@/server/services/context'
import { decimalText, thousandths } from './decimal'

/**
 * What a ranking must hold of these members to agree with the ledger, as exact decimal text; who must not be in it is left out.
 * The ledger goes on while Redis is asked, so it is read as of what the ranking stands for (`capture`): without what came
 * after, and with what Redis accepted and the ledger does not hold yet. `since` is the ledger's newest event before the capture.
 */
export async function expectedScores(
  { db }: Pick<Stores, 'db'>,
  boardId: string,
  { since, capture, members }: { since: number; capture: Capture; members: readonly string[] },
): Promise<Map<string, string>> {
  if (members.length === 0) return new Map()
  const asked = new Set(members)
  const pending = capture.pending.filter(({ member }) => asked.has(member))
  const asOf: AsOf = { since, applied: capture.applied, last: capture.last }
  const [scores, known] = await db.transaction(async (tx) => {
    await readOneMoment(tx)
    const scores = await selectScoresAsOf(tx, boardId, asOf, members)
    const ids = [...new Set(pending.map(({ id }) => id))]
    return [scores, await selectKnownEvents(tx, boardId, ids)]
  })
  const placeOf = new Map(known.map(({ id, entry }) => [id, entry]))
  const isInLedger = ({ id, entry }: Pending) => {
    const place = placeOf.get(id)
    return place?.ms === entry.ms && place.n === entry.n
  }
  const sums = new Map<string, { score: bigint; events: number }>()
  for (const { member, score, events } of scores) sums.set(member, { score: thousandths(score), events })
  for (const one of pending) {
    if (isInLedger(one)) continue
    const { score, events } = sums.get(one.member) ?? { score: 0n, events: 0 }
    sums.set(one.member, { score: score + thousandths(one.delta), events: events + 1 })
  }
  return new Map(
    [...sums].flatMap(([member, { score, events }]) => (events > 0 ? [[member, decimalText(score)] as const] : [])),
  )
}
