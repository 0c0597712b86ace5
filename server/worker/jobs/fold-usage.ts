import { foldDeltas } from '@/db/postgres/queries/usage-fold'
import type { Stores } from '@/server/services/context'

const BATCH = 5_000
/** Bounded, so that a long backlog does not hold the worker's other jobs up; the next run goes on. */
const BATCHES = 20

/** Folds what ingest appended into the hourly rollups. Figures are exact before, during and after (R7). */
export async function foldUsage({ db }: Pick<Stores, 'db'>): Promise<number> {
  let folded = 0
  for (let batch = 0; batch < BATCHES; batch++) {
    const count = await foldDeltas(db, BATCH)
    folded += count
    if (count < BATCH) break
  }
  return folded
}
