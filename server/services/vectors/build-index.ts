import type { z } from 'zod'
import { analyze, createIndex, dropIndex, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { lockPartition, type Partition, partitionName, updatePartition } from '@/db/postgres/queries/vectors-partitions'
import { forgetIndexOff } from '@/db/postgres/queries/vectors-sleep'
import type { Stores } from '@/server/services/context'
import type { buildParams } from './vectors.schema'

type Build = {
  /** The job's. */
  id: string
  partition: Pick<Partition, 'tenant' | 'number' | 'activeColumn'>
  build: Omit<z.infer<typeof buildParams>, 'rows'>
}

/**
 * The new index stands beside the old one until it is whole; searches use it from the moment that the settings say so.
 * Its name is the job's own: a second attempt finds what the first one finished.
 */
export async function buildIndex({ db }: Pick<Stores, 'db'>, { id, partition, build }: Build): Promise<void> {
  const { tenant, number, activeColumn: column } = partition
  const { dimensions, metric, indexType, m, efConstruction } = build
  const name = `${partitionName(number)}_hnsw_${id.slice(0, 8)}`
  const there = await vectorIndexes(db, number, column)
  const space = { column, dimensions, metric, indexType }
  try {
    if (!there.some((index) => index.name === name))
      await createIndex(db, { job: id, name, number, space, m, efConstruction })
  } catch (error) {
    // Cancelled or failed: nothing is left behind.
    await dropIndex(db, name)
    throw error
  }
  await analyze(db, number)
  await db.transaction(async (tx) => {
    await lockPartition(tx, tenant)
    await updatePartition(tx, tenant, { metric, indexType, m, efConstruction })
    await forgetIndexOff(tx, tenant)
  })
  for (const index of there) if (index.name !== name) await dropIndex(db, index.name)
}
