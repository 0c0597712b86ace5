import { eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import {
  type IndexMethod,
  type IndexWantedBy,
  type MemoryIndexType,
  memoryPartitions,
  memorySamples,
} from '@/db/postgres/schema/memory'

/** The last look at a tenant's partition; null before the first. */
export async function selectSample(db: Db, tenant: string) {
  const [row] = await db
    .select({ rows: memorySamples.rows, deadRows: memorySamples.deadRows, indexState: memorySamples.indexState })
    .from(memorySamples)
    .where(eq(memorySamples.tenant, tenant))
    .limit(1)
  return row ?? null
}

/** An index as far as its size per item goes; `m` is null for IVFFlat. */
export type SampledShape = { type: MemoryIndexType; dimensions: number; method: IndexMethod; m: number | null }

/** Of all indexes, as they were seen last. */
export async function sampledShapes(db: Db): Promise<SampledShape[]> {
  const { indexType: type, indexMethod: method, indexM: m } = memorySamples
  const rows = await db
    .selectDistinct({ type, dimensions: memoryPartitions.dimensions, method, m })
    .from(memorySamples)
    .innerJoin(memoryPartitions, eq(memoryPartitions.tenant, memorySamples.tenant))
    .limit(10_000)
  return rows.flatMap(({ type, dimensions, method, m }) =>
    type && dimensions && method ? [{ type, dimensions, method, m }] : [],
  )
}

/** Bytes of a fresh index, as server/services/vectors/index-size.ts has them, so that Postgres can sort by it. */
const predicted = sql`(8192 * (1 + case f.method when 'hnsw' then ceil(s.rows / f.per_page)
  when 'ivfflat' then ceil(s.index_lists / f.per_page) + ceil((s.rows + s.index_lists * (f.per_page - 1) / 2) / f.per_page) end))`

export type VectorTenant = {
  tenant: string
  simulated: boolean
  partition: string
  model: string | null
  dimensions: number | null
  metric: string
  /** Null before the first look; every other figure is null then too. */
  sampledAt: string | null
  rows: number | null
  deadRows: number | null
  tableBytes: number | null
  toastBytes: number | null
  indexBytes: number | null
  otherIndexBytes: number | null
  predictedBytes: number | null
  bloat: number | null
  indexState: 'none' | 'valid' | 'invalid' | 'mismatched' | null
  indexMethod: IndexMethod | null
  indexType: string | null
  indexM: number | null
  indexEfConstruction: number | null
  indexLists: number | null
  indexHitRatio: number | null
  lastVacuumAt: string | null
  lastUsedAt: string | null
  searchesPerMinute: number | null
  searchMsP95: number | null
  recallTarget: number
  recall: number | null
  recallAt: string | null
  /** One of the two, by the method of the index that was measured. */
  recallEfSearch: number | null
  recallProbes: number | null
  /** Since when the index is off that shall come back, how large it was, and what asked for it; while nothing did, the tenant sleeps. */
  indexOffAt: string | null
  indexOffBytes: number | null
  indexWantedBy: IndexWantedBy | null
  jobId: string | null
  jobKind: string | null
  jobState: string | null
  jobPhase: string | null
  jobProgress: number | null
}

export type VectorTotals = {
  tenants: number
  listed: number
  belowTarget: number
  wouldPay: number
  broken: number
  bloated: number
  dead: number
  /** Up to three of each, the worst first; null for none. */
  worst: string[] | null
  brokenOnes: string[] | null
  wouldPayOnes: string[] | null
  bloatedOnes: string[] | null
  deadOnes: string[] | null
  rows: number
  bytes: number
  indexBytes: number
  /** Tenants that sleep, and what their indexes took. */
  asleep: number
  asleepBytes: number
  mostRelations: number
  oldestSampleAt: string | null
}

export type VectorSort = 'tenant' | 'rows' | 'table' | 'index' | 'bloat' | 'dead' | 'recall' | 'p95' | 'searches'
const sorts: Record<VectorSort, SQL> = {
  tenant: sql`tenant`,
  rows: sql`rows`,
  table: sql`"tableBytes" + "toastBytes"`,
  index: sql`"indexBytes"`,
  bloat: sql`bloat`,
  dead: sql`"deadRows"::float8 / nullif(rows + "deadRows", 0)`,
  recall: sql`recall`,
  p95: sql`"searchMsP95"`,
  searches: sql`"searchesPerMinute"`,
}

/** When something is worth a verdict: shares and rows. */
export type VectorLimits = { indexPaysRows: number; bloat: number; deadShare: number }
/** Not of what sleeps: its index was given up by intention. */
const wouldPay = ({ indexPaysRows }: VectorLimits) =>
  sql`"indexState" = 'none' and rows >= ${indexPaysRows} and "indexOffAt" is null`
const asleep = sql`"indexOffAt" is not null and "indexWantedBy" is null`
type Asked = {
  tenant: string | null
  search: string | null
  sort: VectorSort
  descending: boolean
  limit: number
  limits: VectorLimits
  /** How many items stand on a page of each kind of index that there is; bloat of others is not known yet. */
  perPage: (SampledShape & { per_page: number })[]
}

/**
 * Tenants as they were seen last, in one statement that touches no partition, with totals over all of them. Those that
 * pass `search`, in the order asked for, at most `limit`.
 */
export async function listVectors(
  db: Db,
  { tenant, search, sort, descending, limit, limits, perPage }: Asked,
): Promise<{ tenants: VectorTenant[]; totals: VectorTotals }> {
  const named = search === null ? sql`true` : sql`position(lower(${search}) in tenant) > 0`
  const [row] = await db.execute<{ tenants: VectorTenant[] | null; totals: VectorTotals }>(sql`
    with seen as (
      select p.tenant, t.simulated, 'memory_t' || p.number as partition, p.model, p.dimensions, p.metric, s.sampled_at as "sampledAt",
        s.rows, s.dead_rows as "deadRows", s.table_bytes as "tableBytes", s.toast_bytes as "toastBytes", s.index_bytes as "indexBytes",
        s.other_index_bytes as "otherIndexBytes", ${predicted} as "predictedBytes",
        case when s.rows > 0 and s.index_state = 'valid' then s.index_bytes / ${predicted} - 1 end as bloat,
        s.index_state as "indexState", s.index_method as "indexMethod", s.index_type as "indexType", s.index_m as "indexM",
        s.index_ef_construction as "indexEfConstruction", s.index_lists as "indexLists", s.index_hit_ratio as "indexHitRatio", s.last_vacuum_at as "lastVacuumAt",
        s.last_used_at as "lastUsedAt", s.searches_per_minute as "searchesPerMinute", s.search_ms_p_95 as "searchMsP95",
        p.recall_target as "recallTarget",
        p.index_off_at as "indexOffAt", p.index_off_bytes as "indexOffBytes", p.index_wanted_by as "indexWantedBy", s.relations
      from memory_partitions p join tenants t on t.slug = p.tenant left join memory_samples s on s.tenant = p.tenant
      left join jsonb_to_recordset(${JSON.stringify(perPage)}::text::jsonb) as f(type text, dimensions int, method text, m int, per_page float8)
        on f.type = s.index_type and f.dimensions = p.dimensions and f.method = s.index_method and f.m is not distinct from s.index_m
      where ${tenant === null ? sql`true` : sql`p.tenant = ${tenant}`}
    ), measured as (
      select distinct on (tenant) tenant, recall, at as "recallAt", ef_search as "recallEfSearch", probes as "recallProbes" from memory_recalls
      order by tenant, at desc
    ), listed as (
      select seen.*, recall, "recallAt", "recallEfSearch", "recallProbes", j.id as "jobId", j.kind as "jobKind", j.state as "jobState", j.phase as "jobPhase", j.progress as "jobProgress"
      -- Of an index that is gone, or was of the other method, a measurement says nothing.
      from seen left join measured m on m.tenant = seen.tenant and "indexState" = 'valid'
        and ("recallProbes" is null) = ("indexMethod" = 'hnsw')
      left join jobs j on j.tenant = seen.tenant and j.state in ('queued', 'running')
    ), shown as (
      select * from listed where ${named} order by ${sorts[sort]} ${sql.raw(descending ? 'desc' : 'asc')} nulls last, tenant limit ${limit}
    )
    select (select jsonb_agg(to_jsonb(shown) - 'relations') from shown) as tenants, jsonb_build_object(
      'tenants', count(*), 'listed', count(*) filter (where ${named}),
      'belowTarget', count(*) filter (where recall < "recallTarget"),
      'wouldPay', count(*) filter (where ${wouldPay(limits)}),
      'broken', count(*) filter (where "indexState" in ('invalid', 'mismatched') and "jobKind" is distinct from 'memory.build-index'),
      'bloated', count(*) filter (where bloat > ${limits.bloat}::float8 and "indexBytes" > 1048576),
      'dead', count(*) filter (where "deadRows" > 1000 and "deadRows" > ${limits.deadShare}::float8 * (rows + "deadRows")),
      'worst', to_jsonb((array_agg(tenant order by recall - "recallTarget", tenant) filter (where recall < "recallTarget"))[1:3]),
      'brokenOnes', to_jsonb((array_agg(tenant order by tenant) filter (where "indexState" in ('invalid', 'mismatched')
        and "jobKind" is distinct from 'memory.build-index'))[1:3]),
      'wouldPayOnes', to_jsonb((array_agg(tenant order by rows desc, tenant) filter (where ${wouldPay(limits)}))[1:3]),
      'bloatedOnes', to_jsonb((array_agg(tenant order by bloat desc, tenant) filter (where bloat > ${limits.bloat}::float8
        and "indexBytes" > 1048576))[1:3]),
      'deadOnes', to_jsonb((array_agg(tenant order by "deadRows" desc, tenant) filter (where "deadRows" > 1000
        and "deadRows" > ${limits.deadShare}::float8 * (rows + "deadRows")))[1:3]),
      'rows', coalesce(sum(rows), 0),
      'bytes', coalesce(sum("tableBytes" + "toastBytes" + coalesce("indexBytes", 0) + "otherIndexBytes"), 0),
      'indexBytes', coalesce(sum("indexBytes"), 0), 'asleep', count(*) filter (where ${asleep}),
      'asleepBytes', coalesce(sum("indexOffBytes") filter (where ${asleep}), 0), 'mostRelations', coalesce(max(relations), 0),
      'oldestSampleAt', min("sampledAt")) as totals
    from listed`)
  if (!row) throw new Error('vectors: the list returned no row')
  return { tenants: row.tenants ?? [], totals: row.totals }
}

export type LockBudget = {
  /** What the lock table holds at least: max_locks_per_transaction for every connection and prepared transaction. */
  budget: number
  held: number
  connections: number
  /** Relations that every search locks beside those of its partition. */
  parents: number
  partitions: number
  sharedBuffersBytes: number
  version: string | null
  embedded: boolean
}

/** How many locks there are room for and how many are held; and which pgvector it is. */
export async function lockBudget(db: Db): Promise<LockBudget> {
  const [row] = await db.execute<Record<keyof LockBudget, string | number | boolean | null>>(sql`
    select current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int
        + current_setting('max_prepared_transactions')::int) as budget,
      (select count(*) from pg_locks where locktype = 'relation') as held, current_setting('max_connections')::int as connections,
      1 + (select count(*) from pg_index where indrelid = 'memory'::regclass) as parents,
      (select count(*) from pg_inherits where inhparent = 'memory'::regclass) as partitions,
      pg_size_bytes(current_setting('shared_buffers')) as "sharedBuffersBytes",
      (select extversion from pg_extension where extname = 'vector') as version,
      (select count(*) = 0 from pg_stat_activity where backend_type = 'checkpointer') as embedded`)
  if (!row) throw new Error('the lock budget returned no row')
  return {
    budget: Number(row.budget),
    held: Number(row.held),
    connections: Number(row.connections),
    parents: Number(row.parents),
    partitions: Number(row.partitions),
    sharedBuffersBytes: Number(row.sharedBuffersBytes),
    version: typeof row.version === 'string' ? row.version : null,
    embedded: row.embedded === true,
  }
}

/** Items added, replaced and deleted by day, for the marks on the history of recall; oldest first. */
export async function changesByDay(db: Db, { tenant, since }: { tenant: string; since: Date }) {
  const rows = await db.execute<{ day: string; added: string; updated: string; deleted: string }>(sql`
    select date_trunc('day', minute, 'UTC') as day, sum(added) as added, sum(updated) as updated, sum(deleted) as deleted
    from memory_activity where tenant = ${tenant} and minute >= ${since.toISOString()}::timestamptz
      and added + updated + deleted > 0
    group by 1 order by 1 limit 100`)
  return rows.map(({ day, ...counts }) => ({
    day: new Date(day).toISOString(),
    added: Number(counts.added),
    updated: Number(counts.updated),
    deleted: Number(counts.deleted),
  }))
}
