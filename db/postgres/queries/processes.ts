import { lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { processes } from '@/db/postgres/schema/processes'

export async function upsertProcess(db: Db, report: typeof processes.$inferInsert): Promise<void> {
  const { seenAt, redisMsPerSecond, postgresMsPerSecond } = report
  await db
    .insert(processes)
    .values(report)
    .onConflictDoUpdate({ target: processes.id, set: { seenAt, redisMsPerSecond, postgresMsPerSecond } })
}

/** Processes that have not been seen for a day are history. */
export async function forgetOldProcesses(db: Db): Promise<void> {
  await db.delete(processes).where(lt(processes.seenAt, sql`now() - interval '1 day'`))
}

const HIT_RATE_SECONDS = 60
const ALIVE_SECONDS = 15

/**
 * Everything that the shell shows on every page, in one statement; `redis_samples` by its key, the rest small. The own
 * cost is console's and worker's: the gateway carries the applications' traffic.
 */
export async function selectPulse(db: Db) {
  const [row] = await db.execute<{
    newest_sample_at: string | null
    redis_version: string | null
    hits: string | null
    misses: string | null
    newest_activation_id: string | null
    prompts: string
    simulated: boolean
    redis_ms: number | null
    postgres_ms: number | null
    all_postgres_ms: number | null
  }>(sql`
    select
      newest.at as newest_sample_at,
      newest.version as redis_version,
      looked.hits, looked.misses,
      (select max(id) from prompt_activations) as newest_activation_id,
      (select count(*) from prompts) as prompts,
      exists (select 1 from tenants where simulated) as simulated,
      own.redis_ms, own.postgres_ms, own.all_postgres_ms
    from (
      select sum(keyspace_hits) as hits, sum(keyspace_misses) as misses
      from redis_samples where at > now() - make_interval(secs => ${HIT_RATE_SECONDS})
    ) looked
    cross join (
      select
        sum(redis_ms_per_second) filter (where role <> 'gateway')::float8 as redis_ms,
        sum(postgres_ms_per_second) filter (where role <> 'gateway')::float8 as postgres_ms,
        sum(postgres_ms_per_second)::float8 as all_postgres_ms
      from processes where seen_at > now() - make_interval(secs => ${ALIVE_SECONDS})
    ) own
    left join lateral (select at, version from redis_samples order by at desc limit 1) newest on true`)
  if (!row) throw new Error('A SELECT of aggregates returned no row')
  const count = (text: string | null) => (text === null ? null : Number(text))
  return {
    newestSampleAt: row.newest_sample_at ? new Date(row.newest_sample_at).toISOString() : null,
    redisVersion: row.redis_version,
    keyspaceHits: count(row.hits),
    keyspaceMisses: count(row.misses),
    newestActivationId: count(row.newest_activation_id),
    prompts: Number(row.prompts),
    simulated: row.simulated,
    ownMsPerSecond: { redis: row.redis_ms, postgres: row.postgres_ms },
    postgresMsPerSecond: row.all_postgres_ms,
  }
}
