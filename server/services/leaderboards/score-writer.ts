import type { LedgerEvent } from '@/db/postgres/queries/leaderboard-ledger'
import type { Board } from '@/db/postgres/queries/leaderboards'
import { applyEvents, STEP } from '@/db/redis/leaderboards'
import type { Stores } from '@/server/services/context'
import { addToLedger, type AddedToLedger, NotExact, type Outcome } from './add-to-ledger'
import { catchUp } from './catch-up'
import { boardIsClosed, notExact } from './no-such-board'

/** Null: the board is gone. */
type Written = { outcome: Outcome; score: string | null } | null
type Waiting = { event: LedgerEvent; resolve: (written: Written) => void; reject: (error: unknown) => void }

/**
 * Writes scores to ledgers, one transaction at a time for each board: scores that come meanwhile share the next one, so
 * that a busy board holds one connection and its lock is never fought for within a process.
 */
export function scoreWriter(stores: Stores) {
  const queues = new Map<string, Waiting[]>()

  const write = async (board: Board, batch: Waiting[]): Promise<void> => {
    try {
      const events = batch.map(({ event }) => event)
      const added = await addToLedger(stores, board.id, events)
      // Redis may be away: what it was not told it catches up on (the worker sees to it).
      if (added) await tell(stores, board, added).catch(() => {})
      batch.forEach(({ event, resolve, reject }, index) => {
        const outcome = added?.outcomes[index]
        if (!added || outcome === undefined) return resolve(null)
        if (outcome === 'added' && added.board.closedAt) return reject(boardIsClosed(board.name))
        resolve({ outcome, score: added.scores.get(event.member) ?? null })
      })
    } catch (error) {
      if (error instanceof NotExact && batch.length > 1) for (const one of batch) await write(board, [one])
      else for (const { reject } of batch) reject(error instanceof NotExact ? notExact() : error)
    }
  }
  const drain = async (board: Board, queue: Waiting[]) => {
    while (queue.length > 0) await write(board, queue.splice(0, STEP))
    queues.delete(board.id)
  }

  return (board: Board, event: LedgerEvent): Promise<Written> =>
    new Promise((resolve, reject) => {
      const queue = queues.get(board.id)
      const waiting = { event, resolve, reject }
      if (queue) return void queue.push(waiting)
      const mine = [waiting]
      queues.set(board.id, mine)
      void drain(board, mine)
    })
}

async function tell(stores: Stores, board: Board, { from, added }: AddedToLedger): Promise<void> {
  if (added.length === 0 || !stores.redis.healthy()) return
  const to = from + added.length
  const stands = await applyEvents(stores.redis, board, { from, to, events: added })
  if (stands !== null && stands < to) await catchUp(stores, board, stands)
}
