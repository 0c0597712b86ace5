import { randomUUID } from 'node:crypto'
import type { RedisStore } from './client'
import { families, keys } from './keys'

type OnChannel = { name: string; channel: string }

/** Longer than any read of Postgres may take: a fill that comes later finds its token gone and is refused. */
const FENCE_MS = 10_000

export async function readCachedPrompt({ commands }: RedisStore, { name, channel }: OnChannel): Promise<string | null> {
  return commands.get(keys.prompt(name, channel))
}

/** The token of this miss, shared by all misses since the last activation; `fillPrompt` needs it (R4). */
export async function captureFence({ commands }: RedisStore, { name, channel }: OnChannel): Promise<string> {
  const mine = randomUUID()
  const held = await commands.set(keys.promptFence(name, channel), mine, 'PX', FENCE_MS, 'NX', 'GET')
  return held ?? mine
}

const FILL = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`

/** Caches what was read after `token` was captured, unless an activation came in between; answers whether it did. */
export async function fillPrompt(
  { commands }: RedisStore,
  { name, channel }: OnChannel,
  { token, value }: { token: string; value: string },
): Promise<boolean> {
  const [key, fence] = [keys.prompt(name, channel), keys.promptFence(name, channel)]
  return (await commands.eval(FILL, 2, key, fence, token, value, families.prompts.ttlSeconds)) === 1
}

/** Drops the cached version together with the token of every fill under way. */
export async function forgetPrompt({ commands }: RedisStore, { name, channel }: OnChannel): Promise<void> {
  await commands.del(keys.prompt(name, channel), keys.promptFence(name, channel))
}
