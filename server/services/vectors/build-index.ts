import type { z } from 'zod'
import { dropIndex, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { kindIndexes } from '@/db/postgres/queries/vectors-kinds'
import { lockPartition, type Partition, updatePartition } from '@/db/postgres/queries/vectors-partitions'
import { forgetIndexOff } from '@/db/postgres/queries/vectors-sleep'
import type { Stores } from '@/server/services/context'
import { createIndexes, indexName } from './create-indexes'
import type { buildParams } from './vectors.schema'

type Build = {
  /** The job's. */
  id: string
  partition: Pick<Partition, 'tenant' | 'number' | 'activeColumn' | 'indexKinds'>
  build: Omit<z.infer<typeof buildParams>, 'rows'>
}

/**
 * The new index stands beside the old one until it is whole; searches use it from the moment that the settings say so. With it
 * come those of single kinds; or one of them alone, `forKind`.
 */
export async function buildIndex({ db }: Pick<Stores, 'db'>, { id, partition, build }: Build): Promise<void> {
  const { tenant, number, activeColumn: column } = partition
  const { dimensions, metric, indexType, indexMethod, m, efConstruction, forKind } = build
  const there =
    forKind === undefined
      ? await vectorIndexes(db, number, column)
      : (await kindIndexes(db, number, column)).filter(({ kind }) => kind === forKind)
  const kinds = forKind === undefined ? [undefined, ...partition.indexKinds] : [forKind]
  const names = new Map(kinds.map((kind) => [kind, indexName({ job: id, number, indexMethod }, kind)]))
  const space = { column, dimensions, metric, indexType }
  await createIndexes(
    { db },
    { job: id, partition, space, parameters: { indexMethod, m, efConstruction }, names, there },
  )
  await db.transaction(async (tx) => {
    const now = await lockPartition(tx, tenant)
    if (forKind !== undefined) {
      const indexKinds = [...new Set([...(now?.indexKinds ?? []), forKind])].sort()
      return updatePartition(tx, tenant, { indexKinds })
    }
    await updatePartition(tx, tenant, { metric, indexType, indexMethod, m, efConstruction })
    await forgetIndexOff(tx, tenant)
  })
  const made = [...names.values()]
  for (const { name } of there) if (!made.includes(name)) await dropIndex(db, name)
}
