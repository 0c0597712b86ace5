import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '@/db/postgres/queries/jobs'
import {
  countIn,
  deleteReEmbedding,
  emptyColumn,
  lockReEmbedding,
  setOther,
  stopWrites,
} from '@/db/postgres/queries/re-embeddings'
import { dropIndex, vacuum, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { lockPartition, selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { otherColumn } from '@/db/postgres/queries/vectors-space'
import type { Stores } from '@/server/services/context'
import type { Control } from './re-embed'

const BATCH = 500
const PAUSE_MS = 100

/** Takes the vectors of the model away that is not searched, their index first, and closes the column. Safe to do again. */
export async function clearEmbedding({ db }: Pick<Stores, 'db'>, job: Job, { signal, tell }: Control): Promise<void> {
  const { tenant } = job
  const partition = await selectPartition(db, tenant)
  if (!partition) throw new Error('The tenant has no memory any more.')
  const { number } = partition
  const column = otherColumn(partition.activeColumn)
  tell({ phase: 'dropping', progress: null })
  for (const { name } of await vectorIndexes(db, number, column)) await dropIndex(db, name)
  for (;;) {
    for (let after: string | null = null; ;) {
      signal.throwIfAborted()
      after = await emptyColumn(db, { tenant, column, after, limit: BATCH })
      if (after === null) break
    }
    const closed = await db.transaction(async (tx) => {
      const found = await lockReEmbedding(tx, tenant)
      // An attempt that was killed after this transaction had done it all.
      if (!found && job.attempts > 1) return true
      if (found?.state !== 'clearing') throw new Error('There is nothing to drop any more.')
      await lockPartition(tx, tenant)
      await stopWrites(tx, number)
      if ((await countIn(tx, { tenant, column, there: true })) > 0) return false
      await setOther(tx, tenant, null)
      await deleteReEmbedding(tx, tenant)
      return true
    })
    if (closed) break
    await sleep(PAUSE_MS)
  }
  await vacuum(db, { job: job.id, number })
}
