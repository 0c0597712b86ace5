import { endDuel, insertDuel, lockOpenDuels, markStore, productionStores } from '@/db/postgres/queries/kv-duels'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { DuelId, MarkProduction, StartDuel } from './kv.schema'

/** What must be typed before stores that are marked as production are loaded: "redis and postgres". */
export const productionWord = (stores: readonly string[]) => stores.join(' and ')

/**
 * Asks the worker for a duel: the same operations against both memories, one after the other, bounded by number and time.
 * @throws AppError `forbidden` for stores marked as production without their names, `conflict` while another one runs.
 */
export async function startDuel(caller: Caller, { production, ...duel }: StartDuel): Promise<{ id: string }> {
  return change(caller, 'kv.duel', async (tx) => {
    const marked = await productionStores(tx)
    if (marked.length > 0 && production !== productionWord(marked))
      throw new AppError('forbidden', `Marked as production: ${productionWord(marked)}. Confirm that by its name.`, {
        field: 'production',
      })
    if ((await lockOpenDuels(tx)).length > 0)
      throw new AppError('conflict', 'A duel is under way already: wait for its end, or stop it.')
    const id = await insertDuel(tx, { ...duel, state: 'waiting', startedBy: caller.actor.name })
    return { result: { id }, audit: { target: duel.against, after: { id, ...duel, production: marked } } }
  })
}

/** It ends within a fraction of a second. */
export async function stopDuel(caller: Caller, { id }: DuelId): Promise<{ id: string }> {
  return change(caller, 'kv.stop-duel', async (tx) => {
    if (!(await endDuel(tx, id, { state: 'stopped' })))
      throw new AppError('not_found', 'This duel has ended already.', { field: 'id' })
    return { result: { id }, audit: { target: id } }
  })
}

/** Says whether a memory serves production: duels are asked about twice then. */
export async function markProduction(caller: Caller, { store, production }: MarkProduction): Promise<MarkProduction> {
  return change(caller, 'kv.mark-production', async (tx) => {
    const before = (await productionStores(tx)).includes(store)
    await markStore(tx, { store, production, changedBy: caller.actor.name })
    return {
      result: { store, production },
      audit: { target: store, before: { production: before }, after: { production } },
    }
  })
}
