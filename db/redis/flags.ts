import type { RedisStore } from './client'
import { captureToken, type Fenced, fillEntry, forgetEntry, readEntry } from './fenced'
import { families, keys } from './keys'
import { scanKeys } from './scan'

const entryOf = (name: string): Fenced => ({
  key: keys.flag(name),
  fence: keys.flagFence(name),
  ttlSeconds: families.flags.ttlSeconds,
})

export const readCachedFlag = (redis: RedisStore, name: string) => readEntry(redis, entryOf(name))
export const captureFlagFence = (redis: RedisStore, name: string) => captureToken(redis, entryOf(name))
export const fillFlag = (redis: RedisStore, name: string, filled: { token: string; value: string }) =>
  fillEntry(redis, entryOf(name), filled)
export const forgetFlag = (redis: RedisStore, name: string) => forgetEntry(redis, entryOf(name))

/** Every definition at once, for when what one tenant had of them must be nowhere. */
export async function forgetAllFlags(redis: RedisStore): Promise<void> {
  for await (const batch of scanKeys(redis, families.flags.pattern))
    await Promise.all(batch.map((key) => redis.commands.unlink(key)))
}
