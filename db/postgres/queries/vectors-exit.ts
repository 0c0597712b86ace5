import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { IndexMethod } from '@/db/postgres/schema/memory'

/** Bytes of memory that Postgres was told of. */
export async function memorySettings(db: Db) {
  const [row] = await db.execute<{
    buffers: string
    cache: string
    maintenance: string
    tenants: number
    bytes: string
    hit: number | null
  }>(
    sql`
      select pg_size_bytes(current_setting('shared_buffers')) as buffers,
        pg_size_bytes(current_setting('effective_cache_size')) as cache,
        pg_size_bytes(current_setting('maintenance_work_mem')) as maintenance, count(index_bytes)::int as tenants,
        coalesce(sum(index_bytes), 0) as bytes, min(index_hit_ratio)::float8 as hit
      from memory_samples`,
  )
  return {
    sharedBuffersBytes: Number(row?.buffers ?? 0),
    cacheBytes: Number(row?.cache ?? 0),
    maintenanceBytes: Number(row?.maintenance ?? 0),
    indexes: row?.tenants ?? 0,
    indexBytes: Number(row?.bytes ?? 0),
    leastHitRatio: row?.hit ?? null,
  }
}

/** The tenant with the most rows, and its last build that came to an end at the first attempt. */
export async function largestTenant(db: Db) {
  type Row = {
    tenant: string
    rows: string
    dimensions: number | null
    indexMethod: IndexMethod
    m: number
    efConstruction: number
    ms: number | null
    builtRows: number | null
    at: string | null
  }
  const [row] = await db.execute<Row>(sql`
    select s.tenant, s.rows, p.dimensions, p.index_method as "indexMethod", p.m, p.ef_construction as "efConstruction", j.ms, j."builtRows", j.at
    from memory_samples s join memory_partitions p using (tenant)
    left join lateral (
      select extract(epoch from finished_at - started_at)::float8 * 1000 as ms, (params->>'rows')::int as "builtRows", finished_at as at
      from jobs where jobs.tenant = s.tenant and kind = 'memory.build-index' and state = 'done' and attempts = 1
        and not params ? 'forKind' and coalesce(params->>'indexMethod', 'hnsw') = p.index_method
      order by finished_at desc limit 1) j on true
    where p.dimensions is not null and s.rows > 0 order by s.rows desc, s.tenant limit 1`)
  return row ? { ...row, rows: Number(row.rows), at: row.at === null ? null : new Date(row.at).toISOString() } : null
}

/** Milliseconds of one vacuum of the partition whose vacuums take longest, since its counters began; Postgres 18 counts them. */
export async function longestVacuum(db: Db) {
  const [counted] = await db.execute<{ there: boolean }>(sql`
    select exists (select from pg_attribute where attrelid = 'pg_stat_all_tables'::regclass
      and attname = 'total_autovacuum_time') as there`)
  if (!counted?.there) return { counted: false as const }
  const [row] = await db.execute<{ tenant: string; ms: number; vacuums: string }>(sql`
    select p.tenant, (s.total_vacuum_time + s.total_autovacuum_time) / (s.vacuum_count + s.autovacuum_count) as ms,
      s.vacuum_count + s.autovacuum_count as vacuums
    from memory_partitions p join pg_stat_all_tables s on s.relid = to_regclass('memory_t' || p.number)
    where s.vacuum_count + s.autovacuum_count > 0 order by 2 desc, 1 limit 1`)
  return { counted: true as const, longest: row ? { ...row, vacuums: Number(row.vacuums) } : null }
}

/** Who waits for a lock on a tenant's memory right now, and for how long the first of them, in milliseconds. */
export async function lockWaits(db: Db) {
  const [row] = await db.execute<{ waiting: number; ms: number | null }>(sql`
    select count(*)::int as waiting, extract(epoch from clock_timestamp() - min(waitstart))::float8 * 1000 as ms
    from pg_locks join pg_class on pg_class.oid = relation
    where not granted and database = (select oid from pg_database where datname = current_database())
      and relname ~ '^memory(_t[0-9]+.*|_pkey|_user_idx)?$'`)
  return { waiting: row?.waiting ?? 0, longestMs: row?.ms ?? 0 }
}

/** The newest measurement of each tenant whose index searches can use: the best recall within the budget, and its target. */
export async function recallWithin(db: Db, budgetMs: number) {
  type Row = { tenant: string; recall: number | null; target: number; at: string }
  const rows = await db.execute<Row>(sql`
    with newest as (
      select distinct on (r.tenant) r.tenant, r.points, r.at, p.recall_target as target
      from memory_recalls r join memory_partitions p using (tenant) join memory_samples s using (tenant)
      where s.index_state = 'valid' and (r.probes is null) = (s.index_method = 'hnsw') order by r.tenant, r.at desc
    )
    select tenant, target::float8, at, (select max((point->>'recall')::float8) from jsonb_array_elements(points) point
      where (point->>'msP95')::float8 <= ${budgetMs}::float8) as recall
    from newest order by coalesce((select max((point->>'recall')::float8) from jsonb_array_elements(points) point
      where (point->>'msP95')::float8 <= ${budgetMs}::float8), 0) - target, tenant limit 10000`)
  return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }))
}

/**
 * Milliseconds that statements on tenants' memories took, and all statements of this database, since when the counters
 * began; null where pg_stat_statements is missing or not preloaded.
 */
export async function shareOfStatements(db: Db) {
  const [ready] = await db.execute<{ ready: boolean }>(sql`
    select to_regprocedure('pg_stat_statements(boolean)') is not null
      and current_setting('pg_stat_statements.max', true) is not null as ready`)
  if (!ready?.ready) return null
  const [row] = await db.execute<{ memory: number | null; all: number | null; since: string | null }>(sql`
    select sum(total_exec_time) filter (where query ~ '\\mmemory(_t[0-9]+)?\\M') as memory, sum(total_exec_time) as all,
      (select stats_reset from pg_stat_statements_info) as since
    from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())`)
  const since = row?.since ? new Date(row.since).toISOString() : null
  return { memoryMs: row?.memory ?? 0, allMs: row?.all ?? 0, since }
}
