import type { RedisStore } from './client'
import { keys } from './keys'
import { scanKeys } from './scan'

/** `tenant` is empty where the caller named none. */
export type KvKey = { namespace: string; tenant: string; key: string }
/** `value` is JSON as text; `expiresAt` epoch milliseconds, null where it stays. */
export type KvEntry = { value: string; expiresAt: number | null }

const nameOf = ({ namespace, tenant, key }: KvKey) => keys.kv(namespace, tenant, key)

/** Both of one moment. */
const READ = `return { redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1]) }`

export async function readKv({ commands }: RedisStore, key: KvKey, now = Date.now()): Promise<KvEntry | null> {
  const [value, ttlMs] = (await commands.eval(READ, 1, nameOf(key))) as [string | null, number]
  return value === null ? null : { value, expiresAt: ttlMs < 0 ? null : now + ttlMs }
}

export async function writeKv({ commands }: RedisStore, key: KvKey, { value, expiresAt }: KvEntry): Promise<void> {
  if (expiresAt === null) await commands.set(nameOf(key), value)
  else await commands.set(nameOf(key), value, 'PXAT', expiresAt)
}

/** Whether there was one. */
export async function deleteKv({ commands }: RedisStore, key: KvKey): Promise<boolean> {
  return (await commands.unlink(nameOf(key))) === 1
}

/** The keys of a namespace, in batches; one may come more than once. */
export async function* scanKv(redis: RedisStore, namespace: string): AsyncGenerator<KvKey[]> {
  for await (const names of scanKeys(redis, keys.kvOfNamespace(namespace)))
    yield names.flatMap((name) => keys.kvEntry(name) ?? [])
}

/** How many entries of a tenant went. */
export async function eraseKvOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const names of scanKeys(redis, keys.kvOfTenant(tenant))) {
    const removed = await Promise.all(names.map((name) => redis.commands.unlink(name)))
    erased += removed.reduce((sum, one) => sum + one, 0)
  }
  return erased
}
