import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { partitionName } from './vectors-partitions'

/**
 * Where the items of a load wait until all have come. A table of its own, because COPY knows no row-level security; named by
 * the partition, so that it leaves with its tenant, and by the job, so that a load never meets what another one left.
 */
export type Load = { number: number; job: string }
export const LOAD_PREFIX = 'memory_load_'
export const loadTableName = ({ number, job }: Load) => `${LOAD_PREFIX}${number}_${job.slice(0, 8)}`

/** How much of what waits is in the partition, by its growth since `baseBytes`; null before that and after. */
export async function loadProgress(db: Db, { number, job }: Load) {
  const load = sql`to_regclass(${loadTableName({ number, job })})`
  const [row] = await db.execute<{ done: number | null }>(sql`
    select (pg_table_size(to_regclass(${partitionName(number)})) - (params->>'baseBytes')::bigint)::float8
      / nullif(pg_table_size(${load}), 0) as done
    from jobs where id = ${job} and params ? 'baseBytes' and ${load} is not null`)
  return row ? { phase: 'writing the items', progress: Math.min(Math.max(row.done ?? 0, 0), 1) } : null
}
