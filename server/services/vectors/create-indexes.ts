import { createHash } from 'node:crypto'
import { analyze, createIndex, dropIndex } from '@/db/postgres/queries/vectors-indexes'
import { countItems } from '@/db/postgres/queries/vectors-items'
import { type Partition, partitionName } from '@/db/postgres/queries/vectors-partitions'
import type { Space } from '@/db/postgres/queries/vectors-space'
import type { IndexMethod } from '@/db/postgres/schema/memory'
import type { Stores } from '@/server/services/context'
import { listsFor } from './index-size'

type Making = {
  job: string
  partition: Pick<Partition, 'tenant' | 'number'>
  space: Space
  parameters: { indexMethod: IndexMethod; m: number; efConstruction: number }
  /** By kind; that of all items has none. */
  names: ReadonlyMap<string | undefined, string>
  /** What need not be built any more. */
  there: readonly { name: string }[]
}

/** Builds indexes of one method and parameters, concurrently. All or none: where one fails or is cancelled, nothing is left behind. */
export async function createIndexes(
  { db }: Pick<Stores, 'db'>,
  { job, partition, space, parameters, names, there }: Making,
): Promise<void> {
  const { tenant, number } = partition
  const { indexMethod } = parameters
  try {
    for (const [kind, name] of names) {
      if (there.some((index) => index.name === name)) continue
      const lists = indexMethod === 'ivfflat' ? listsFor(await countItems(db, tenant, kind)) : 0
      await createIndex(db, { job, name, number, space, kind, parameters: { ...parameters, lists } })
    }
  } catch (error) {
    for (const name of names.values()) await dropIndex(db, name)
    throw error
  }
  await analyze(db, number)
}

type Named = { job: string; number: number; indexMethod: IndexMethod }

/** The job's own: a second attempt finds what the first finished. */
export function indexName({ job, number, indexMethod }: Named, kind?: string): string {
  const name = `${partitionName(number)}_${indexMethod}_${job.slice(0, 8)}`
  return kind === undefined ? name : `${name}_${createHash('sha256').update(kind).digest('hex').slice(0, 8)}`
}
