import { insertUsage, type NewUsage } from '@/db/postgres/queries/usage-ingest'
import { AppError } from '@/server/errors'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'

/** The places of the rows that were new, and the transaction that wrote them; null where none was. */
export type Written = { fresh: Set<number>; transaction: string | null }
type Batch = { rows: NewUsage[]; resolve: (written: Written) => void; reject: (error: unknown) => void }
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
    lane.waiting.push({ rows, resolve, reject })
    lane.rowsWaiting += rows.length
    if (lane.writing < AT_ONCE) void writeAll(db, lane)
  })
}

const tooMuch = () =>
  new AppError('unavailable', 'More usage is being reported than can be written. Send this batch again.')

async function writeAll(db: Stores['db'], lane: Lane): Promise<void> {
  lane.writing++
  while (lane.waiting.length > 0) {
    const group = take(lane)
    try {
      await writeTogether(db, group)
    } catch (error) {
      // One that Postgres refuses must not take the others with it.
      if (group.length > 1 && !expected(error))
        for (const batch of group) await writeTogether(db, [batch]).catch(batch.reject)
      else for (const { reject } of group) reject(error)
    }
  }
  lane.writing--
}

function take(lane: Lane): Batch[] {
  let [batches, rows] = [0, 0]
  for (const batch of lane.waiting) {
    if (batches > 0 && rows + batch.rows.length > MOST_TOGETHER) break
    batches++
    rows += batch.rows.length
  }
  lane.rowsWaiting -= rows
  return lane.waiting.splice(0, batches)
}

/** An event that two batches name is written for the first of them; to the other it is one that was there already. */
async function writeTogether(db: Stores['db'], group: Batch[]): Promise<void> {
  const [only] = group
  if (group.length === 1 && only) {
    const { places: fresh, transaction } = await insertUsage(db, only.rows)
    return only.resolve({ fresh: new Set(fresh), transaction })
  }
  const seen = new Set<string>()
  const rows: NewUsage[] = []
  const [batches, places]: [number[], number[]] = [[], []]
  for (const [batch, { rows: own }] of group.entries())
    for (const [place, row] of own.entries()) {
      const name = `${row.tenant} ${row.event_id}`
      if (seen.has(name)) continue
      seen.add(name)
      rows.push(row)
      batches.push(batch)
      places.push(place)
    }
  const fresh = group.map(() => new Set<number>())
  const { places: written, transaction } = await insertUsage(db, rows)
  for (const at of written) fresh[batches[at] ?? 0]?.add(places[at] ?? 0)
  for (const [batch, { resolve }] of group.entries()) resolve({ fresh: fresh[batch] ?? new Set(), transaction })
}
