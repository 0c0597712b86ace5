import type { RedisStore } from './client'
import { keys } from './keys'
import { scanKeys } from './scan'

export type AnswerKey = { namespace: string; tenant: string; key: string }
/** `value` is JSON as text; `costUsd` a decimal string, what the answer cost when it was made, by `prompt`. */
export type Answer = { value: string; costUsd: string | null; prompt: { name: string; version: number } | null }

/** One line of cost, version and prompt, and then the value, so that a hit is one GET and its JSON is never parsed. */
const encode = ({ value, costUsd, prompt }: Answer) =>
  `${costUsd ?? ''}${prompt ? ` ${prompt.version} ${prompt.name}` : ''}\n${value}`

function decode(stored: string): Answer {
  const end = stored.indexOf('\n')
  const [costUsd, version, ...name] = stored.slice(0, end).split(' ')
  const prompt = version ? { name: name.join(' '), version: Number(version) } : null
  return { value: stored.slice(end + 1), costUsd: costUsd || null, prompt }
}

const nameOf = ({ namespace, tenant, key }: AnswerKey) => keys.answer(namespace, tenant, key)

/** One GET, which Redis counts as one keyspace hit or miss. */
export async function readAnswer({ commands }: RedisStore, key: AnswerKey): Promise<Answer | null> {
  const stored = await commands.get(nameOf(key))
  return stored === null ? null : decode(stored)
}

export async function writeAnswer({ commands }: RedisStore, key: AnswerKey, answer: Answer, ttlSeconds: number) {
  await commands.set(nameOf(key), encode(answer), 'EX', ttlSeconds)
}

/** Whether there was one. */
export async function deleteAnswer({ commands }: RedisStore, key: AnswerKey): Promise<boolean> {
  return (await commands.unlink(nameOf(key))) === 1
}

/** How many answers went. One UNLINK per key: in a cluster they lie in different slots. */
export async function eraseAnswersOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const batch of scanKeys(redis, keys.answersOfTenant(tenant))) {
    const replies = await Promise.all(batch.map((key) => redis.commands.unlink(key)))
    for (const removed of replies) erased += removed
  }
  return erased
}
