import { endOverrideRow, nextBookRevision } from '@/db/postgres/queries/price-book'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { noSuchEntry } from './no-such-entry'
import type { EntryId } from './prices.schema'

/** Takes an override out of use; it stays in the history, and calls costed with it keep their cost until re-priced. */
export async function endOverride(caller: Caller, { id }: EntryId): Promise<{ id: number }> {
  return change(caller, 'prices.end-override', async (tx) => {
    const revision = await nextBookRevision(tx)
    const ended = await endOverrideRow(tx, { id, revision, by: caller.actor.name })
    if (!ended) throw noSuchEntry('override')
    return { result: { id }, audit: { target: `${ended.provider}/${ended.model}`, before: ended, after: null } }
  })
}
