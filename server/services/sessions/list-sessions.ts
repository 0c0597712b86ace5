import { usageOfSessions, type SessionUsage } from '@/db/postgres/queries/session-usage'
import type { LiveId } from '@/db/redis/live-sessions'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { isStorable } from '@/server/services/text.schema'
import { promptKey } from '@/server/services/usage/usage-key'
import { idleMs, isDated, matchSessions, sinceItBegan } from './match-sessions'
import { liveCount } from './live-count'
import { type Listed, listedInOrder, summariesOf } from './live-pages'
import type { ListSessions, SessionFilter } from './session-lists.schema'
import { sessionTruth } from './session-truth'
import { type LiveSession, STEP } from './walk-sessions'

const PAGE = 50
/** One answer looks at this many at most, and says so: the next page goes on from there. */
export const MOST_EXAMINED = 10_000
const LONGEST_MS = 1_500

/**
 * A page of the live sessions that pass the filter, in the order in which they expire. `examined` says how many were looked
 * at so far, of `live`: where few pass, a page may be short and still not be the last.
 */
export async function listSessions(
  stores: Stores,
  { soonest, cursor, direction: _, ...filter }: ListSessions,
  { limit = PAGE, most = MOST_EXAMINED } = {},
) {
  const began = Date.now()
  const asOf = new Date(cursor?.asOf ?? began)
  const now = asOf.getTime()
  const { live, found, last, examined, more } = await sessionTruth(stores.redis, async () => ({
    live: await liveCount(stores, began),
    ...(await page(stores, { soonest, after: cursor ?? null, filter, now, limit, most })),
  }))
  const used = await usageOf(stores, found)
  const looked = (cursor?.examined ?? 0) + examined
  return {
    asOf: asOf.toISOString(),
    live,
    examined: looked,
    /** Why there are no figures of usage; null where there are. */
    usageMissing: used.missing,
    sessions: found.map((session) => rowOf(session, used.of.get(session.id), now)),
    next: more && last ? { id: last.id, expiresAt: last.expiresAt, examined: looked, asOf: asOf.toISOString() } : null,
  }
}
export type SessionList = Awaited<ReturnType<typeof listSessions>>
export type ListedSession = SessionList['sessions'][number]

type Asked = { soonest: boolean; after: LiveId | null; filter: SessionFilter; now: number; limit: number; most: number }

/** Step by step until the page is full, or enough was looked at; `more` when the index goes on after `last`. */
async function page(stores: Stores, { soonest, after, filter, now, limit, most }: Asked) {
  const until = Date.now() + LONGEST_MS
  const step = Object.values(filter).some((value) => value !== null) ? STEP : limit
  const ids = listedInOrder(stores, { now, descending: !soonest, after, step, whose: filter })
  const found: LiveSession[] = []
  let [last, examined, cut]: [LiveId | null, number, boolean] = [after, 0, false]
  while (found.length < limit && examined < most && Date.now() < until) {
    const some = await take(ids, step)
    const passed = await matchSessions(stores, await summariesOf(stores.redis, some, filter), filter, now)
    const room = passed.slice(0, limit - found.length)
    found.push(...room)
    // Where the page is full in the middle of a step, the next one begins after its last row.
    cut = room.length < passed.length
    const end = cut ? some.findIndex(({ id }) => id === room.at(-1)?.id) : some.length - 1
    examined += end + 1
    last = some[end] ?? last
    if (some.length < step) return { found, last, examined, more: cut }
  }
  return { found, last, examined, more: cut || (await take(ids, 1)).length > 0 }
}

async function take(ids: AsyncGenerator<Listed>, count: number): Promise<Listed[]> {
  const some: Listed[] = []
  while (some.length < count) {
    const { value, done } = await ids.next()
    if (done) break
    some.push(value)
  }
  return some
}

/** Sessions are Redis' for the most part: without Postgres their usage is missing, not they. */
async function usageOf({ db }: Pick<Stores, 'db'>, sessions: readonly LiveSession[]) {
  const known = sessions.filter((session) => isDated(session) && isStorable(session.id) && isStorable(session.tenant))
  try {
    const rows = await usageOfSessions(db, known.map(sinceItBegan))
    return { missing: null, of: new Map(rows.map((row) => [row.id, row])) }
  } catch (error) {
    const why = expected(error)
    if (why?.code !== 'unavailable') throw error
    return { missing: why.message, of: new Map<string, SessionUsage>() }
  }
}

function rowOf(session: LiveSession, used: SessionUsage | undefined, now: number) {
  const { id, tenant, user, ttlSeconds, createdAt, turns, bytes, expiresAt, store } = session
  return {
    ...{ id, tenant, user, ttlSeconds, turns, bytes, store },
    /** Null where another program wrote what is no time. */
    createdAt: isDated(session) ? new Date(createdAt).toISOString() : null,
    expiresAt: new Date(expiresAt).toISOString(),
    idleMs: idleMs(session, now),
    usage: used
      ? {
          requests: used.requests,
          tokens: used.tokens,
          costUsd: used.costUsd,
          unpriced: used.unpriced,
          prompt: promptKey(used.promptName, used.promptVersion),
        }
      : null,
  }
}
