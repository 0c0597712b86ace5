import { logOutTableSessions } from '@/db/postgres/queries/table-session-lists'
import { logOutSessions, type Meant } from '@/db/redis/logged-out'
import type { Stores } from '@/server/services/context'
import { inMove } from './in-its-store'
import { knownPlaces, prefixOf } from './places'

type Out = { logout: string; sessions: readonly Meant[]; keepMs: number }

/**
 * Takes sessions away wherever they are, and says how many there were. Both stores are asked for each, so that one which
 * lies in the wrong store goes too; one that is just moving is taken under its lock.
 */
export async function logOutEach(stores: Stores, { sessions, ...how }: Out): Promise<number> {
  const places = new Map((await knownPlaces(stores)).map((place) => [place.name, place]))
  const moving = ({ id }: Meant) => {
    const place = places.get(prefixOf(id) ?? '')
    return place && place.phase !== 'settled' ? { ...place, namespace: place.name } : null
  }
  const still = sessions.filter((one) => !moving(one))
  let out = await logOutSessions(stores.redis, { ...how, sessions: still })
  if (places.size > 0) out += await logOutTableSessions(stores.db, { ...how, sessions: still })
  for (const one of sessions) {
    const place = moving(one)
    if (place) out += await inMove(stores, one.id, place, (store) => store.logOut({ ...how, sessions: [one] }))
  }
  return out
}
