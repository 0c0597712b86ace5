import { count, countDistinct, lt, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { memorySearches } from '@/db/postgres/schema/memory'

/** Searches of one tenant that are kept at the most. */
export const SLOTS = 128

export type KeptSearch = {
  tenant: string
  /** Below `SLOTS`; what was kept there goes. */
  slot: number
  at: string
  model: string
  kind: string | null
  /** As `vectorText` writes it. */
  embedding: string
}

/**
 * Keeps searches, at most one of each tenant; those of a tenant that left, or is searched by another model since, are let go
 * of. None once an operator forbade it: their lock and this one's wait for each other.
 */
export async function keepSearches(db: Db, searches: KeptSearch[]): Promise<void> {
  await db.execute(sql`
    insert into memory_searches (tenant, slot, at, model, kind, embedding)
    select s.tenant, s.slot, s.at, s.model, s.kind, s.embedding::vector
    from jsonb_to_recordset(${JSON.stringify(searches)}::text::jsonb)
      as s(tenant text, slot smallint, at timestamptz, model text, kind text, embedding text)
    join memory_partitions p on p.tenant = s.tenant and p.model = s.model and p.leaving_at is null,
      (select from memory_settings where keep_searches for share) allowed
    order by 1
    on conflict (tenant, slot) do update set at = excluded.at, model = excluded.model, kind = excluded.kind,
      embedding = excluded.embedding`)
}

type Asked = { tenant: string; model: string; kind?: string; limit: number }

/** Vectors that were searched for, at random: of one model, and of searches for one kind where one is given. */
export async function keptSearches(db: Db, { tenant, model, kind, limit }: Asked): Promise<{ embedding: string }[]> {
  const rows = await db.execute<{ embedding: string }>(sql`
    select embedding::text as embedding from memory_searches
    where tenant = ${tenant} and model = ${model} and ${kind === undefined ? sql`true` : sql`kind = ${kind}`}
    order by random() limit ${limit}`)
  return [...rows]
}

/** Of all tenants, with the bytes that they take on disk. */
export async function countKeptSearches(db: Db): Promise<{ searches: number; tenants: number; bytes: number }> {
  const { tenant } = memorySearches
  const bytes = sql`pg_total_relation_size('memory_searches')`.mapWith(Number)
  const [row] = await db.select({ searches: count(), tenants: countDistinct(tenant), bytes }).from(memorySearches)
  if (!row) throw new Error('the count of kept searches returned no row')
  return row
}

/** All of them, or those from before an instant; answers how many. */
export async function forgetKeptSearches(db: Db | Transaction, before?: Date): Promise<number> {
  return (await db.delete(memorySearches).where(before && lt(memorySearches.at, before))).count
}
