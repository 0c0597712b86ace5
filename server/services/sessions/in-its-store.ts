import type { Transaction } from '@/db/postgres/client'
import { lockSession } from '@/db/postgres/queries/table-sessions'
import type { Stores } from '@/server/services/context'
import { otherStore, type Place, placeOf } from './places'
import { redisSessions, type SessionStore, tableSessions } from './session-stores'

type Placed = Place & { namespace: string }

/** Asks the store that a session lives in. @throws AppError `unavailable` while that does not answer. */
export async function inItsStore<T>(
  stores: Pick<Stores, 'db' | 'redis'>,
  id: string,
  ask: (store: SessionStore, namespace: string | null) => Promise<T>,
): Promise<T> {
  const { namespace, ...place } = await placeOf(stores, id)
  if (namespace === null) return ask(redisSessions(stores.redis), namespace)
  if (place.phase !== 'settled') return inMove(stores, id, { namespace, ...place }, ask)
  return ask(place.store === 'redis' ? redisSessions(stores.redis) : tableSessions(stores.db, namespace), namespace)
}

/**
 * Asks for a session that moves, under its lock (see places.ts). What is in both was brought over by a process that died
 * before it could take the first one away: the second one counts.
 */
export async function inMove<T>(
  { db, redis }: Pick<Stores, 'db' | 'redis'>,
  id: string,
  { namespace, store, phase }: Placed,
  ask: (store: SessionStore, namespace: string | null) => Promise<T>,
): Promise<T> {
  const ends = (tx: Transaction) => {
    const both = { redis: redisSessions(redis), unlogged: tableSessions(tx, namespace) }
    return { from: both[store], to: both[otherStore(store)] }
  }
  if (phase === 'moving')
    // Committed before the first one goes: a process that dies in between leaves both.
    await db.transaction(async (tx) => {
      await lockSession(tx, id)
      const { from, to } = ends(tx)
      const whole = (await to.has(id)) ? null : await from.take(id)
      if (whole) await to.give(id, whole)
    })
  return db.transaction(async (tx) => {
    await lockSession(tx, id)
    const { from, to } = ends(tx)
    const brought = await to.has(id)
    if (brought) await from.delete(id, null)
    return ask(brought || phase === 'moving' ? to : from, namespace)
  })
}
