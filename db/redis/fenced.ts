import { randomUUID } from 'node:crypto'
import type { RedisStore } from './client'

/** An entry of Redis whose truth is in Postgres, and the token that a fill must still hold (R4); both in one slot. */
export type Fenced = { key: string; fence: string; ttlSeconds: number }

/** Longer than any read of Postgres may take: a fill that comes later finds its token gone and is refused. */
const FENCE_MS = 10_000

export const readEntry = ({ commands }: RedisStore, { key }: Fenced): Promise<string | null> => commands.get(key)

/** The token of this miss, shared by all misses since the last change; `fillEntry` needs it (R4). */
export async function captureToken({ commands }: RedisStore, { fence }: Fenced): Promise<string> {
  const mine = randomUUID()
  const held = await commands.set(fence, mine, 'PX', FENCE_MS, 'NX', 'GET')
  return held ?? mine
}

const FILL = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`

/** Caches what was read after `token` was captured, unless a change came in between; answers whether it did. */
export async function fillEntry(
  { commands }: RedisStore,
  { key, fence, ttlSeconds }: Fenced,
  { token, value }: { token: string; value: string },
): Promise<boolean> {
  return (await commands.eval(FILL, 2, key, fence, token, value, ttlSeconds)) === 1
}

/** Drops the entry together with the token of every fill under way. */
export async function forgetEntry({ commands }: RedisStore, { key, fence }: Fenced): Promise<void> {
  await commands.del(key, fence)
}
