import { kvKeysAfter, type KvTable, lockKvKeys } from '@/db/postgres/queries/kv-entries'
import type { KvStore } from '@/db/postgres/schema/kv'
import { type KvEntry, type KvKey, scanKv } from '@/db/redis/kv'
import type { Stores } from '@/server/services/context'
import { deleteEntry, readEntry, writeEntry } from './entry-stores'

/** Locked and read at once: with values of the largest size 25 MB, and a writer of one of them waits a few milliseconds. */
const PER_BATCH = 25
/** Redis says when an entry ends by how long that is, and nobody's clocks agree to the millisecond. */
const SAME_EXPIRY_MS = 2_000

/** The keys of a namespace in one of its stores, in batches; a key may come more than once. */
export async function* keysIn({ db, redis }: Stores, store: KvStore, namespace: string): AsyncGenerator<KvKey[]> {
  if (store === 'redis') for await (const keys of scanKv(redis, namespace)) yield* inBatches(keys)
  else yield* keysInTable(db, store, namespace)
}

async function* keysInTable(db: Stores['db'], table: KvTable, namespace: string): AsyncGenerator<KvKey[]> {
  for (let after: KvKey | null = null; ;) {
    const keys: KvKey[] = await kvKeysAfter(db, table, { namespace, after, limit: PER_BATCH })
    if (keys.length === 0) return
    yield keys
    after = keys.at(-1) ?? null
  }
}

function* inBatches(keys: KvKey[]): Generator<KvKey[]> {
  for (let at = 0; at < keys.length; at += PER_BATCH) yield keys.slice(at, at + PER_BATCH)
}

/**
 * Makes these entries in `to` what they are in `from`, under their locks, and says how many were not. Whoever writes both
 * stores holds the same locks, so that nothing is written in between.
 */
export async function syncEntries(
  stores: Stores,
  { from, to }: { from: KvStore; to: KvStore },
  keys: KvKey[],
): Promise<number> {
  return stores.db.transaction(async (tx) => {
    await lockKvKeys(tx, keys)
    const at = { db: tx, redis: stores.redis }
    const sync = async (key: KvKey): Promise<number> => {
      const [right, there] = await Promise.all([readEntry(at, from, key), readEntry(at, to, key)])
      if (isSame(right, there)) return 0
      if (right) await writeEntry(at, to, key, right)
      else await deleteEntry(at, to, key)
      return 1
    }
    const differed = await Promise.all(keys.map(sync))
    return differed.reduce((sum, one) => sum + one, 0)
  })
}

function isSame(one: KvEntry | null, other: KvEntry | null): boolean {
  if (one === null || other === null) return endsNow(one ?? other)
  if (one.value !== other.value) return false
  if (one.expiresAt === null || other.expiresAt === null) return one.expiresAt === other.expiresAt
  return Math.abs(one.expiresAt - other.expiresAt) < SAME_EXPIRY_MS
}

/** About to expire, it is there or not by the clock of whoever is asked. */
const endsNow = (entry: KvEntry | null) =>
  entry === null || (entry.expiresAt !== null && entry.expiresAt < Date.now() + SAME_EXPIRY_MS)
