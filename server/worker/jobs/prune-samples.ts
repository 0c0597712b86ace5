import { pruneCensuses } from '@/db/postgres/queries/censuses'
import { deleteOldCommands } from '@/db/postgres/queries/redis-commands'
import { deleteRedisSamples } from '@/db/postgres/queries/redis-samples'
import { SAMPLES_KEPT_DAYS } from '@/server/services/cache/retention'
import type { Stores } from '@/server/services/context'

const HOUR_MS = 3_600_000
const ROWS_PER_STEP = 2_000
/** A run ends here and goes on at its next turn: 100,000 rows, several days of samples. */
const STEPS_PER_RUN = 50

/** Forgets old samples of Redis, commands and censuses, in steps short enough to disturb nobody. */
export async function pruneSamples({ db }: Pick<Stores, 'db'>, now = Date.now()): Promise<number> {
  const before = new Date(now - SAMPLES_KEPT_DAYS * 24 * HOUR_MS)
  let gone = await pruneCensuses(db, { before, thinBefore: new Date(now - HOUR_MS) })
  for (const forget of [deleteRedisSamples, deleteOldCommands])
    for (let step = 0; step < STEPS_PER_RUN; step++) {
      const deleted = await forget(db, { before, limit: ROWS_PER_STEP })
      gone += deleted
      if (deleted < ROWS_PER_STEP) break
    }
  return gone
}
