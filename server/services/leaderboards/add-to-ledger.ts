import {
  addLateRepeats,
  appendEvents,
  type LedgerEvent,
  selectKnownEvents,
} from '@/db/postgres/queries/leaderboard-ledger'
import { type Board, lockBoard } from '@/db/postgres/queries/leaderboards'
import type { Stores } from '@/server/services/context'
import { decimalText, isExact, thousandths } from './decimal'

export type Outcome = 'added' | 'repeat' | 'conflict'
export type AddedToLedger = {
  /** In the order of what was given. */
  outcomes: Outcome[]
  /** Of the members of what was added. */
  scores: Map<string, string>
  /** What was added, numbered from `from` + 1. */
  from: number
  added: LedgerEvent[]
}

/** A score that no double carries exactly; nothing was added. */
export class NotExact extends Error {}

/**
 * Adds events to the ledger of one board, each id once; null when there is no such board. What Redis accepted first is
 * added as it is, also after the board was closed: it was accepted before.
 */
export async function addToLedger(
  { db }: Pick<Stores, 'db'>,
  boardId: string,
  events: readonly LedgerEvent[],
): Promise<(AddedToLedger & { board: Board }) | null> {
  return db.transaction(async (tx) => {
    const board = await lockBoard(tx, boardId)
    if (!board) return null
    const from = board.lastSeq
    const known = new Map((await selectKnownEvents(tx, boardId, idsOf(events))).map((event) => [event.id, event]))
    const added: LedgerEvent[] = []
    const outcomes = events.map((event): Outcome => {
      const before = known.get(event.id)
      if (before) return outcomeOf(before, event)
      known.set(event.id, event)
      added.push(event)
      return 'added'
    })
    const refused = board.closedAt !== null && added.some(({ entry }) => entry === null)
    if (added.length === 0 || refused) return { board, outcomes, scores: new Map<string, string>(), from, added: [] }
    const scores = await appendEvents(tx, { boardId, lastSeq: from, at: new Date(), events: added })
    if (added.some(({ member, entry }) => entry === null && !isExact(thousandths(scores.get(member) ?? '0'))))
      throw new NotExact()
    const repeats = outcomes.filter((outcome, index) => outcome !== 'added' && events[index]?.entry).length
    if (repeats > 0) await addLateRepeats(tx, boardId, repeats)
    return { board, outcomes, scores, from, added }
  })
}

/** What Redis has at another place than the ledger, or the ledger took itself, was counted by both. */
function outcomeOf(before: LedgerEvent, { member, delta, entry }: LedgerEvent): Outcome {
  if (entry && before.entry?.ms === entry.ms && before.entry.n === entry.n) return 'added'
  return before.member === member && thousandths(before.delta) === thousandths(delta) ? 'repeat' : 'conflict'
}

const idsOf = (events: readonly LedgerEvent[]) => [...new Set(events.map(({ id }) => id))]

/** A delta as the stores take it. */
export const deltaText = (delta: number) =>
  Number.isInteger(delta) ? String(BigInt(delta)) : decimalText(BigInt(Math.round(delta * 1000)))
