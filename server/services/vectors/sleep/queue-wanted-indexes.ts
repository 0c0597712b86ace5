import { forgetIndexOff, indexesWanted } from '@/db/postgres/queries/vectors-sleep'
import type { IndexWantedBy } from '@/db/postgres/schema/memory'
import { AppError } from '@/server/errors'
import { type Stores, system } from '@/server/services/context'
import { askForJob } from '@/server/services/vectors/ask-for-job'

const PER_RUN = 50
const reasons = {
  search: 'searched while it was asleep',
  write: 'written to while it was asleep',
  load: 'taken off by a load that did not put it back',
} as const satisfies Record<IndexWantedBy, string>

/** An ordinary build for each tenant that was woken, or whose load was ended before it built the index again. */
export async function queueWantedIndexes(stores: Stores, tenant?: string): Promise<void> {
  for (const wanted of await indexesWanted(stores.db, { tenant, limit: PER_RUN }))
    try {
      const work = { kind: 'memory.build-index' } as const
      await askForJob({ ...stores, actor: system }, { tenant: wanted.tenant, work }, reasons[wanted.by])
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // Other work came first, or the tenant went. What cannot be indexed any more is searched exactly.
      if (error.code === 'bad_request') await forgetIndexOff(stores.db, wanted.tenant)
    }
}
