import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { apiKeys, type FirstCall } from '@/db/postgres/schema/keys'

export type { FirstCall }

/** What a request needs to know of the key that it came with. */
const identity = {
  id: apiKeys.id,
  name: apiKeys.name,
  scope: apiKeys.scope,
  tenants: apiKeys.tenants,
  simulated: apiKeys.simulated,
}
export type Key = {
  id: string
  name: string
  scope: 'app' | 'operator'
  /** Null: all tenants. */
  tenants: string[] | null
  simulated: boolean
}

const LISTED = 500

export async function insertKey(db: Db, key: typeof apiKeys.$inferInsert): Promise<string> {
  const [row] = await db.insert(apiKeys).values(key).returning({ id: apiKeys.id })
  if (!row) throw new Error('INSERT INTO api_keys returned no row')
  return row.id
}

/** The key with this hash, unless it is revoked. */
export async function selectKeyByHash(db: Db, hash: string): Promise<Key | null> {
  const [row] = await db
    .select(identity)
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, hash), isNull(apiKeys.revokedAt)))
    .limit(1)
  return row ?? null
}

/** The id of the operator who made a key; null where there is no such key. */
export async function selectKeyMaker(db: Db, id: string): Promise<string | null> {
  const [row] = await db.select({ by: apiKeys.createdById }).from(apiKeys).where(eq(apiKeys.id, id))
  return row?.by ?? null
}

/** Newest first; `more` when there are others beyond the limit. */
export async function selectKeys(db: Db) {
  const rows = await db
    .select({
      ...identity,
      prefix: apiKeys.prefix,
      createdBy: apiKeys.createdBy,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      firstEventAt: apiKeys.firstEventAt,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .orderBy(desc(apiKeys.createdAt), apiKeys.id)
    .limit(LISTED + 1)
  return { rows: rows.slice(0, LISTED), more: rows.length > LISTED }
}

export async function selectFirstCall(db: Db, id: string) {
  const [row] = await db
    .select({
      name: apiKeys.name,
      at: apiKeys.firstEventAt,
      call: apiKeys.firstCall,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .where(eq(apiKeys.id, id))
    .limit(1)
  return row ?? null
}

/** The key as it was, with the moment of its revocation; null when there is none to revoke. */
export async function markKeyRevoked(db: Db, id: string) {
  const [row] = await db
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({
      name: apiKeys.name,
      prefix: apiKeys.prefix,
      scope: apiKeys.scope,
      tenants: apiKeys.tenants,
      revokedAt: apiKeys.revokedAt,
    })
  return row ?? null
}

type Use = { id: string; lastUsedAt: Date; firstCallAt: Date | null; firstCall: FirstCall | null }

/** One statement for all of them; what was written of a key's first call is never written over. */
export async function updateKeyUses(db: Db, uses: Use[]): Promise<void> {
  if (uses.length === 0) return
  await db.execute(sql`
    update api_keys k set
      last_used_at = greatest(k.last_used_at, u."lastUsedAt"),
      first_event_at = coalesce(k.first_event_at, u."firstCallAt"),
      first_call = case when k.first_event_at is null then u."firstCall" else k.first_call end
    from jsonb_to_recordset(${JSON.stringify(uses)}::text::jsonb)
      as u("id" uuid, "lastUsedAt" timestamptz, "firstCallAt" timestamptz, "firstCall" jsonb)
    where k.id = u."id"`)
}
