import { forgetKeptSearches } from '@/db/postgres/queries/vectors-kept-searches'
import { updateMemorySettings } from '@/db/postgres/queries/vectors-sleep'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { SetKeeping } from './kept-searches.schema'

/** Whether searches are kept; gateways follow within a second. Where they are not any more, those that were are deleted. */
export async function setKeeping(caller: Caller, { keep }: SetKeeping): Promise<SetKeeping & { deleted: number }> {
  return change(caller, 'vectors.set-keeping', async (tx) => {
    const before = await updateMemorySettings(tx, { keepSearches: keep, changedBy: caller.actor.name })
    const deleted = keep ? 0 : await forgetKeptSearches(tx)
    const audit = {
      target: 'memory',
      before: { keepSearches: before.keepSearches },
      after: { keepSearches: keep, deleted },
    }
    return { result: { keep, deleted }, audit }
  })
}
