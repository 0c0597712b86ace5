import {
  countIn,
  lockReEmbedding,
  stopWrites,
  swapColumns,
  updateReEmbedding,
} from '@/db/postgres/queries/re-embeddings'
import { insertMemoryNote } from '@/db/postgres/queries/vectors-notes'
import { lockPartition } from '@/db/postgres/queries/vectors-partitions'
import { samplePartitions } from '@/db/postgres/queries/vectors-samples'
import { otherColumn } from '@/db/postgres/queries/vectors-space'
import { beginWrite, endWrite } from '@/db/redis/vectors'
import { patiently } from '@/db/postgres/deadline'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { redisInTime } from '@/server/services/redis-in-time'
import { forgetPartition } from '@/server/services/vectors/partitions'
import type { TenantAndModel } from './re-embedding.schema'
import { asConflict } from './start-re-embedding'

const FENCE_MS = 100
/** All items are read while nobody writes. */
const PATIENCE_MS = 60_000

/** Items were written that have no vector of the other model yet; nothing was changed. */
export class StillMissing extends Error {
  constructor(readonly items: number) {
    super(`${items} items have no vector yet`)
  }
}

/**
 * Makes the other column the one that is searched, in one transaction that sees that it misses nothing. Answers that Redis
 * keeps are void before it is committed, as with every write (R4). @throws StillMissing; AppError `conflict`.
 */
export async function switchColumns(caller: Caller, { tenant, model }: TenantAndModel): Promise<void> {
  const { db, redis } = caller
  const writer = await redisInTime(FENCE_MS, redis, () => beginWrite(redis, tenant))
  await patiently(PATIENCE_MS, () =>
    change(caller, 'vectors.switch-model', async (tx) => {
      if (writer === null) await insertMemoryNote(tx, tenant)
      const row = await lockReEmbedding(tx, tenant)
      const partition = await lockPartition(tx, tenant)
      if (!row || !partition) throw new AppError('not_found', `${tenant} changes no model.`, { field: 'tenant' })
      if (partition.otherModel !== model || row.state === 'clearing')
        throw new AppError('conflict', `${tenant} has no vectors of ${model} to switch to.`, { field: 'model' })
      await stopWrites(tx, partition.number)
      const missing = await countIn(tx, { tenant, column: otherColumn(partition.activeColumn), there: false })
      if (missing > 0) throw new StillMissing(missing)
      await swapColumns(tx, tenant)
      const switchedAt = model === row.toModel ? new Date() : null
      await updateReEmbedding(tx, tenant, { state: 'whole', switchWhenWhole: false, missing: 0, switchedAt })
      return { result: null, audit: { target: tenant, before: { model: partition.model }, after: { model } } }
    }),
  ).catch(asConflict)
  forgetPartition(caller, tenant)
  if (writer !== null) await redisInTime(FENCE_MS, redis, () => endWrite(redis, tenant, writer))
  await samplePartitions(db, { tenant })
}
