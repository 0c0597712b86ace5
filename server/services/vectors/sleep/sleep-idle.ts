import { idleIndexes, selectMemorySettings } from '@/db/postgres/queries/vectors-sleep'
import { AppError } from '@/server/errors'
import { type Stores, system } from '@/server/services/context'
import { askForJob } from '@/server/services/vectors/ask-for-job'

const PER_RUN = 20

/** Puts to sleep what nobody used for as long as operators set, if they did; answers how many, the largest first. */
export async function sleepIdle(stores: Stores, { tenant = null }: { tenant?: string | null } = {}): Promise<number> {
  const { sleepAfterDays: days } = await selectMemorySettings(stores.db)
  if (days === null) return 0
  const { largest } = await idleIndexes(stores.db, { days, tenant, limit: PER_RUN })
  let asked = 0
  for (const idle of largest)
    try {
      const work = { kind: 'memory.sleep' } as const
      await askForJob({ ...stores, actor: system }, { tenant: idle, work }, `not used for ${days} days`)
      asked++
    } catch (error) {
      if (!(error instanceof AppError)) throw error // else it changed meanwhile
    }
  return asked
}
