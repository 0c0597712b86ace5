import { setTimeout as sleep } from 'node:timers/promises'
import { selectSessionNamespaces, type SessionNamespace } from '@/db/postgres/queries/session-namespaces'
import type { SessionStoreName } from '@/db/postgres/schema/table-sessions'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'

/**
 * Where sessions live. The namespace of a session is what its id says before the first colon, where an operator has made one
 * of that name; every other session lives in Redis (docs/decisions/0052).
 *
 * | phase     | a session is used                                    | meanwhile the worker                           |
 * | settled   | in `store`                                           |                                                |
 * | preparing | under its lock, where it is found                    | waits until every process takes locks          |
 * | moving    | under its lock, after it was brought to the other    | brings the rest, until `store` holds none      |
 *
 * Every process acts on a copy of the rows that is at most LEASE_MS old, so that a phase is known to all once it is
 * PHASE_SETTLES_MS old: the lease, what a call may take until it is answered, and some more.
 */
export const LEASE_MS = 1_000
export const PHASE_SETTLES_MS = 5_000
/** What a session outside every namespace may wait for Postgres, when the copy is older. */
const PATIENCE_MS = 50

export type Place = Pick<SessionNamespace, 'store' | 'phase'>
const REDIS: Place = { store: 'redis', phase: 'settled' }

export const otherStore = (store: SessionStoreName): SessionStoreName => (store === 'redis' ? 'unlogged' : 'redis')

/** What an id says before its first colon; null where it says nothing. */
export const prefixOf = (id: string): string | null => {
  const end = id.indexOf(':')
  return end > 0 ? id.slice(0, end) : null
}

type Copy = { readAt: number; byName: Map<string, SessionNamespace> }
type Known = { copy: Copy | null; reading: Promise<Copy> | null }

/** One copy for each connection to Postgres. */
const copies = new WeakMap<Stores['db'], Known>()

/** @throws what Postgres throws, where there was never a copy. */
async function copyOf({ db }: Pick<Stores, 'db'>, patienceMs: number): Promise<{ copy: Copy; fresh: boolean }> {
  const known = copies.get(db) ?? { copy: null, reading: null }
  copies.set(db, known)
  const inLease = (copy: Copy) => performance.now() - copy.readAt < LEASE_MS
  if (known.copy && inLease(known.copy)) return { copy: known.copy, fresh: true }
  known.reading ??= (async () => {
    // Before the question: what changes while it is under way may be missing in the answer.
    const readAt = performance.now()
    const rows = await selectSessionNamespaces(db)
    return (known.copy = { readAt, byName: new Map(rows.map((row) => [row.name, row])) })
  })().finally(() => (known.reading = null))
  const last = known.copy
  if (!last) return { copy: await known.reading, fresh: true }
  const copy = await Promise.race([known.reading.catch(() => last), sleep(patienceMs, last, { ref: false })])
  return { copy, fresh: inLease(copy) }
}

/**
 * Where a session is to be used right now. @throws AppError `unavailable` where it may just be moving: a copy of the row is
 * too old. Sessions outside every namespace are never asked about, nor those whose prefix was none when Postgres answered
 * last: they go on without it (R5).
 */
export async function placeOf(stores: Pick<Stores, 'db'>, id: string): Promise<Place & { namespace: string | null }> {
  const namespace = prefixOf(id)
  if (namespace === null) return { ...REDIS, namespace }
  let { copy, fresh } = await copyOf(stores, PATIENCE_MS)
  if (!copy.byName.has(namespace)) return { ...REDIS, namespace: null }
  if (!fresh) ({ copy, fresh } = await copyOf(stores, LEASE_MS))
  const place = copy.byName.get(namespace)
  if (!place || !fresh)
    throw new AppError('unavailable', 'Where this session lives could not be checked in time; try again.')
  return { store: place.store, phase: place.phase, namespace }
}

/** All namespaces, as this process knows them. */
export async function knownPlaces(stores: Pick<Stores, 'db'>): Promise<SessionNamespace[]> {
  return [...(await copyOf(stores, LEASE_MS)).copy.byName.values()]
}

/** A namespace was changed by this process. */
export const forgetPlaces = ({ db }: Pick<Stores, 'db'>) => void copies.delete(db)
