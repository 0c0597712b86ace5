import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { binMsOf } from './latency-bins'
import { isOnColumn } from './vectors-space'

/** Tenants that are in use are looked at this often, all others rarely. */
const BUSY_SECONDS = 10
const IDLE_SECONDS = 600
const ACTIVE_MINUTES = 15

/** Those whose last look is too long ago, those without one first. */
const due = (limit: number) => sql`
  select p.tenant from memory_partitions p left join memory_samples s on s.tenant = p.tenant
  where s.tenant is null or s.sampled_at < now() - ${sql.raw(`interval '${IDLE_SECONDS} s'`)}
    or (s.sampled_at < now() - ${sql.raw(`interval '${BUSY_SECONDS} s'`)} and exists (
      select from memory_activity a where a.tenant = p.tenant
        and a.minute >= now() - ${sql.raw(`interval '${ACTIVE_MINUTES + 1} min'`)}))
  order by s.sampled_at nulls first, p.tenant limit ${limit}`

/** A parameter of an index, or pgvector's default where it was not given. */
const option = (name: string, byDefault: number) =>
  sql.raw(
    `coalesce((select option_value::int from pg_options_to_table(reloptions) where option_name = '${name}'), ${byDefault})`,
  )

const active = sql.raw(`interval '${ACTIVE_MINUTES} min'`)

/**
 * Looks at partitions as the catalogs and Postgres' own counters have them, without reading a row, and keeps what it saw:
 * those that are due, or one tenant's. Answers how many.
 */
export async function samplePartitions(db: Db, which: { limit: number } | { tenant: string }): Promise<number> {
  const chosen: SQL = 'tenant' in which ? sql`select ${which.tenant}::text as tenant` : due(which.limit)
  const { count } = await db.execute(sql`
    with chosen as (
      select p.tenant, p.index_type || '_' || p.metric || '_ops' as opclass, p.index_method as method, p.active_column, c.oid as rel, c.reltuples, c.reltoastrelid as toast
      from memory_partitions p join pg_class c on c.relname = 'memory_t' || p.number
        and c.relnamespace = (select relnamespace from pg_class where oid = 'memory'::regclass)
      where p.tenant in (${chosen})
    ), indexes as (
      select s.tenant, c.oid, c.relname, i.indisvalid, a.amname in ('hnsw', 'ivfflat') and i.indpred is null and ${isOnColumn(sql`s.active_column`)} as whole, o.opcname, c.reloptions, pg_relation_size(c.oid) as bytes,
        a.amname, case when not i.indisvalid then 'invalid' when o.opcname <> s.opclass then 'mismatched' else 'valid' end as state, a.amname = s.method as own
      from chosen s join pg_index i on i.indrelid = s.rel join pg_class c on c.oid = i.indexrelid
      join pg_am a on a.oid = c.relam join pg_opclass o on o.oid = i.indclass[0]
    ), best as (
      select distinct on (tenant) tenant, relname, state, amname as method, split_part(opcname, '_', 1) as type,
        case amname when 'hnsw' then ${option('m', 16)} end as m, case amname when 'hnsw' then ${option('ef_construction', 64)} end as ef_construction,
        case amname when 'ivfflat' then ${option('lists', 100)} end as lists,
        pg_stat_get_blocks_hit(oid) as hit, pg_stat_get_blocks_fetched(oid) - pg_stat_get_blocks_hit(oid) as read
      from indexes where whole order by tenant, state = 'valid' desc, state = 'mismatched' desc, own desc, relname
    ), sizes as (
      select tenant, sum(bytes) filter (where whole) as whole_bytes, coalesce(sum(bytes) filter (where not whole), 0) as other_bytes,
        count(*) as relations from indexes group by tenant
    ), used as (
      select tenant, sum(searches) filter (where minute >= now() - ${active}) as searches, max(minute) as last_at
      from memory_activity where tenant in (select tenant from chosen) group by tenant
    ), bins as (
      select tenant, key::int as bin, sum(value::int) as n from memory_activity, jsonb_each_text(bins)
      where tenant in (select tenant from chosen) and minute >= now() - ${active} group by 1, 2
    ), counted as (
      select tenant, bin, sum(n) over (partition by tenant order by bin) as upto, sum(n) over (partition by tenant) as n from bins
    ), p95 as (select tenant, min(bin) as bin from counted where upto >= 0.95 * n group by tenant)
    insert into memory_samples as old (tenant, sampled_at, rows, dead_rows, table_bytes, toast_bytes, index_bytes, other_index_bytes,
      index_name, index_state, index_method, index_type, index_m, index_ef_construction, index_lists, index_blocks_hit, index_blocks_read, index_hit_ratio,
      relations, last_vacuum_at, last_used_at, searches_per_minute, search_ms_p_95)
    select s.tenant, clock_timestamp(),
      -- Counters are lost in a crash; the estimate of the last vacuum is not.
      case when pg_stat_get_live_tuples(s.rel) > 0 then pg_stat_get_live_tuples(s.rel) else greatest(s.reltuples, 0)::bigint end,
      pg_stat_get_dead_tuples(s.rel), room.whole - room.toast, room.toast, z.whole_bytes, coalesce(z.other_bytes, 0),
      b.relname, coalesce(b.state, 'none'), b.method, b.type, b.m, b.ef_construction, b.lists, coalesce(b.hit, 0), coalesce(b.read, 0),
      b.hit::float8 / nullif(b.hit + b.read, 0), 1 + coalesce(z.relations, 0) + case when s.toast = 0 then 0 else 2 end,
      greatest(pg_stat_get_last_vacuum_time(s.rel), pg_stat_get_last_autovacuum_time(s.rel)), u.last_at,
      coalesce(u.searches, 0)::float8 / ${ACTIVE_MINUTES}, ${binMsOf(sql`p95.bin`)}
    from chosen s left join best b using (tenant) left join sizes z using (tenant) left join used u using (tenant)
    left join p95 using (tenant)
    cross join lateral (select pg_table_size(s.rel) as whole,
      case when s.toast = 0 then 0 else pg_total_relation_size(s.toast) end as toast offset 0) as room
    -- A partition that was dropped since the look at the catalog has no size.
    where room.whole is not null and room.toast is not null
    on conflict (tenant) do update set sampled_at = excluded.sampled_at, rows = excluded.rows, dead_rows = excluded.dead_rows,
      table_bytes = excluded.table_bytes, toast_bytes = excluded.toast_bytes, index_bytes = excluded.index_bytes,
      other_index_bytes = excluded.other_index_bytes, index_name = excluded.index_name, index_state = excluded.index_state,
      index_method = excluded.index_method, index_type = excluded.index_type, index_m = excluded.index_m,
      index_ef_construction = excluded.index_ef_construction, index_lists = excluded.index_lists,
      index_blocks_hit = excluded.index_blocks_hit, index_blocks_read = excluded.index_blocks_read,
      index_hit_ratio = case
        when old.index_name is distinct from excluded.index_name or excluded.index_blocks_hit < old.index_blocks_hit
          then excluded.index_hit_ratio
        when excluded.index_blocks_hit + excluded.index_blocks_read > old.index_blocks_hit + old.index_blocks_read
          then (excluded.index_blocks_hit - old.index_blocks_hit)::float8 / (excluded.index_blocks_hit + excluded.index_blocks_read
            - old.index_blocks_hit - old.index_blocks_read)
        else old.index_hit_ratio end,
      relations = excluded.relations, last_vacuum_at = excluded.last_vacuum_at,
      last_used_at = coalesce(excluded.last_used_at, old.last_used_at),
      searches_per_minute = excluded.searches_per_minute, search_ms_p_95 = excluded.search_ms_p_95`)
  return count
}

/** A look that ended after its tenant's erasure belongs to nobody. */
export async function deleteStraySamples(db: Db): Promise<void> {
  for (const table of [sql`memory_samples`, sql`memory_recalls`, sql`memory_searches`])
    await db.execute(sql`
      delete from ${table} as kept where not exists (select from memory_partitions p where p.tenant = kept.tenant)`)
}
