import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { kvLogged, kvUnlogged } from '@/db/postgres/schema/kv'
import { arrayLiteral } from './array-literal'

export type KvTable = 'unlogged' | 'logged'
/** `tenant` is empty where the caller named none. */
type Key = { namespace: string; tenant: string; key: string }
type Entry = { value: string; expiresAt: number | null }

const tables = { unlogged: kvUnlogged, logged: kvLogged }
const EXPIRED_PER_CALL = 5_000

const expiry = ({ expiresAt }: Pick<Entry, 'expiresAt'>) => (expiresAt === null ? null : new Date(expiresAt))
const at = (table: KvTable, { namespace, tenant, key }: Key) => {
  const of = tables[table]
  return and(eq(of.namespace, namespace), eq(of.tenant, tenant), eq(of.key, key))
}

/** Null also for one that has expired and is still there. */
export async function selectKv(db: Db, table: KvTable, key: Key): Promise<Entry | null> {
  const of = tables[table]
  const [row] = await db
    .select({ value: of.value, expiresAt: of.expiresAt })
    .from(of)
    .where(and(at(table, key), sql`(${of.expiresAt} is null or ${of.expiresAt} > now())`))
    .limit(1)
  return row ? { value: row.value, expiresAt: row.expiresAt?.getTime() ?? null } : null
}

export async function upsertKv(db: Db, table: KvTable, key: Key, entry: Entry): Promise<void> {
  const of = tables[table]
  const kept = { value: entry.value, expiresAt: expiry(entry) }
  await db
    .insert(of)
    .values({ ...key, ...kept })
    .onConflictDoUpdate({ target: [of.namespace, of.tenant, of.key], set: kept })
}

/** Whether there was one that had not expired. */
export async function deleteKvRow(db: Db, table: KvTable, key: Key): Promise<boolean> {
  const of = tables[table]
  const rows = await db.delete(of).where(at(table, key)).returning({ expiresAt: of.expiresAt })
  return rows.some(({ expiresAt }) => expiresAt === null || expiresAt.getTime() > Date.now())
}

/** How many entries went that had expired. */
export async function deleteExpiredKv(db: Db, table: KvTable): Promise<number> {
  const of = tables[table]
  const gone = await db.execute(sql`
    delete from ${of} where ctid = any (array (
      select ctid from ${of} where expires_at < now() order by expires_at limit ${EXPIRED_PER_CALL}
      for update skip locked))`)
  return gone.count
}

/** The keys of a namespace that follow `after`, in order. */
export async function kvKeysAfter(
  db: Db,
  table: KvTable,
  { namespace, after, limit }: { namespace: string; after: { tenant: string; key: string } | null; limit: number },
): Promise<Key[]> {
  const of = tables[table]
  const following = after ? sql`and (tenant, key) > (${after.tenant}, ${after.key})` : sql``
  const rows = await db.execute<{ tenant: string; key: string }>(sql`
    select tenant, key from ${of} where namespace = ${namespace} ${following} order by tenant, key limit ${limit}`)
  return rows.map(({ tenant, key }) => ({ namespace, tenant, key }))
}

/**
 * Holds these keys until the transaction ends, so that whoever writes both stores, or copies from one to the other, does so
 * one after the other. In the order of their numbers, so that two never wait for each other in a circle.
 */
export async function lockKvKeys(tx: Db, keys: Key[]): Promise<void> {
  const names = arrayLiteral(keys.map(({ namespace, tenant, key }) => JSON.stringify([namespace, tenant, key])))
  await tx.execute(sql`
    select pg_advisory_xact_lock(number) from (
      select distinct hashtextextended(name, 7091) as number from unnest(${names}::text[]) as name order by 1
    ) as locks limit ${keys.length}`)
}

/** How many entries went, up to `limit`. */
export async function deleteKvOfNamespace(db: Db, table: KvTable, namespace: string, limit: number): Promise<number> {
  const of = tables[table]
  const gone = await db.execute(sql`
    delete from ${of} where ctid = any (array (select ctid from ${of} where namespace = ${namespace} limit ${limit}))`)
  return gone.count
}
