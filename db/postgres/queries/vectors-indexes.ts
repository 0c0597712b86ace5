import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { IndexMethod, MemoryColumn } from '@/db/postgres/schema/memory'
import { canBeIndexed } from './vectors-kinds'
import { loadProgress } from './vectors-load-progress'
import { partitionName } from './vectors-partitions'
import { indexed, isOnColumn, opclassOf, type Space } from './vectors-space'

/** Statements of a job begin so, and are found by it in pg_stat_activity. */
export const mark = (job: string) => sql.raw(`/* engram job ${job.replaceAll(/[^0-9a-f-]/g, '')} */ `)

export type VectorIndex = { name: string; valid: boolean }

/** Of a partition; of one of its two columns, where it is named. */
export async function vectorIndexes(db: Db, number: number, column?: MemoryColumn): Promise<VectorIndex[]> {
  const rows = await db.execute<VectorIndex>(sql`
    select c.relname as name, i.indisvalid as valid from pg_index i
    join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
    where i.indrelid = to_regclass(${partitionName(number)}) and a.amname in ('hnsw', 'ivfflat')
      and ${column ? isOnColumn(column) : sql`true`} order by 1 limit 20`)
  return [...rows]
}

/** Of all vector indexes on a column of a partition. */
export async function vectorIndexBytes(db: Db, number: number, column: MemoryColumn): Promise<number> {
  const [row] = await db.execute<{ bytes: number }>(sql`
    select coalesce(sum(pg_relation_size(c.oid)), 0)::float8 as bytes from pg_index i
    join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
    where i.indrelid = to_regclass(${partitionName(number)}) and a.amname in ('hnsw', 'ivfflat') and ${isOnColumn(column)}`)
  return row?.bytes ?? 0
}

type Build = {
  job: string
  name: string
  number: number
  space: Space
  kind?: string
  /** The first two are HNSW's, `lists` is IVFFlat's. */
  parameters: { indexMethod: IndexMethod; m: number; efConstruction: number; lists: number }
}

/** Readers and writers go on meanwhile; outside of a transaction. Ended half-way it leaves an index that is not valid. */
export async function createIndex(db: Db, { job, name, number, space, kind, parameters }: Build): Promise<void> {
  const { indexMethod, m, efConstruction, lists } = parameters
  const options = indexMethod === 'hnsw' ? { m, ef_construction: efConstruction } : { lists }
  const written = Object.entries(options).map(([option, value]) => `${option} = ${Math.trunc(value)}`)
  if (kind !== undefined && !canBeIndexed(kind)) throw new Error(`The kind ${kind} cannot have an index of its own.`)
  await db.execute(sql`${mark(job)}create index concurrently ${sql.identifier(name)}
    on ${sql.identifier(partitionName(number))} using ${sql.raw(indexMethod)} (${indexed(space)} ${sql.raw(opclassOf(space))})
    with (${sql.raw(written.join(', '))})
    ${kind === undefined ? sql`` : sql.raw(`where kind = '${kind}'`)}`)
}

/** Not marked as the job's: the end of a job must not end its clearing up. */
export async function dropIndex(db: Db, name: string): Promise<void> {
  await db.execute(sql`drop index concurrently if exists ${sql.identifier(name)}`)
}

/** Takes the space of dead rows back, in the table and in its indexes. */
export async function vacuum(db: Db, { job, number }: { job: string; number: number }): Promise<void> {
  await db.execute(sql`${mark(job)}vacuum (analyze) ${sql.identifier(partitionName(number))}`)
}

/** So that the planner knows how many rows there are. */
export async function analyze(db: Db, number: number): Promise<void> {
  await db.execute(sql`analyze ${sql.identifier(partitionName(number))}`)
}

type Doing = { phase: string; progress: number | null }

/** What a job is doing right now; progress from 0 to 1 where Postgres tells (IVFFlat by rows, and of the last phase only). Null between two statements. */
export async function progressOf(db: Db, { number, job }: { number: number; job: string }): Promise<Doing | null> {
  const [row] = await db.execute<{ phase: string; done: number | null }>(sql`
    select phase, coalesce(blocks_done::float8 / nullif(blocks_total, 0), tuples_done::float8 / nullif(tuples_total, 0)) as done
    from pg_stat_progress_create_index
    where relid = to_regclass(${partitionName(number)})
    union all
    select phase, heap_blks_scanned::float8 / nullif(heap_blks_total, 0) from pg_stat_progress_vacuum
    where relid = to_regclass(${partitionName(number)}) limit 1`)
  return row ? { phase: row.phase, progress: row.done } : loadProgress(db, { number, job })
}

/** Ends the statements of a job, also those of a worker that was killed: Postgres goes on without it. How many ran. */
export async function endStatements(db: Db, job: string): Promise<number> {
  const rows = await db.execute(sql`
    select pg_cancel_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and state = 'active' and starts_with(query, ${`/* engram job ${job} */`})`)
  return rows.length
}
