import { sql } from 'drizzle-orm'
import type { Db, Postgres, Transaction } from '@/db/postgres/client'
import type { MemoryColumn } from '@/db/postgres/schema/memory'
import type { BinaryRows } from './binary-rows'
import type { NewItem } from './vectors-items'
import { mark } from './vectors-indexes'
import { type Load, loadTableName as nameOf, LOAD_PREFIX as PREFIX } from './vectors-load-progress'
import { partitionName } from './vectors-partitions'
import { columnOf, modelColumnOf, otherColumn } from './vectors-space'

const tableOf = (load: Load) => sql.identifier(nameOf(load))

/** In the transaction that makes the job: without it, the table is swept away. Only its tenant sees it (R11). */
export async function createLoadTable(tx: Transaction, load: Load & { tenant: string }): Promise<void> {
  const table = tableOf(load)
  const [quoted] = await tx.execute<{ tenant: string }>(sql`select quote_literal(${load.tenant}::text) as tenant`)
  if (!quoted) throw new Error('quote_literal returned no row')
  await tx.execute(sql`create table ${table} (line int not null, id text not null, kind text not null, user_id text,
    content text not null, metadata jsonb not null, embedding vector not null, embedding_model text not null,
    occurred_at timestamptz, content_hash text not null)`)
  await tx.execute(sql`alter table ${table} enable row level security`)
  await tx.execute(sql`create policy memory_of_tenant on ${table} to engram_memory
    using (current_setting('engram.tenant', true) = ${sql.raw(quoted.tenant)})`)
  await tx.execute(sql`grant select on ${table} to engram_memory`)
}

/** Gathers items for one COPY. */
export function addRow(rows: BinaryRows, line: number, item: NewItem): void {
  rows.row(10).integer(line).text(item.id).text(item.kind).text(item.user).text(item.content).json(item.metadata)
  rows
    .vector(item.embedding)
    .text(item.embeddingModel)
    .instant(item.occurredAt === null ? null : new Date(item.occurredAt))
  rows.text(item.contentHash)
}

export const copyItems = (db: Pick<Postgres, 'copy'>, load: Load, rows: BinaryRows): Promise<void> =>
  db.copy(`"${nameOf(load)}"`, rows.take())

/** An id that is on several lines; null where each is there once. */
export async function repeatedId(db: Db, load: Load) {
  const [row] = await db.execute<{ id: string; first: number; again: number }>(sql`
    select id, min(line) as first, max(line) as again from ${tableOf(load)}
    group by id having count(*) > 1 order by again limit 1`)
  return row ?? null
}

export async function hasLoadTable(db: Db, load: Load): Promise<boolean> {
  const [row] = await db.execute<{ there: boolean }>(sql`select to_regclass(${nameOf(load)}) is not null as there`)
  return row?.there ?? false
}

type Loaded = Load & { tenant: string; column: MemoryColumn }

/**
 * Brings the items into the memory of the tenant that the transaction became: added, replaced, or left alone where nothing
 * differs, as `upsertItems` does it.
 */
export async function insertLoaded(tx: Transaction, { tenant, column, ...load }: Loaded) {
  const [own, ownModel] = [columnOf(column), modelColumnOf(column)]
  const [other, otherModel] = [columnOf(otherColumn(column)), modelColumnOf(otherColumn(column))]
  const [row] = await tx.execute<{ added: number; written: number; total: number }>(sql`${mark(load.job)}
    with written as (
      insert into memory (tenant, id, kind, user_id, content, metadata, ${own}, ${ownModel}, occurred_at, content_hash)
      select ${tenant}, id, kind, user_id, content, metadata, embedding, embedding_model, coalesce(occurred_at, now()), content_hash
      from ${tableOf(load)}
      on conflict (tenant, id) do update set kind = excluded.kind, user_id = excluded.user_id, content = excluded.content,
        metadata = excluded.metadata, ${own} = excluded.${own}, ${ownModel} = excluded.${ownModel},
        ${other} = case when memory.content = excluded.content then memory.${other} end,
        ${otherModel} = case when memory.content = excluded.content then memory.${otherModel} end,
        occurred_at = excluded.occurred_at, content_hash = excluded.content_hash, updated_at = now()
      where memory.content_hash is distinct from excluded.content_hash
      returning created_at = updated_at as added)
    select (count(*) filter (where added))::int as added, count(*)::int as written,
      (select count(*)::int from ${tableOf(load)}) as total from written`)
  if (!row) throw new Error('a load returned no row')
  return { added: row.added, updated: row.written - row.added, unchanged: row.total - row.written }
}

/** From here on the transaction is the server's own again. */
export async function leaveTenant(tx: Transaction): Promise<void> {
  await tx.execute(sql`select set_config('role', 'none', true)`)
}

export async function dropLoadTable(db: Db, load: Load): Promise<void> {
  await db.execute(sql`drop table if exists ${tableOf(load)}`)
}

export async function tableBytes(db: Db, number: number): Promise<number> {
  const [row] = await db.execute<{ bytes: string }>(
    sql`select pg_table_size(to_regclass(${partitionName(number)})) as bytes`,
  )
  return Number(row?.bytes ?? 0)
}

const loadTables = sql`pg_class where relkind = 'r' and relname >= ${PREFIX} and relname like 'memory\\_load\\_%'
  and relnamespace = (select relnamespace from pg_class where oid = 'memory'::regclass)`

/** Takes away what loads left that nobody does any more: of those that were cancelled while they waited. */
export async function sweepLoadTables(db: Db): Promise<number> {
  const rows = await db.execute<{ name: string }>(sql`
    select relname as name from ${loadTables} and not exists (select from jobs
      where kind = 'memory.load' and state in ('queued', 'running') and right(relname, 8) = left(id::text, 8))
    order by 1 limit 100`)
  for (const { name } of rows) await db.execute(sql`drop table if exists ${sql.identifier(name)}`)
  return rows.length
}

/** With a tenant that leaves. */
export async function dropLoadTablesOf(tx: Transaction, tenant: string): Promise<void> {
  const rows = await tx.execute<{ name: string }>(sql`
    select relname as name from ${loadTables}
      and split_part(relname, '_', 3) = (select number::text from memory_partitions where tenant = ${tenant})
    order by 1 limit 100`)
  for (const { name } of rows) await tx.execute(sql`drop table if exists ${sql.identifier(name)}`)
}
