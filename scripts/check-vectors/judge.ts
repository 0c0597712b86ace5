import { countItems } from '@/db/postgres/queries/vectors-items'
import { rawSql } from '@/scripts/faults/raw-sql'
import type { Caller } from '@/server/services/context'

/** Who takes part in a run, by their names: those that are erased again, and those that nobody works on. */
export const erasedPrefix = 'cycle-'
export const steadyPrefix = 'steady-'

/**
 * What a run may not leave behind: tenants that nobody worked on as they were, of all others nothing. An erased tenant may be
 * registered anew by a gateway that wrote for it a moment before (see `ensureTenants`), with a partition that is empty.
 */
export async function judgeCatalogs(
  { db }: Pick<Caller, 'db'>,
  databaseUrl: string,
  steady: readonly { tenant: string; rows: number }[],
): Promise<string[]> {
  const sql = rawSql(databaseUrl)
  const faults: string[] = []
  /** Each row that a question finds is a fault. */
  const none = async (question: string) => {
    for (const { fault } of await sql.unsafe<{ fault: string }[]>(question)) faults.push(fault)
  }
  try {
    for (const question of leftovers) await none(question)
    for (const { name } of await sql.unsafe<{ name: string }[]>(tablesOfTenants))
      await none(rowsOfErased(name)).catch((error: unknown) => {
        // Detached a moment before, and dropped since: what it held is gone.
        if ((error as { code?: unknown }).code !== UNDEFINED_TABLE) throw error
      })
    const anew = await sql<{ slug: string }[]>`select slug from tenants where starts_with(slug, ${erasedPrefix})`
    for (const { tenant, rows } of [...steady, ...anew.map(({ slug }) => ({ tenant: slug, rows: 0 }))]) {
      const held = await countItems(db, tenant)
      if (held !== rows) faults.push(`${tenant} holds ${held} items instead of ${rows}`)
    }
    return faults
  } finally {
    await sql.end()
  }
}

const UNDEFINED_TABLE = '42P01'
const partition = `c.relkind = 'r' and c.relname ~ '^memory_t[0-9]+$'`

const leftovers = [
  `select 'the index ' || indexrelid::regclass || ' is not valid' as fault from pg_index
    where not (indisvalid and indisready and indislive)`,
  `select c.relname || ' is a partition of nobody' as fault from pg_class c
    where ${partition} and not exists (select from memory_partitions where 'memory_t' || number = c.relname)`,
  `select 'memory_t' || number || ' of ' || tenant || ' is not attached' as fault from memory_partitions
    where not exists (select from pg_inherits where inhrelid = to_regclass('memory_t' || number)
      and inhparent = 'memory'::regclass and not inhdetachpending)`,
  `select c.relname || ' waits for a load that is over' as fault from pg_class c
    where c.relkind = 'r' and c.relname like 'memory\\_load\\_%'`,
  `select c.relname || ' has other columns than memory' as fault from pg_class c where ${partition}
    and (select array_agg(attname order by attname) from pg_attribute where attrelid = c.oid and attnum > 0)
      <> (select array_agg(attname order by attname) from pg_attribute where attrelid = 'memory'::regclass and attnum > 0)`,
  `select 'the memory of ' || tenant || ' is in the middle of something' as fault from memory_partitions
    where other_model is not null or index_off_at is not null or leaving_at is not null`,
  `select tenant || ' has ' || count(i.indexrelid) || ' vector indexes' as fault from memory_partitions
    left join (pg_index i join pg_class c on c.oid = i.indexrelid join pg_am on pg_am.oid = c.relam and amname in ('hnsw', 'ivfflat'))
      on i.indrelid = to_regclass('memory_t' || number)
    where starts_with(tenant, '${erasedPrefix}') or starts_with(tenant, '${steadyPrefix}')
    group by tenant having count(i.indexrelid) <> case when starts_with(tenant, '${erasedPrefix}') then 0 else 1 end`,
  `select table_name || ' of ' || tenant || ', which is not registered' as fault from (
      select 'a partition' as table_name, tenant from memory_partitions union all select 'a sample', tenant from memory_samples) as kept
    where not exists (select from tenants where slug = tenant)`,
  `select kind || ' of ' || tenant || ' is still ' || state as fault from jobs where state in ('queued', 'running')`,
  `select 'the erasure of ' || slug || ' is still ' || state as fault from erasures where state in ('queued', 'running')`,
]

/** But for those that belong to a registration anew. */
const tablesOfTenants = `select format('%I', c.relname) as name from pg_class c join pg_attribute a on a.attrelid = c.oid
  where a.attname = 'tenant' and c.relkind in ('r', 'p') and not c.relispartition
    and c.relnamespace = current_schema()::regnamespace and c.relname not in ('memory', 'memory_partitions', 'memory_samples')`
const rowsOfErased = (name: string) => `select '${name} holds ' || count(*) || ' rows of ' || tenant as fault
  from ${name} where starts_with(tenant, '${erasedPrefix}') group by tenant`
