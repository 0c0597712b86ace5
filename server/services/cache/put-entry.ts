import { writeAnswer } from '@/db/redis/cache'
import { noteAnswerOfVersion } from '@/db/redis/prompt-answers'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { noteTenant } from '@/server/services/tenants/ensure-tenants'
import type { EntryInput, EntryKey } from './entries.schema'

/** Keeps an answer for `ttlSeconds`; `costUsd` is what a hit saves. @throws AppError `unavailable` without Redis. */
export async function putEntry(
  stores: Stores,
  { key, entry, simulated }: { key: EntryKey; entry: EntryInput; simulated: boolean },
): Promise<{ expiresAt: string }> {
  const { redis } = stores
  const { value, ttlSeconds, costUsd = null, prompt = null } = entry
  const now = Date.now()
  await redisTruth(redis, () =>
    Promise.all([
      writeAnswer(redis, key, { value: JSON.stringify(value), costUsd, prompt }, ttlSeconds),
      prompt && noteAnswerOfVersion(redis, { prompt, answer: key, ttlSeconds, now }),
    ]),
  )
  await noteTenant(stores, { slug: key.tenant, simulated })
  return { expiresAt: new Date(now + ttlSeconds * 1000).toISOString() }
}
