import {
  batchOf,
  insertUsage,
  joined,
  type NewUsage,
  type UsageBatch,
  type WrittenUsage,
} from '@/db/postgres/queries/usage-ingest'
import { AppError } from '@/server/errors'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'

/** The places of the rows that were new, and the transaction that wrote them; null where none was. */
export type Written = { fresh: Set<number>; transaction: string | null }
type Batch = UsageBatch & {
  names: string[]
  resolve: (written: Written) => void
  reject: (error: unknown) => void
}
type Lane = { waiting: Batch[]; rowsWaiting: number; writing: number }

/** Statements at once. Two write half as much again, and make reads of prompts wait for a processor. */
const AT_ONCE = 1
/** As many rows go into one statement: more gain little, and hold a backend for longer. */
const MOST_TOGETHER = 5_000
/** Beyond this, callers are told to come back, instead of memory growing (about 20 MB of rows). */
const MOST_WAITING = 30_000
const lanes = new WeakMap<Stores['db'], Lane>()

/**
 * Writes the rows whose event is new, and says which, after the commit (R6). Batches that arrive
 * while others are being written share the next statement and its commit. No event may be twice in `rows`.
 * @throws AppError `unavailable` when more waits than can be written soon, or when Postgres does not answer.
 */
export function writeUsage(db: Stores['db'], rows: NewUsage[]): Promise<Written> {
  const lane = lanes.get(db) ?? { waiting: [], rowsWaiting: 0, writing: 0 }
  lanes.set(db, lane)
  if (lane.rowsWaiting + rows.length > MOST_WAITING) return Promise.reject(tooMuch())
  return new Promise((resolve, reject) => {
    const names = rows.map((row) => `${row.tenant} ${row.event_id}`)
    lane.waiting.push({ ...batchOf(rows), names, resolve, reject })
    lane.rowsWaiting += rows.length
    if (lane.writing < AT_ONCE) void writeAll(db, lane)
  })
}

const tooMuch = () =>
  new AppError('unavailable', 'More usage is being reported than can be written. Send this batch again.')

async function writeAll(db: Stores['db'], lane: Lane): Promise<void> {
  lane.writing++
  let answer = () => {}
  while (lane.waiting.length > 0) {
    const writing = writeTogether(db, take(lane))
    // Postgres is at work on these already while the callers of those before are answered.
    setImmediate(answer)
    answer = await writing
  }
  lane.writing--
  answer()
}

/** Those that wait longest, as many as go together; one that names an event of theirs comes after them. */
function take(lane: Lane): Batch[] {
  const named = new Set<string>()
  let [batches, rows] = [0, 0]
  for (const batch of lane.waiting) {
    if (batches > 0 && (rows + batch.rows > MOST_TOGETHER || batch.names.some((name) => named.has(name)))) break
    for (const name of batch.names) named.add(name)
    batches++
    rows += batch.rows
  }
  lane.rowsWaiting -= rows
  return lane.waiting.splice(0, batches)
}

/** What is left to do is to tell the callers. */
async function writeTogether(db: Stores['db'], group: Batch[]): Promise<() => void> {
  try {
    const written = await insertUsage(db, joined(group))
    return () => tell(group, written)
  } catch (error) {
    if (group.length === 1 || expected(error))
      return () => {
        for (const { reject } of group) reject(error)
      }
    // One that Postgres refuses must not take the others with it.
    const answers: (() => void)[] = []
    for (const batch of group) answers.push(await writeTogether(db, [batch]))
    return () => {
      for (const answer of answers) answer()
    }
  }
}

function tell(group: Batch[], { places, transaction }: WrittenUsage) {
  let [from, at] = [0, 0]
  for (const { rows, resolve } of group) {
    const fresh = new Set<number>()
    for (; at < places.length && (places[at] ?? 0) < from + rows; at++) fresh.add((places[at] ?? 0) - from)
    from += rows
    resolve({ fresh, transaction })
  }
}
