import { addToJob, type Job } from '@/db/postgres/queries/jobs'
import { saveActivity } from '@/db/postgres/queries/vectors-activity'
import { analyze, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { becomeTenant, countItems } from '@/db/postgres/queries/vectors-items'
import { selectSample } from '@/db/postgres/queries/vectors-list'
import { dropLoadTable, hasLoadTable, insertLoaded, leaveTenant, tableBytes } from '@/db/postgres/queries/vectors-load'
import { insertMemoryNote } from '@/db/postgres/queries/vectors-notes'
import type { Partition } from '@/db/postgres/queries/vectors-partitions'
import { wantIndex } from '@/db/postgres/queries/vectors-sleep'
import { MAX_INDEXED_DIMENSIONS } from '@/db/postgres/queries/vectors-space'
import { voidSearches } from '@/db/redis/vectors'
import type { Stores } from '@/server/services/context'
import { redisInTime } from '@/server/services/redis-in-time'
import { buildIndex } from './build-index'
import { INDEX_PAYS_ROWS } from './index-size'
import { takeIndexOff } from './sleep/put-to-sleep'
import { loadParams } from './vectors.schema'

/** From this share of the rows that are there on, the index is built anew rather than added to, row by row (see ADR 48). */
const INDEX_OFF_SHARE = 0.5
const MINUTE_MS = 60_000
const VOID_MS = 1_000

/**
 * Brings what came in into the memory, in one transaction that also takes away where it waited: an attempt after a kill
 * either does it all, or finds that it was done. The index is off meanwhile where much comes in, and built again afterwards.
 */
export async function loadWork(stores: Stores, job: Job, partition: Partition): Promise<void> {
  const { db } = stores
  const { number, dimensions, activeColumn: column } = partition
  const { items, model, indexed } = loadParams.parse(job.params)
  const load = { number, job: job.id, tenant: job.tenant, column }
  if (await hasLoadTable(db, load)) {
    if (items === undefined) {
      await dropLoadTable(db, load)
      throw new Error('The upload came to no end: nothing of it is kept.')
    }
    if (model !== partition.model)
      throw new Error(
        `The items are of ${model}, and the tenant's model was switched meanwhile: nothing of them is kept.`,
      )
    const rows = (await selectSample(db, job.tenant))?.rows ?? 0
    if (items >= INDEX_OFF_SHARE * rows) await takeIndexOff({ db }, partition, 'load')
    await addToJob(db, { id: job.id, note: { baseBytes: await tableBytes(db, number) } })
    await insert(stores, load)
  }
  if ((await vectorIndexes(db, number, column)).length > 0) return
  const pays = indexed || partition.indexOff || (await countItems(db, job.tenant)) >= INDEX_PAYS_ROWS
  if (!pays || dimensions === null || dimensions > MAX_INDEXED_DIMENSIONS[partition.indexType])
    return analyze(db, number)
  await buildIndex({ db }, { id: job.id, partition, build: { ...partition, dimensions } })
}

type Load = Parameters<typeof insertLoaded>[1]

async function insert({ db, redis }: Stores, load: Load): Promise<void> {
  const { job: id, tenant } = load
  await db.transaction(async (tx) => {
    await insertMemoryNote(tx, tenant)
    await becomeTenant(tx, tenant)
    const counts = await insertLoaded(tx, load)
    await leaveTenant(tx)
    await wantIndex(tx, { tenant, by: 'write' })
    await dropLoadTable(tx, load)
    await addToJob(tx, { id, note: counts })
    const minute = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS).toISOString()
    const { added, updated } = counts
    const none = { searches: 0, cached: 0, bins: {}, kinds: {}, deleted: 0 }
    await saveActivity(tx, `load ${id}`, [{ minute, tenant, added, updated, ...none }])
  })
  // R4: before the job is done. Where Redis does not hear of it, the note is passed on by the worker.
  await redisInTime(VOID_MS, redis, () => voidSearches(redis, tenant))
}
