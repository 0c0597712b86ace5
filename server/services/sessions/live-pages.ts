import { type TableSession, tableSessionsInOrder } from '@/db/postgres/queries/table-session-lists'
import { type LiveId, liveInOrder } from '@/db/redis/live-sessions'
import type { Stores } from '@/server/services/context'
import { knownPlaces } from './places'
import { type LiveSession, STEP, type Whose, withSummaries } from './walk-sessions'

/** A live session as its store lists it: Redis by id alone. */
export type Listed = LiveId & { inTable?: TableSession }
type From = { now: number; descending: boolean; after: LiveId | null; step: number; whose: Whose }

/** Live sessions of both memories in the order in which they expire, without end until there are no more. */
export async function* listedInOrder(stores: Stores, { whose, ...from }: From): AsyncGenerator<Listed> {
  const inTable = (await knownPlaces(stores)).length > 0
  const sides = [liveInOrder(stores.redis, from), ...(inTable ? [tableInOrder(stores, { whose, ...from })] : [])]
  const next = async (ids: AsyncGenerator<Listed>) => {
    const { value, done } = await ids.next()
    return done ? null : value
  }
  const heads = await Promise.all(sides.map(async (ids) => ({ ids, head: await next(ids) })))
  for (;;) {
    const [first] = heads
      .flatMap((one) => (one.head ? [{ one, head: one.head }] : []))
      .sort((a, b) => (from.descending ? -1 : 1) * order(a.head, b.head))
    if (!first) return
    yield first.head
    first.one.head = await next(first.one.ids)
  }
}

async function* tableInOrder({ db }: Pick<Stores, 'db'>, { whose, step: _, ...from }: From): AsyncGenerator<Listed> {
  for (let { after } = from; ;) {
    const found = await tableSessionsInOrder(db, whose, { ...from, after, limit: STEP })
    for (const one of found) yield { id: one.id, expiresAt: one.expiresAt, inTable: one }
    after = found.at(-1) ?? null
    if (found.length < STEP) return
  }
}

/** By expiry, then by the bytes of the id. */
const order = (a: LiveId, b: LiveId) =>
  a.expiresAt - b.expiresAt || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id))

/** Those of somebody among them, in their order. */
export async function summariesOf(
  redis: Stores['redis'],
  listed: readonly Listed[],
  whose: Whose,
): Promise<LiveSession[]> {
  const ofRedis = await withSummaries(
    redis,
    listed.filter(({ inTable }) => !inTable),
    whose,
  )
  const known = new Map(ofRedis.map((one) => [one.id, one]))
  return listed.flatMap(({ id, inTable }) =>
    inTable ? { ...inTable, store: 'unlogged' as const } : (known.get(id) ?? []),
  )
}
