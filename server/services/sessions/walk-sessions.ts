import { tableSessionsInOrder } from '@/db/postgres/queries/table-session-lists'
import type { SessionStoreName } from '@/db/postgres/schema/table-sessions'
import { sessionShards } from '@/db/redis/keys'
import { idsOfShard, type LiveId } from '@/db/redis/live-sessions'
import { type SessionSummary, slices, summariseSessions } from '@/db/redis/sessions'
import type { Stores } from '@/server/services/context'
import { knownPlaces, prefixOf } from './places'
import type { SessionFilter } from './session-lists.schema'

export const STEP = 500
const LANES = 4

/** A session with its expiry, as the index has it (epoch milliseconds), and the store that it was found in. */
export type LiveSession = SessionSummary & { expiresAt: number; store: SessionStoreName }
export type Step = { examined: number; sessions: LiveSession[] }
export type Whose = Pick<SessionFilter, 'tenant' | 'user' | 'namespace'>
type Walk = { now: number; whose: Whose }

/**
 * Every live session of somebody, in steps that Redis does not feel (R8). Each that lives from the beginning to the end is met: what is
 * touched meanwhile moves to where the walk still has to come, and so does what moves from one store to the other.
 */
export async function* walkSessions(stores: Stores, walk: Walk): AsyncGenerator<Step> {
  const places = await knownPlaces(stores)
  const backwards = places.some(({ phase, store }) => phase !== 'settled' && store === 'unlogged')
  const inTable = places.length > 0 ? walkTable(stores, walk) : null
  if (inTable && backwards) yield* inTable
  yield* walkRedis(stores, walk)
  if (inTable && !backwards) yield* inTable
}

async function* walkTable({ db }: Pick<Stores, 'db'>, { now, whose }: Walk): AsyncGenerator<Step> {
  for (let after: LiveId | null = null; ;) {
    const found: Awaited<ReturnType<typeof tableSessionsInOrder>> = await tableSessionsInOrder(db, whose, {
      ...{ now, after, descending: false, limit: STEP },
    })
    if (found.length === 0) return
    yield { examined: found.length, sessions: found.map((one) => ({ ...one, store: 'unlogged' })) }
    after = found.at(-1) ?? null
  }
}

async function* walkRedis({ redis }: Pick<Stores, 'redis'>, walk: Walk): AsyncGenerator<Step> {
  const waiting = [...sessionShards]
  // A few shards side by side: the walk is bound by the way to Redis and back, not by Redis.
  const lanes = new Map(Array.from({ length: LANES }, (_, lane) => [lane, nextStep({ redis }, walk, waiting)] as const))
  while (lanes.size > 0) {
    const { lane, step, rest } = await Promise.race([...lanes].map(async ([lane, next]) => ({ lane, ...(await next) })))
    if (step) yield step
    if (rest) lanes.set(lane, nextStep({ redis }, walk, waiting, rest))
    else lanes.delete(lane)
  }
}

type Ids = AsyncGenerator<LiveId>

/** The next step of a shard, or the first of the next shard; no `rest` once there is none. */
async function nextStep(
  { redis }: Pick<Stores, 'redis'>,
  { now, whose }: Walk,
  waiting: number[],
  ids?: Ids,
): Promise<{ step: Step | null; rest: Ids | null }> {
  const shard = ids ? undefined : waiting.shift()
  if (!ids && shard === undefined) return { step: null, rest: null }
  const from = ids ?? idsOfShard(redis, shard ?? 0, { now, descending: false, after: null, step: STEP })
  const some: LiveId[] = []
  while (some.length < STEP) {
    const { value, done } = await from.next()
    if (done) break
    some.push(value)
  }
  if (some.length === 0) return nextStep({ redis }, { now, whose }, waiting)
  return { step: { examined: some.length, sessions: await withSummaries(redis, some, whose) }, rest: from }
}

/** Those of somebody among them; entries of the index without a session are left out. */
export async function withSummaries(
  redis: Stores['redis'],
  ids: readonly LiveId[],
  { namespace, ...whose }: Whose,
): Promise<LiveSession[]> {
  const meant = namespace === null ? ids : ids.filter(({ id }) => prefixOf(id) === namespace)
  const found: LiveSession[] = []
  for (const some of slices(meant, STEP)) {
    const asked = some.map(({ id }) => id)
    const summaries = await summariseSessions(redis, asked, whose)
    summaries.forEach((summary, at) => {
      const live = some[at]
      if (typeof summary === 'object' && live) found.push({ ...summary, expiresAt: live.expiresAt, store: 'redis' })
    })
  }
  return found
}

/** The ids of one store in steps; of Redis those of every namespace. */
export async function* idsInStore(
  stores: Stores,
  store: SessionStoreName,
  namespace: string | null,
): AsyncGenerator<string[]> {
  const now = Date.now()
  if (store === 'unlogged') {
    const whose = { tenant: null, user: null, namespace }
    for await (const { sessions } of walkTable(stores, { now, whose })) yield sessions.map(({ id }) => id)
    return
  }
  for (const shard of sessionShards) {
    let some: string[] = []
    for await (const { id } of idsOfShard(stores.redis, shard, { now, descending: false, after: null, step: STEP })) {
      some.push(id)
      if (some.length < STEP) continue
      yield some
      some = []
    }
    if (some.length > 0) yield some
  }
}
