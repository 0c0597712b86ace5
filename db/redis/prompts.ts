import type { RedisStore } from './client'
import { captureToken, type Fenced, fillEntry, forgetEntry, readEntry } from './fenced'
import { families, keys } from './keys'

type OnChannel = { name: string; channel: string }

const entryOf = ({ name, channel }: OnChannel): Fenced => ({
  key: keys.prompt(name, channel),
  fence: keys.promptFence(name, channel),
  ttlSeconds: families.prompts.ttlSeconds,
})

export const readCachedPrompt = (redis: RedisStore, prompt: OnChannel) => readEntry(redis, entryOf(prompt))

/** The token of this miss, shared by all misses since the last activation; `fillPrompt` needs it (R4). */
export const captureFence = (redis: RedisStore, prompt: OnChannel) => captureToken(redis, entryOf(prompt))

/** Caches what was read after `token` was captured, unless an activation came in between; answers whether it did. */
export const fillPrompt = (redis: RedisStore, prompt: OnChannel, filled: { token: string; value: string }) =>
  fillEntry(redis, entryOf(prompt), filled)

/** Drops the cached version together with the token of every fill under way. */
export const forgetPrompt = (redis: RedisStore, prompt: OnChannel) => forgetEntry(redis, entryOf(prompt))
