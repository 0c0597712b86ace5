import { addToJob, type Job } from '@/db/postgres/queries/jobs'
import { dropIndex, vectorIndexBytes, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import type { Partition } from '@/db/postgres/queries/vectors-partitions'
import { forgetIndexOff, noteIndexOff } from '@/db/postgres/queries/vectors-sleep'
import type { IndexWantedBy } from '@/db/postgres/schema/memory'
import type { Stores } from '@/server/services/context'

type Postgres = Pick<Stores, 'db'>
type Of = Pick<Partition, 'tenant' | 'number' | 'activeColumn'>

/**
 * Drops the index of a tenant that shall come back as it was: noted first, so that a kill in between loses nothing. Answers the
 * bytes that it took; where it cannot be dropped, it stays and nothing is noted.
 */
export async function takeIndexOff({ db }: Postgres, partition: Of, wantedBy?: IndexWantedBy): Promise<number> {
  const { tenant, number, activeColumn: column } = partition
  const indexes = await vectorIndexes(db, number, column)
  if (indexes.length === 0) return 0
  const bytes = await vectorIndexBytes(db, number, column)
  await noteIndexOff(db, { tenant, bytes, wantedBy })
  try {
    for (const { name } of indexes) await dropIndex(db, name)
  } catch (error) {
    if ((await vectorIndexes(db, number, column)).some(({ valid }) => valid)) await forgetIndexOff(db, tenant)
    throw error
  }
  return bytes
}

/** Gives a tenant's index up until the next search or write. Begun anew after a kill it finds what is left to do. */
export async function putToSleep({ db }: Postgres, job: Job, partition: Partition): Promise<void> {
  const freedBytes = await takeIndexOff({ db }, partition)
  if (freedBytes === 0 && !partition.indexOff) throw new Error('There is no index any more that could be given up.')
  if (freedBytes > 0) await addToJob(db, { id: job.id, note: { freedBytes } })
}
