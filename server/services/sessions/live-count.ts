import { countTableSessions } from '@/db/postgres/queries/table-session-lists'
import { countLiveSessions } from '@/db/redis/live-sessions'
import type { Stores } from '@/server/services/context'
import { knownPlaces } from './places'

/** How many sessions live in both memories at that moment; the table is asked only where something may be in it. */
export async function liveCount(stores: Stores, now: number): Promise<number> {
  const places = await knownPlaces(stores)
  const [inRedis, inTable] = await Promise.all([
    countLiveSessions(stores.redis, now),
    places.length > 0 ? countTableSessions(stores.db, now) : 0,
  ])
  return inRedis + inTable
}
