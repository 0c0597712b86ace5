import type { Db } from '@/db/postgres/client'
import { deleteKvRow, selectKv, upsertKv } from '@/db/postgres/queries/kv-entries'
import type { KvStore } from '@/db/postgres/schema/kv'
import type { RedisStore } from '@/db/redis/client'
import { deleteKv, type KvEntry, type KvKey, readKv, writeKv } from '@/db/redis/kv'
import { redisTruth } from '@/server/services/redis-truth'

/** What reads and writes either memory; `db` may be a transaction. */
export type Handles = { db: Db; redis: RedisStore }

/** @throws AppError `unavailable` while its store does not answer. */
export const readEntry = ({ db, redis }: Handles, store: KvStore, key: KvKey): Promise<KvEntry | null> =>
  store === 'redis' ? redisTruth(redis, () => readKv(redis, key)) : selectKv(db, store, key)

export const writeEntry = ({ db, redis }: Handles, store: KvStore, key: KvKey, entry: KvEntry): Promise<void> =>
  store === 'redis' ? redisTruth(redis, () => writeKv(redis, key, entry)) : upsertKv(db, store, key, entry)

/** Whether there was one. */
export const deleteEntry = ({ db, redis }: Handles, store: KvStore, key: KvKey): Promise<boolean> =>
  store === 'redis' ? redisTruth(redis, () => deleteKv(redis, key)) : deleteKvRow(db, store, key)
