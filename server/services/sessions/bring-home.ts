import type { SessionStoreName } from '@/db/postgres/schema/table-sessions'
import type { Stores } from '@/server/services/context'
import { inMove } from './in-its-store'
import { knownPlaces, prefixOf } from './places'
import { idsInStore } from './walk-sessions'

/**
 * Moves sessions that lie in a store in which nobody looks for them, as a process may leave one that was cut off from
 * Postgres while its namespace moved. What was begun anew in the right store stays. How many there were.
 */
export async function bringHome(stores: Stores): Promise<number> {
  const places = new Map((await knownPlaces(stores)).map((place) => [place.name, place]))
  if (places.size === 0) return 0
  const homeOf = (id: string): SessionStoreName | null => {
    const place = places.get(prefixOf(id) ?? '')
    return place && place.phase !== 'settled' ? null : (place?.store ?? 'redis')
  }
  let brought = 0
  for (const store of ['redis', 'unlogged'] as const)
    for await (const ids of idsInStore(stores, store, null))
      for (const id of ids) {
        const home = homeOf(id)
        if (home === null || home === store) continue
        const place = { namespace: prefixOf(id) ?? '', store, phase: 'moving' } as const
        await inMove(stores, id, place, () => Promise.resolve())
        brought++
      }
  return brought
}
