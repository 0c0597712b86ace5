import { sql } from 'drizzle-orm'
import type { Db, Postgres } from '@/db/postgres/client'
import type { MemoryColumn } from '@/db/postgres/schema/memory'
import { becomeTenant } from './vectors-items'
import { partitionName } from './vectors-partitions'
import { isOnColumn } from './vectors-space'

/** A predicate is written without parameters, and read back from the catalog as it was written. */
export const canBeIndexed = (kind: string) => !/['\\]/.test(kind)

export type KindIndex = { kind: string; name: string; valid: boolean; bytes: number }

/** The partial vector indexes on a column of a partition, by the kind that each is of. */
export async function kindIndexes(db: Db, number: number, column: MemoryColumn): Promise<KindIndex[]> {
  const rows = await db.execute<KindIndex>(sql`
    select substring(pg_get_expr(i.indpred, i.indrelid) from '^\\(kind = ''(.*)''::text\\)$') as kind, c.relname as name,
      i.indisvalid as valid, pg_relation_size(c.oid)::float8 as bytes
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
    where i.indrelid = to_regclass(${partitionName(number)}) and a.amname in ('hnsw', 'ivfflat') and i.indpred is not null
      and ${isOnColumn(column)} order by 1, 2 limit 20`)
  return rows.filter(({ kind }) => kind !== null)
}

type Counted = { kind: string; n: number; of: number }

/** How often each kind was filtered on, of the searches that Postgres answered since then; the most asked for first. */
export async function kindsOfSearches(db: Db, { tenant, since }: { tenant: string; since: Date }) {
  const rows = await db.execute<{ kind: string | null; n: number; of: number }>(sql`
    with seen as (
      select searches - cached as searches, kinds from memory_activity
      where tenant = ${tenant} and minute >= ${since.toISOString()}::timestamptz
    )
    select kind, n, (select coalesce(sum(searches), 0)::int from seen) as of from (select 1) as one left join (
      select key as kind, sum(value::int)::int as n from seen, jsonb_each_text(kinds) group by 1 order by 2 desc, 1 limit 20) as asked on true
    order by n desc, kind limit 20`)
  return { searches: rows[0]?.of ?? 0, kinds: rows.flatMap(({ kind, n }) => (kind === null ? [] : [{ kind, n }])) }
}

/** The most frequent kinds of a tenant's items in a sample of its pages, of `percent` of them; the largest first. */
export function kindsOfItems(
  db: Pick<Postgres, 'transaction'>,
  { tenant, percent }: { tenant: string; percent: number },
): Promise<Counted[]> {
  return db.transaction(async (tx) => {
    await becomeTenant(tx, tenant)
    const rows = await tx.execute<Counted>(sql`
      select kind, count(*)::int as n, (sum(count(*)) over ())::int as of from memory tablesample system (${percent}::real)
      where tenant = ${tenant} group by 1 order by 2 desc, 1 limit 20`)
    return [...rows]
  })
}
