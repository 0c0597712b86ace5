import type { RedisStore } from './client'
import { keys, sessionShards } from './keys'

/** A turn on its way to Postgres. `entry` is its place in the stream, `bytes` what it weighs there. */
export type WaitingTurn = { shard: number; entry: string; bytes: number; fields: Record<string, string> }

/** At most this much in one reply: about a millisecond of Redis' time (R8). */
const MOST_REPLY_BYTES = 512 * 1024
const MOST_ENTRIES = 200

/** How many turns wait, and since when the oldest (epoch milliseconds; null where none does). */
export async function countWaitingTurns({ commands }: RedisStore) {
  const shards = await Promise.all(
    sessionShards.map(async (shard) => {
      const count = await commands.xlen(keys.waitingTurns(shard))
      if (count === 0) return { count, bytes: 0, oldest: null }
      const [[first], bytes] = await Promise.all([
        commands.xrange(keys.waitingTurns(shard), '-', '+', 'COUNT', 1),
        commands.get(keys.waitingBytes(shard)),
      ])
      return { count, bytes: Number(bytes ?? 0), oldest: first ? Number.parseInt(first[0], 10) : null }
    }),
  )
  const oldest = shards.flatMap((one) => one.oldest ?? [])
  return {
    count: shards.reduce((sum, one) => sum + one.count, 0),
    bytes: shards.reduce((sum, one) => sum + one.bytes, 0),
    oldestAt: oldest.length === 0 ? null : Math.min(...oldest),
  }
}

/**
 * Whether a shard has any. Asked several times a second of each, so by the one command that Redis does not count as a look-up:
 * with XLEN most misses of a quiet Redis, and its hit rate, would be ours.
 */
export const anyTurnWaits = async ({ commands }: RedisStore, shard: number): Promise<boolean> =>
  (await commands.memory('USAGE', keys.waitingTurns(shard), 'SAMPLES', 1)) !== null

/** The oldest turns of a shard that wait, in their order, beginning after an entry. */
export async function readWaitingTurns(
  { commands }: RedisStore,
  shard: number,
  { after = null, limit = MOST_ENTRIES }: { after?: string | null; limit?: number } = {},
): Promise<WaitingTurn[]> {
  const stream = keys.waitingTurns(shard)
  const [count, bytes] = await Promise.all([commands.xlen(stream), commands.get(keys.waitingBytes(shard))])
  if (count === 0) return []
  const typical = Math.max(1, Number(bytes ?? 0) / count)
  const fitting = Math.ceil(Math.min(limit, MOST_ENTRIES, Math.max(1, MOST_REPLY_BYTES / typical)))
  const entries = await commands.xrange(stream, after === null ? '-' : `(${after}`, '+', 'COUNT', fitting)
  return entries.map(([entry, flat]) => {
    const fields: Record<string, string> = {}
    for (let at = 0; at + 1 < flat.length; at += 2) fields[flat[at] ?? ''] = flat[at + 1] ?? ''
    return { shard, entry, bytes: Buffer.byteLength(fields.turn ?? ''), fields }
  })
}

const DROP = `
local freed = 0
for at = 1, #ARGV, 2 do
  if redis.call('XDEL', KEYS[1], ARGV[at]) == 1 then freed = freed + tonumber(ARGV[at + 1]) end
end
if redis.call('XLEN', KEYS[1]) == 0 then redis.call('UNLINK', KEYS[1], KEYS[2])
elseif freed > 0 then redis.call('DECRBY', KEYS[2], freed) end`

/** Forgets turns that Postgres has; those that another worker forgot already count for nothing. */
export async function dropWaitingTurns({ commands }: RedisStore, turns: readonly WaitingTurn[]): Promise<void> {
  for (const shard of sessionShards) {
    const mine = turns.filter((turn) => turn.shard === shard)
    for (let at = 0; at < mine.length; at += MOST_ENTRIES) {
      const args = mine.slice(at, at + MOST_ENTRIES).flatMap(({ entry, bytes }) => [entry, bytes])
      await commands.eval(DROP, 2, keys.waitingTurns(shard), keys.waitingBytes(shard), ...args)
    }
  }
}

/** How many turns of a tenant went before they reached Postgres. */
export async function eraseWaitingOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const mine of waitingOfTenant(redis, tenant)) {
    await dropWaitingTurns(redis, mine)
    erased += mine.length
  }
  return erased
}

export async function countWaitingOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let counted = 0
  for await (const mine of waitingOfTenant(redis, tenant)) counted += mine.length
  return counted
}

async function* waitingOfTenant(redis: RedisStore, tenant: string): AsyncGenerator<WaitingTurn[]> {
  for (const shard of sessionShards) {
    let after: string | null = null
    for (;;) {
      const some: WaitingTurn[] = await readWaitingTurns(redis, shard, { after })
      yield some.filter(({ fields }) => fields.tenant === tenant)
      after = some.at(-1)?.entry ?? null
      if (after === null) break
    }
  }
}
