import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { analyze, createIndex, dropIndex, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { kindIndexes } from '@/db/postgres/queries/vectors-kinds'
import { lockPartition, type Partition, partitionName, updatePartition } from '@/db/postgres/queries/vectors-partitions'
import { forgetIndexOff } from '@/db/postgres/queries/vectors-sleep'
import type { Stores } from '@/server/services/context'
import type { buildParams } from './vectors.schema'

type Build = {
  /** The job's. */
  id: string
  partition: Pick<Partition, 'tenant' | 'number' | 'activeColumn' | 'indexKinds'>
  build: Omit<z.infer<typeof buildParams>, 'rows'>
}

/**
 * The new index stands beside the old one until it is whole; searches use it from the moment that the settings say so. With it
 * come those of single kinds; or one of them alone, `forKind`. Names are the job's own: a second attempt finds what the first finished.
 */
export async function buildIndex({ db }: Pick<Stores, 'db'>, { id, partition, build }: Build): Promise<void> {
  const { tenant, number, activeColumn: column } = partition
  const { dimensions, metric, indexType, m, efConstruction, forKind } = build
  const there =
    forKind === undefined
      ? await vectorIndexes(db, number, column)
      : (await kindIndexes(db, number, column)).filter(({ kind }) => kind === forKind)
  const names = namesOf(id, partition, forKind)
  const space = { column, dimensions, metric, indexType }
  try {
    for (const [kind, name] of names)
      if (!there.some((index) => index.name === name))
        await createIndex(db, { job: id, name, number, space, m, efConstruction, kind })
  } catch (error) {
    // Cancelled or failed: nothing is left behind.
    for (const name of names.values()) await dropIndex(db, name)
    throw error
  }
  await analyze(db, number)
  await db.transaction(async (tx) => {
    const now = await lockPartition(tx, tenant)
    if (forKind !== undefined) {
      const indexKinds = [...new Set([...(now?.indexKinds ?? []), forKind])].sort()
      return updatePartition(tx, tenant, { indexKinds })
    }
    await updatePartition(tx, tenant, { metric, indexType, m, efConstruction })
    await forgetIndexOff(tx, tenant)
  })
  const made = [...names.values()]
  for (const { name } of there) if (!made.includes(name)) await dropIndex(db, name)
}

/** By kind; that of all items has none. */
function namesOf(id: string, { number, indexKinds }: Build['partition'], forKind?: string) {
  const name = `${partitionName(number)}_hnsw_${id.slice(0, 8)}`
  const ofKind = (kind: string) => `${name}_${createHash('sha256').update(kind).digest('hex').slice(0, 8)}`
  const kinds = forKind === undefined ? indexKinds : [forKind]
  const named = kinds.map((kind): [string | undefined, string] => [kind, ofKind(kind)])
  return new Map<string | undefined, string>(forKind === undefined ? [[undefined, name], ...named] : named)
}
