import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '@/db/postgres/queries/jobs'
import { dropIndex, endStatements, vacuum, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import type { Stores } from '@/server/services/context'
import { buildIndex } from './build-index'
import { dropIndexes } from './drop-indexes'
import { loadWork } from './load-work'
import { clearEmbedding } from './re-embedding/clear-embedding'
import { type Control, reEmbed } from './re-embedding/re-embed'
import { putToSleep } from './sleep/put-to-sleep'
import { buildParams, dropParams } from './vectors.schema'

const PAUSE_MS = 200

/** Does what a job asks for. Begun anew after a kill it ends what goes on by itself, and takes away what is half-made. */
export async function workOf(stores: Stores, job: Job, control: Control): Promise<void> {
  const { db } = stores
  const partition = await selectPartition(db, job.tenant)
  if (!partition) throw new Error('The tenant has no memory any more.')
  const { number } = partition
  if (job.attempts > 1) while ((await endStatements(db, job.id)) > 0) await sleep(PAUSE_MS)
  for (const { name, valid } of await vectorIndexes(db, number)) if (!valid) await dropIndex(db, name)
  switch (job.kind) {
    case 'memory.build-index':
      return buildIndex({ db }, { id: job.id, partition, build: buildParams.parse(job.params) })
    case 'memory.drop-index':
      return dropIndexes({ db }, partition, dropParams.parse(job.params))
    case 'memory.sleep':
      return putToSleep({ db }, job, partition)
    case 'memory.vacuum':
      return vacuum(db, { job: job.id, number })
    case 'memory.load':
      return loadWork(stores, job, partition)
    case 'memory.re-embed':
      return reEmbed(stores, job, control)
    case 'memory.clear-embedding':
      return clearEmbedding(stores, job, control)
  }
}
