import { sumUpStaleHours } from '@/db/postgres/queries/usage-summaries'
import type { Stores } from '@/server/services/context'

const MINUTE_MS = 60_000
/** Stragglers come in the first minutes after an hour; until then its calls answer. */
const SETTLED_MS = 2 * MINUTE_MS
/** Hours per transaction: a fold that marks one of them waits for it. */
const BATCH = 2
/** Bounded, so that a long backlog does not hold the worker's other jobs up; the next run goes on. */
const LONGEST_MS = 5_000

/** Sums up the latencies and statuses of hours that are over and got calls since they were last summed up. */
export async function sumUpUsage({ db }: Pick<Stores, 'db'>, now = new Date()): Promise<number> {
  const endedBefore = new Date(now.getTime() - SETTLED_MS)
  let hours = 0
  for (const until = Date.now() + LONGEST_MS; Date.now() < until;) {
    const taken = await db.transaction((tx) => sumUpStaleHours(tx, { endedBefore, limit: BATCH }))
    hours += taken
    if (taken < BATCH) break
  }
  return hours
}
