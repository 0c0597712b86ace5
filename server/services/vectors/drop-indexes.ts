import type { z } from 'zod'
import { dropIndex, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { kindIndexes } from '@/db/postgres/queries/vectors-kinds'
import { lockPartition, type Partition, updatePartition } from '@/db/postgres/queries/vectors-partitions'
import { otherColumn } from '@/db/postgres/queries/vectors-space'
import { forgetIndexOff } from '@/db/postgres/queries/vectors-sleep'
import type { Stores } from '@/server/services/context'
import type { dropParams } from './vectors.schema'

/** The vector indexes of a tenant, or those of a single kind, for both of its models where it has two; none comes back by itself. */
export async function dropIndexes(
  { db }: Pick<Stores, 'db'>,
  { tenant, number, activeColumn: column }: Partition,
  { forKind }: z.infer<typeof dropParams>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const kinds = (await lockPartition(tx, tenant))?.indexKinds ?? []
    await updatePartition(tx, tenant, { indexKinds: kinds.filter((kind) => forKind !== undefined && kind !== forKind) })
    if (forKind === undefined) await forgetIndexOff(tx, tenant)
  })
  const indexes =
    forKind === undefined
      ? await vectorIndexes(db, number, column)
      : [...(await kindIndexes(db, number, column)), ...(await kindIndexes(db, number, otherColumn(column)))].filter(
          ({ kind }) => kind === forKind,
        )
  for (const { name } of indexes) await dropIndex(db, name)
}
