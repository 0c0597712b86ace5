import { randomUUID } from 'node:crypto'
import { patiently } from '@/db/postgres/deadline'
import { BinaryRows } from '@/db/postgres/queries/binary-rows'
import { insertAudit } from '@/db/postgres/queries/audit'
import { beat, beginJob, endJob, handJob } from '@/db/postgres/queries/jobs'
import { addRow, copyItems, createLoadTable, dropLoadTable, repeatedId } from '@/db/postgres/queries/vectors-load'
import { addPartition, lockPartition, selectPartition, setSpace } from '@/db/postgres/queries/vectors-partitions'
import type { Space } from '@/db/postgres/queries/vectors-space'
import { AppError } from '@/server/errors'
import { badInput, expected } from '@/server/failure'
import type { Caller } from '@/server/services/context'
import { ensureTenants } from '@/server/services/tenants/ensure-tenants'
import { newItem } from './add-items'
import { checkVector } from './check-vector'
import { type Line, linesOf } from './lines-of'
import { forgetPartition, spaceOf } from './partitions'
import { type AcceptedLoad, LoadedItem, type MemoryItem } from './vectors.schema'

/** What one COPY carries. */
const BATCH_BYTES = 8 * 1024 * 1024
const PATIENCE_MS = 60_000
const BEAT_MS = 1_000

type Input = { tenant: string; chunks: AsyncIterable<Buffer>; simulated: boolean }
type Receiving = { job: string; number: number; tenant: string; worker: string }
type Known = { model: string; space: Space }

/**
 * Takes in many items of a tenant, one JSON object per line, all or none: they wait in a table of the load's own, whence the
 * worker brings them into the memory in one step (load-work.ts). Killed at any point it leaves nothing but that table, which
 * the worker takes away. @throws AppError that names the line, `conflict` while other work on the memory is under way.
 */
export async function loadItems(caller: Caller, { tenant, chunks, simulated }: Input): Promise<AcceptedLoad> {
  await ensureTenants(caller, { slugs: [tenant], simulated })
  await addPartition(caller.db, tenant)
  const partition = await selectPartition(caller.db, tenant)
  if (!partition)
    throw new AppError('conflict', 'This tenant is being erased right now; try again.', { field: 'tenant' })
  const receiving = await begin(caller, { tenant, number: partition.number, indexed: partition.indexed })
  try {
    const { model } = partition
    const space = spaceOf(partition)
    const known = model !== null && space ? { model, space } : null
    const taken = await receive(caller, receiving, {
      chunks,
      known,
      empty: { ...partition, column: partition.activeColumn },
    })
    await hand(caller, receiving, taken)
    return { load: receiving.job, items: taken.items, state: 'queued' }
  } catch (error) {
    throw await giveUp(caller, receiving, error)
  }
}

type Begun = { tenant: string; number: number; indexed: boolean }

async function begin({ db, actor }: Caller, { tenant, number, ...params }: Begun): Promise<Receiving> {
  const worker = randomUUID()
  return db.transaction(async (tx) => {
    const kind = 'memory.load' as const
    const job = await beginJob(tx, { kind, tenant, params, estimateMs: null, requestedBy: actor.name, worker })
    if (!job) throw new AppError('conflict', `Other work on the memory of ${tenant} is under way.`, { field: 'tenant' })
    await createLoadTable(tx, { number, job: job.id, tenant })
    return { job: job.id, number, tenant, worker }
  })
}

type Source = { chunks: AsyncIterable<Buffer>; known: Known | null; empty: Omit<Space, 'dimensions'> }

/** Every line, checked, in the load's own table; how many, and the space that they have. */
async function receive({ db }: Caller, load: Receiving, { chunks, known, empty }: Source) {
  const rows = new BinaryRows()
  const pulse = startPulse(db, load)
  let copying = Promise.resolve()
  // The next lines are read while Postgres takes the last ones in.
  const copy = async () => {
    await copying
    copying = copyItems(db, load, rows)
    copying.catch(() => {}) // heard where it is awaited
  }
  try {
    for await (const line of linesOf(chunks)) {
      const item = itemOf(line)
      known ??= { model: item.embeddingModel, space: { ...empty, dimensions: item.embedding.length } }
      checkFit(line.number, item, known)
      addRow(rows, line.number, newItem(item))
      pulse.items++
      if (rows.bytes >= BATCH_BYTES) await copy()
      if (pulse.ended) throw new Ended()
    }
    if (!known) throw new AppError('bad_request', 'body: has no items', { field: 'body' })
    if (rows.rows > 0) await copy()
    await copying
    const twice = await patiently(PATIENCE_MS, () => repeatedId(db, load))
    if (twice) throw wrong(twice.again, 'id', `is on line ${twice.first}, too`)
    return { items: pulse.items, known }
  } finally {
    pulse.stop()
    await copying.catch(() => {})
  }
}

/** Says every second that the load goes on, and hears whether it still may. */
function startPulse(db: Caller['db'], { job, worker }: Receiving) {
  const beatNow = async () => {
    // Silence of Postgres is no verdict: the next COPY meets it, too.
    const phase = `receiving, ${pulse.items.toLocaleString('en')} items so far`
    const heard = await beat(db, { id: job, worker, phase }).catch(() => undefined)
    if (heard === null || heard?.cancelled) pulse.ended = true
  }
  const timer = setInterval(() => void beatNow(), BEAT_MS)
  const pulse = { items: 0, ended: false, stop: () => clearInterval(timer) }
  return pulse
}

/** The worker does the rest. The tenant's first items decide its model and dimensions here, and not before. */
async function hand(
  caller: Caller,
  { job, number, tenant, worker }: Receiving,
  { items, known }: { items: number; known: Known },
) {
  await caller.db.transaction(async (tx) => {
    const partition = await lockPartition(tx, tenant)
    if (!partition) throw new Ended()
    const { model, space } = known
    if (partition.model === null) await setSpace(tx, { tenant, number, model, dimensions: space.dimensions })
    else if (partition.model !== model || partition.dimensions !== space.dimensions)
      throw new AppError('conflict', 'Items of another model came in meanwhile: models are never mixed.', {
        field: 'body',
      })
    if (!(await handJob(tx, { id: job, worker, note: { items, model } }))) throw new Ended()
    await insertAudit(tx, { actor: caller.actor, action: 'vectors.load', target: tenant, after: { job, items } })
  })
  forgetPartition(caller, tenant)
}

/** Somebody cancelled the load, or took it for dead. */
class Ended extends Error {}

/** Nothing is left of a load that failed but what became of it. Answers what its caller shall see. */
async function giveUp(
  { db, actor }: Caller,
  { job, number, tenant, worker }: Receiving,
  error: unknown,
): Promise<unknown> {
  const known = expected(error)
  const ended = error instanceof Ended
  const state = ended ? 'cancelled' : 'failed'
  const reason = ended ? null : (known?.message ?? 'It did not come to its end.')
  try {
    if (await endJob(db, { id: job, worker, state, error: reason }))
      await insertAudit(db, { actor, action: 'vectors.load', target: tenant, after: { job, state, error: reason } })
    await dropLoadTable(db, { number, job })
  } catch (cause) {
    // The worker ends a load that is silent, and sweeps its table away; what went wrong first is what the caller needs.
    if (!expected(cause)) throw cause
  }
  return ended
    ? new AppError('conflict', 'The load was ended meanwhile: nothing of it is kept.', { field: 'body' })
    : error
}

function itemOf({ number, value }: Line) {
  const parsed = LoadedItem.safeParse(value)
  if (parsed.success) return parsed.data
  const { field, message } = badInput(parsed.error)
  const line = `lines.${number}`
  if (field === undefined) throw new AppError('bad_request', `${line}: ${message}`, { field: line })
  throw new AppError('bad_request', `${line}.${message}`, { field: `${line}.${field}` })
}

function checkFit(number: number, { embedding, embeddingModel }: MemoryItem, known: Known): void {
  if (embeddingModel !== known.model)
    throw new AppError('conflict', `Line ${number} is not of ${known.model}: models are never mixed.`, {
      field: `lines.${number}.embeddingModel`,
    })
  checkVector(embedding, known.space, `lines.${number}.embedding`)
}

function wrong(number: number, name: string, message: string) {
  const field = `lines.${number}.${name}`
  return new AppError('bad_request', `${field}: ${message}`, { field })
}
