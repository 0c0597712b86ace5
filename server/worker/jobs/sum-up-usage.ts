import { sumUpStaleDay } from '@/db/postgres/queries/usage-days'
import { sumUpStaleHours } from '@/db/postgres/queries/usage-summaries'
import type { Stores } from '@/server/services/context'

const MINUTE_MS = 60_000
/** Stragglers come in the first minutes after an hour; until then its calls answer. */
const SETTLED_MS = 2 * MINUTE_MS
/** Hours per transaction: a fold that marks one of them waits for it. */
const BATCH = 2
/** Bounded, so that a long backlog does not hold the worker's other jobs up; the next run goes on. */
const LONGEST_MS = 5_000

/**
 * Sums up what is over and changed since it was summed up last: the latencies and statuses of hours, and days. Returns how
 * many hours and days.
 */
export async function sumUpUsage({ db }: Pick<Stores, 'db'>, now = new Date()): Promise<number> {
  const endedBefore = new Date(now.getTime() - SETTLED_MS)
  const until = Date.now() + LONGEST_MS
  let done = 0
  // Hours first: their sums by status make their days stale.
  while (Date.now() < until) {
    const taken = await db.transaction((tx) => sumUpStaleHours(tx, { endedBefore, limit: BATCH }))
    done += taken
    if (taken < BATCH) break
  }
  while (Date.now() < until && (await db.transaction((tx) => sumUpStaleDay(tx, { endedBefore })))) done++
  return done
}
