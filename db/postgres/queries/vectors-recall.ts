import { and, asc, desc, eq, gte, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { type MemoryColumn, memoryRecalls } from '@/db/postgres/schema/memory'
import { columnOf, distance, exactOrder, indexedDistance, type Space } from './vectors-space'

/** Items at random, with their vectors as text. */
export async function sampleItems(
  tx: Transaction,
  { tenant, column, limit }: { tenant: string; column: MemoryColumn; limit: number },
) {
  return tx.execute<{ id: string; embedding: string }>(sql`
    select id, ${columnOf(column)}::text as embedding from memory
    where tenant = ${tenant} and id = any(array(select id from memory where tenant = ${tenant} order by random() limit ${limit}))
    order by id limit ${limit}`)
}

type Question = {
  tenant: string
  space: Space
  embedding: string
  k: number
  /** An item that is searched for by its own vector. */
  without?: string
  /** The filter, where there is one. */
  kind?: string
  exact: boolean
}

/** Full-precision distances of the k nearest items, nearest first; in the order that the index has, or exactly. */
export async function nearestDistances(
  tx: Transaction,
  { tenant, space, embedding, k, without, kind, exact }: Question,
): Promise<number[]> {
  const order = exact ? exactOrder(space, embedding) : indexedDistance(space, embedding)
  const rows = await tx.execute<{ distance: number }>(sql`
    with nearest as materialized (
      select ${columnOf(space.column)} from memory where tenant = ${tenant} and ${without === undefined ? sql`true` : sql`id <> ${without}`}
        and ${kind === undefined ? sql`true` : sql`kind = ${kind}`} order by ${order} limit ${k})
    select ${distance(space, embedding)} as distance from nearest order by 1 limit ${k}`)
  return rows.map((row) => row.distance)
}

export type Recall = typeof memoryRecalls.$inferSelect

export async function insertRecall(tx: Transaction, recall: typeof memoryRecalls.$inferInsert): Promise<void> {
  await tx.insert(memoryRecalls).values(recall)
}

/** The last measurement of a tenant; null before the first. */
export async function latestRecall(db: Db, tenant: string): Promise<Recall | null> {
  const newest = desc(memoryRecalls.at)
  const [row] = await db.select().from(memoryRecalls).where(eq(memoryRecalls.tenant, tenant)).orderBy(newest).limit(1)
  return row ?? null
}

export type BelowTarget = { tenants: number; worst: { tenant: string; recall: number; target: number }[] }

/** Tenants whose index, as it was measured last, finds less than is wanted: how many, and the worst, at most `limit`. */
export async function recallsBelowTarget(
  db: Db,
  { tenant, limit }: { tenant?: string; limit: number },
): Promise<BelowTarget> {
  const rows = await db.execute<BelowTarget['worst'][number] & { tenants: number }>(sql`
    select s.tenant, r.recall, p.recall_target as target, (count(*) over ())::int as tenants
    from memory_samples s join memory_partitions p using (tenant)
    join lateral (select recall, probes is null as of_hnsw from memory_recalls r
      where r.tenant = s.tenant order by at desc limit 1) r on of_hnsw = (s.index_method = 'hnsw')
    where s.index_state = 'valid' and r.recall < p.recall_target
      and ${tenant === undefined ? sql`true` : sql`s.tenant = ${tenant}`}
    order by r.recall - p.recall_target, s.tenant limit ${limit}`)
  return { tenants: rows[0]?.tenants ?? 0, worst: rows.map(({ tenants: _, ...row }) => row) }
}

/** Measurements of a tenant since then, oldest first; at most the last thousand. */
export async function recallsSince(db: Db, { tenant, since }: { tenant: string; since: Date }): Promise<Recall[]> {
  const newest = await db
    .select()
    .from(memoryRecalls)
    .where(and(eq(memoryRecalls.tenant, tenant), gte(memoryRecalls.at, since)))
    .orderBy(desc(memoryRecalls.at), desc(memoryRecalls.id))
    .limit(1_000)
  return newest.reverse()
}

/** What scheduled measurements cost the database since then, in milliseconds. */
export async function recallCostSince(db: Db, since: Date): Promise<number> {
  const [row] = await db
    .select({ ms: sql`coalesce(sum(${memoryRecalls.databaseMs}), 0)`.mapWith(Number) })
    .from(memoryRecalls)
    .where(and(eq(memoryRecalls.scheduled, true), gte(memoryRecalls.at, since)))
  return row?.ms ?? 0
}

/** Exact search must read all of it, twenty times: what is larger is measured when an operator says so. */
const MOST_BYTES = 1024 ** 3

/** The indexed tenant whose recall is due: never measured, or too long ago, or much has changed since. Those in use first. */
export async function nextToMeasure(db: Db, before: Date, tenant?: string): Promise<string | null> {
  const [row] = await db.execute<{ tenant: string }>(sql`
    select s.tenant from memory_samples s
    left join lateral (select at, rows, dead_rows, probes is null as of_hnsw from memory_recalls r
      where r.tenant = s.tenant order by at desc limit 1) r on true
    where ${tenant === undefined ? sql`true` : sql`s.tenant = ${tenant}`} and s.index_state = 'valid' and s.rows > 1
      and s.table_bytes + s.toast_bytes <= ${MOST_BYTES}::bigint and (r.at is null or of_hnsw <> (s.index_method = 'hnsw') or r.at < ${before.toISOString()}::timestamptz
      or (r.at < now() - interval '15 min'
        and abs(s.rows - r.rows) + abs(s.dead_rows - r.dead_rows) > 0.05 * greatest(r.rows, 1)))
    order by s.searches_per_minute desc, r.at nulls first, s.tenant limit 1`)
  return row?.tenant ?? null
}

export async function deleteRecalls(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const old = db
    .select({ id: memoryRecalls.id })
    .from(memoryRecalls)
    .where(sql`${memoryRecalls.at} < ${before.toISOString()}::timestamptz`)
    .orderBy(asc(memoryRecalls.at))
    .limit(limit)
  return (await db.delete(memoryRecalls).where(sql`id in (${old})`)).count
}
