import { and, eq, sql } from 'drizzle-orm'
import type { Db, Postgres, Transaction } from '@/db/postgres/client'
import { type MemoryColumn, memoryPartitions, memoryReEmbeddings } from '@/db/postgres/schema/memory'
import { arrayLiteral } from './array-literal'
import { becomeTenant } from './vectors-items'
import { lockPartition, partitionName } from './vectors-partitions'
import { columnOf, modelColumnOf, vectorText } from './vectors-space'
import { holdToSpaces } from './vectors-spaces'

export type ReEmbedding = typeof memoryReEmbeddings.$inferSelect

export async function selectReEmbedding(db: Db, tenant: string): Promise<ReEmbedding | null> {
  const [row] = await db.select().from(memoryReEmbeddings).where(eq(memoryReEmbeddings.tenant, tenant)).limit(1)
  return row ?? null
}

/** Held until the transaction ends. */
export async function lockReEmbedding(tx: Transaction, tenant: string): Promise<ReEmbedding | null> {
  const [row] = await tx
    .select()
    .from(memoryReEmbeddings)
    .where(eq(memoryReEmbeddings.tenant, tenant))
    .limit(1)
    .for('update')
  return row ?? null
}

export async function insertReEmbedding(tx: Transaction, row: typeof memoryReEmbeddings.$inferInsert): Promise<void> {
  await tx.insert(memoryReEmbeddings).values(row)
}

type Change = Partial<
  Pick<ReEmbedding, 'state' | 'switchWhenWhole' | 'missing' | 'wholeAt' | 'switchedAt' | 'recallBefore' | 'recallAfter'>
>
export async function updateReEmbedding(db: Db, tenant: string, change: Change): Promise<void> {
  await db.update(memoryReEmbeddings).set(change).where(eq(memoryReEmbeddings.tenant, tenant))
}

type Whole = { tenant: string; id: string } & Pick<ReEmbedding, 'recallBefore' | 'recallAfter'>

/** None is missing any more; false where the change was ended meanwhile. What was measured before stays where nothing is new. */
export async function markWhole(db: Db, { tenant, id, recallBefore, recallAfter }: Whole): Promise<boolean> {
  const recalls = recallAfter === null ? {} : { recallBefore, recallAfter }
  const { count } = await db
    .update(memoryReEmbeddings)
    .set({ state: 'whole', missing: 0, wholeAt: sql`clock_timestamp()`, ...recalls })
    .where(
      and(
        eq(memoryReEmbeddings.tenant, tenant),
        eq(memoryReEmbeddings.id, id),
        eq(memoryReEmbeddings.state, 'filling'),
      ),
    )
  return count === 1
}

/** What the change has cost in US dollars, exactly, and what the rest will by the tokens per item so far; null without a price. */
export async function costOfReEmbedding(db: Db, tenant: string) {
  const [row] = await db.execute<{ soFar: string | null; toCome: string | null }>(sql`
    select trim_scale(tokens * price_per_million / 1000000)::text as "soFar",
      trim_scale(round(case when missing = 0 then 0 when embedded > 0 then tokens::numeric / embedded * missing * price_per_million / 1000000 end, 12))::text as "toCome"
    from memory_re_embeddings where tenant = ${tenant}`)
  return row ?? { soFar: null, toCome: null }
}

/** US dollars of so many tokens, exactly. */
export async function costOfTokens(db: Db, { tokens, perMillion }: { tokens: number; perMillion: string }) {
  const [row] = await db.execute<{ cost: string }>(
    sql`select trim_scale(${tokens}::numeric * ${perMillion}::numeric / 1000000)::text as cost`,
  )
  if (!row) throw new Error('the cost of tokens returned no row')
  return row.cost
}

type Of = { tenant: string; column: MemoryColumn }

/** Items, those without a vector in this column, and how long the first thousand contents are on average. */
export function countMissing(db: Pick<Postgres, 'transaction'>, { tenant, column }: Of) {
  return db.transaction(async (tx) => {
    await becomeTenant(tx, tenant)
    const [row] = await tx.execute<{ items: string; missing: string; characters: number | null }>(sql`
      select count(*) as items, count(*) filter (where ${columnOf(column)} is null) as missing,
        (select avg(length(content))::float8 from (
          select content from memory where tenant = ${tenant} order by id limit 1000) as first) as characters
      from memory where tenant = ${tenant}`)
    if (!row) throw new Error('counting items returned no row')
    return { items: Number(row.items), missing: Number(row.missing), characters: row.characters ?? 0 }
  })
}

export type ToEmbed = { id: string; content: string; hash: string }

/** Items without a vector in this column, by id, from after one id on. */
export function itemsToEmbed(
  db: Pick<Postgres, 'transaction'>,
  { tenant, column, after, limit }: Of & { after: string | null; limit: number },
): Promise<ToEmbed[]> {
  return db.transaction(async (tx) => {
    await becomeTenant(tx, tenant)
    const rows = await tx.execute<ToEmbed>(sql`
      select id, content, content_hash as hash from memory
      where tenant = ${tenant} and ${columnOf(column)} is null and ${after === null ? sql`true` : sql`id > ${after}`}
      order by id limit ${limit}`)
    return [...rows]
  })
}

type Batch = Of & {
  /** Of the change: one that was cancelled, or began anew, takes nothing. */
  change: string
  model: string
  rows: { id: string; hash: string; vector: readonly number[] }[]
  tokens: number
  estimated: number
  retries: number
  requests: number
  workedMs: number
}

/**
 * Keeps the vectors of a batch, and what it cost, in one transaction; of items that changed meanwhile none is kept. Answers
 * how many were; null where the change is not the one any more that this batch is of.
 */
export function keepBatch(db: Pick<Postgres, 'transaction'>, batch: Batch): Promise<number | null> {
  const { tenant, column, change, model, rows, tokens, estimated, retries, requests, workedMs } = batch
  const list = (of: (row: Batch['rows'][number]) => string) => arrayLiteral(rows.map(of))
  return db.transaction(async (tx) => {
    const { count } = await tx.execute(sql`
      update memory_re_embeddings set embedded = embedded + ${rows.length}, tokens = tokens + ${tokens},
        tokens_estimated = tokens_estimated + ${estimated}, retries = retries + ${retries}, requests = requests + ${requests},
        worked_ms = worked_ms + ${Math.round(workedMs)}, missing = greatest(0, missing - ${rows.length})
      where tenant = ${tenant} and id = ${change} and state = 'filling'`)
    if (count === 0) return null
    await becomeTenant(tx, tenant)
    const kept = await tx.execute(sql`
      update memory m set ${columnOf(column)} = made.vector, ${modelColumnOf(column)} = ${model}
      from unnest(${list(({ id }) => id)}::text[], ${list(({ hash }) => hash)}::text[],
        ${list(({ vector }) => vectorText(vector))}::vector[]) as made(id, hash, vector)
      where m.tenant = ${tenant} and m.id = made.id and m.content_hash = made.hash and m.${columnOf(column)} is null`)
    return kept.count
  })
}

/** Empties this column of up to `limit` items, by id, from after one id on. Answers the last one's; null at the end. */
export function emptyColumn(
  db: Pick<Postgres, 'transaction'>,
  { tenant, column, after, limit }: Of & { after: string | null; limit: number },
): Promise<string | null> {
  return db.transaction(async (tx) => {
    await becomeTenant(tx, tenant)
    const rows = await tx.execute<{ id: string }>(sql`
      with chosen as materialized (
        select id from memory where tenant = ${tenant} and ${columnOf(column)} is not null
          and ${after === null ? sql`true` : sql`id > ${after}`} order by id limit ${limit}),
      emptied as (
        update memory m set ${columnOf(column)} = null, ${modelColumnOf(column)} = null
        from chosen where m.tenant = ${tenant} and m.id = chosen.id)
      select max(id) as id from chosen`)
    return rows[0]?.id ?? null
  })
}

/** How long a lock on a partition is waited for: its searches wait behind it meanwhile. */
const LOCK_MS = 2_000

/** Lets nobody write the tenant's items until the transaction ends; searches go on. */
export async function stopWrites(tx: Transaction, number: number): Promise<void> {
  await tx.execute(sql`select set_config('lock_timeout', ${String(LOCK_MS)}, true)`)
  await tx.execute(sql`lock table ${sql.identifier(partitionName(number))} in share row exclusive mode`)
}

/** Whether a lock was not given in time. */
export function isLockTimeout(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return (cause as { code?: unknown } | null)?.code === '55P03'
}

/** Items with (`there`) or without a vector in this column, asked in the middle of a transaction of one's own. */
export async function countIn(tx: Transaction, { tenant, column, there }: Of & { there: boolean }): Promise<number> {
  await becomeTenant(tx, tenant)
  const [row] = await tx.execute<{ rows: string }>(sql`select count(*) as rows from memory
    where tenant = ${tenant} and ${columnOf(column)} is ${sql.raw(there ? 'not null' : 'null')}`)
  await tx.execute(sql`select set_config('role', 'none', true)`)
  return Number(row?.rows ?? 0)
}

type Other = { model: string; dimensions: number; indexType: 'vector' | 'halfvec' } | null

/** Opens the other column for a model, or closes it (null). The caller holds the partition's row; nothing lies in the column. */
export async function setOther(tx: Transaction, tenant: string, other: Other): Promise<void> {
  const partition = await lockPartition(tx, tenant)
  if (!partition || partition.model === null || partition.dimensions === null)
    throw new Error(`${tenant} has no vectors`)
  const { model, dimensions, number, activeColumn } = partition
  const [otherModel, otherDimensions] = [other?.model ?? null, other?.dimensions ?? null]
  await tx
    .update(memoryPartitions)
    .set({ otherModel, otherDimensions, otherIndexType: other?.indexType ?? null })
    .where(eq(memoryPartitions.tenant, tenant))
  await tx.execute(sql`select set_config('lock_timeout', ${String(LOCK_MS)}, true)`)
  await holdToSpaces(tx, { number, activeColumn, model, dimensions, otherModel, otherDimensions })
}

/** The other column becomes the one that is searched. The caller has seen that none is missing, and stopped writes. */
export async function swapColumns(tx: Transaction, tenant: string): Promise<void> {
  await tx.execute(sql`
    update memory_partitions set model = other_model, dimensions = other_dimensions, index_type = other_index_type,
      other_model = model, other_dimensions = dimensions, other_index_type = index_type,
      active_column = case active_column when 'embedding' then 'second_embedding' else 'embedding' end
    where tenant = ${tenant} and other_model is not null`)
  const now = await lockPartition(tx, tenant)
  if (!now || now.model === null || now.dimensions === null) throw new Error(`${tenant} has no vectors`)
  await holdToSpaces(tx, { ...now, model: now.model, dimensions: now.dimensions })
}

export async function deleteReEmbedding(tx: Transaction, tenant: string): Promise<void> {
  await tx.delete(memoryReEmbeddings).where(eq(memoryReEmbeddings.tenant, tenant))
}

/** Work for the changes that shall leave nothing behind and on which nobody works; one that failed waits a minute. */
export async function queueClearings(db: Db, tenant?: string): Promise<void> {
  await db.execute(sql`
    insert into jobs (kind, tenant, params, requested_by)
    select 'memory.clear-embedding', tenant, '{}', requested_by from memory_re_embeddings r
    where state = 'clearing' and ${tenant === undefined ? sql`true` : sql`tenant = ${tenant}`}
      and not exists (select from jobs j where j.tenant = r.tenant and (state in ('queued', 'running')
        or (kind = 'memory.clear-embedding' and state = 'failed' and finished_at > now() - interval '1 min')))
    order by tenant limit 100 on conflict do nothing`)
}
