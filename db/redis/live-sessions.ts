import type { RedisStore } from './client'
import { keys, sessionShards, shardOf } from './keys'

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

/** How many sessions have not expired at that moment; O(log n) per shard. */
export async function countLiveSessions({ commands }: RedisStore, now: number): Promise<number> {
  return sum(
    await Promise.all(sessionShards.map((shard) => commands.zcount(keys.liveSessions(shard), `(${now}`, '+inf'))),
  )
}

/** At most this many members in one command: a fraction of a millisecond (R8). */
const IDS_PER_CALL = 500

/** How many of these sessions have not expired at that moment. */
export async function countLiveAmong({ commands }: RedisStore, ids: readonly string[], now: number): Promise<number> {
  const shards = sessionShards.map((): string[] => [])
  for (const id of ids) shards[shardOf(id)]?.push(id)
  const counted = shards.map(async (mine, shard) => {
    let live = 0
    for (let at = 0; at < mine.length; at += IDS_PER_CALL) {
      const scores = await commands.zmscore(keys.liveSessions(shard), ...mine.slice(at, at + IDS_PER_CALL))
      live += scores.filter((score) => score !== null && Number(score) > now).length
    }
    return live
  })
  return sum(await Promise.all(counted))
}

/**
 * Drops up to `limit` ids of each shard that expired by `now` and says how many went at most from one, and in all. By
 * score, not by id: a session that is extended in between has left the range, and is not dropped.
 */
export async function dropExpiredSessions({ commands }: RedisStore, now: number, limit: number) {
  const dropped = await Promise.all(
    sessionShards.map(async (shard) => {
      const key = keys.liveSessions(shard)
      const last = await commands.zrangebyscore(key, '-inf', now, 'WITHSCORES', 'LIMIT', limit - 1, 1)
      return commands.zremrangebyscore(key, '-inf', last.flat().at(-1) ?? now)
    }),
  )
  return { dropped: sum(dropped), most: Math.max(...dropped) }
}

/** A session as the index knows it; `expiresAt` in epoch milliseconds. */
export type LiveId = { id: string; expiresAt: number }

type From = {
  /** Only what has not expired at that moment. */
  now: number
  descending: boolean
  /** The last one that was seen. */
  after: LiveId | null
  /** How many are asked of each shard at once. */
  step: number
}

/** Live ids of all shards in the order in which they expire, from the index alone, without end until there are no more. */
export async function* liveInOrder(redis: RedisStore, from: From): AsyncGenerator<LiveId> {
  const heads = await Promise.all(
    sessionShards.map(async (shard) => {
      const ids = idsOfShard(redis, shard, from)
      return { ids, head: (await ids.next()).value ?? null }
    }),
  )
  for (;;) {
    const [first] = heads
      .flatMap((one) => (one.head ? [{ one, head: one.head }] : []))
      .sort((a, b) => order(a.head, b.head, from.descending))
    if (!first) return
    yield first.head
    first.one.head = (await first.one.ids.next()).value ?? null
  }
}

/** As Redis orders them: by score, then by the bytes of the member. */
function order(a: LiveId, b: LiveId, descending: boolean): number {
  const ascending = a.expiresAt - b.expiresAt || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id))
  return descending ? -ascending : ascending
}

/** Live ids of one shard. What is touched meanwhile moves to a later expiry, so that an ascending walk still meets it. */
export async function* idsOfShard(redis: RedisStore, shard: number, from: From): AsyncGenerator<LiveId, undefined> {
  const { now, descending, step } = from
  let { after } = from
  let skip = 0
  for (;;) {
    const [start, end] = descending ? [after?.expiresAt ?? '+inf', `(${now}`] : [after?.expiresAt ?? `(${now}`, '+inf']
    const flat = descending
      ? await redis.commands.zrevrangebyscore(keys.liveSessions(shard), start, end, 'WITHSCORES', 'LIMIT', skip, step)
      : await redis.commands.zrangebyscore(keys.liveSessions(shard), start, end, 'WITHSCORES', 'LIMIT', skip, step)
    const found = flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, expiresAt: Number(flat[at + 1]) }] : []))
    const seen = after
    const fresh = found.filter((one) => seen === null || order(one, seen, descending) > 0)
    yield* fresh
    if (found.length < step) return
    const last = fresh.at(-1)
    // Where one instant holds more ids than a step, all of them were seen: look behind them.
    if (!last) skip += step
    else if (last.expiresAt !== after?.expiresAt) skip = 0
    after = last ?? after
  }
}
