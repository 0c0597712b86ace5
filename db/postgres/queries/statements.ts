import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'

/**
 * Milliseconds that Postgres has spent on executing statements in this database, from pg_stat_statements; null where the
 * extension is missing or not preloaded. Evicted statements can make it fall.
 */
export async function selectExecutionMs(db: Db): Promise<number | null> {
  const [preloaded] = await db.execute<{ ready: boolean }>(sql`
    select to_regprocedure('pg_stat_statements(boolean)') is not null
      and current_setting('pg_stat_statements.max', true) is not null as ready`)
  if (!preloaded?.ready) return null
  const [row] = await db.execute<{ ms: number | null }>(sql`
    select sum(total_exec_time)::float8 as ms
    from pg_stat_statements(false)
    where dbid = (select oid from pg_database where datname = current_database())`)
  return row?.ms ?? null
}
