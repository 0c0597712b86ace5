import { writeAnswer } from '@/db/redis/cache'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { noteTenant } from '@/server/services/tenants/ensure-tenants'
import type { EntryInput, EntryKey } from './entries.schema'

/** Keeps an answer for `ttlSeconds`; `costUsd` is what a hit saves. @throws AppError `unavailable` without Redis. */
export async function putEntry(
  stores: Stores,
  { key, entry, simulated }: { key: EntryKey; entry: EntryInput; simulated: boolean },
): Promise<{ expiresAt: string }> {
  const { value, ttlSeconds, costUsd = null } = entry
  await redisTruth(stores.redis, () =>
    writeAnswer(stores.redis, key, { value: JSON.stringify(value), costUsd }, ttlSeconds),
  )
  await noteTenant(stores, { slug: key.tenant, simulated })
  return { expiresAt: new Date(Date.now() + ttlSeconds * 1000).toISOString() }
}
