import { endAliasRow, nextBookRevision } from '@/db/postgres/queries/price-book'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { noSuchEntry } from './no-such-entry'
import type { EntryId } from './prices.schema'

/** Lets a name be matched by itself again; the alias stays in the history. */
export async function removeAlias(caller: Caller, { id }: EntryId): Promise<{ id: number }> {
  return change(caller, 'prices.remove-alias', async (tx) => {
    const revision = await nextBookRevision(tx)
    const ended = await endAliasRow(tx, { id, revision, by: caller.actor.name })
    if (!ended) throw noSuchEntry('alias')
    return { result: { id }, audit: { target: `${ended.provider}/${ended.model}`, before: ended, after: null } }
  })
}
