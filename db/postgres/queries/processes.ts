import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { processes } from '@/db/postgres/schema/processes'
import { arrayLiteral } from './array-literal'

/** A process that was not seen for longer counts as gone. */
export const ALIVE_SECONDS = 15

/** Says that a process of Engram's own lives, by Postgres' clock. */
export async function upsertProcess(db: Db, report: Omit<typeof processes.$inferInsert, 'seenAt'>): Promise<void> {
  const { redisMsPerSecond, postgresMsPerSecond } = report
  const seenAt = sql`now()`
  await db
    .insert(processes)
    .values({ ...report, seenAt })
    .onConflictDoUpdate({ target: processes.id, set: { seenAt, redisMsPerSecond, postgresMsPerSecond } })
}

export async function deleteProcess(db: Db, id: string): Promise<void> {
  await db.delete(processes).where(eq(processes.id, id))
}

export type SdkProcess = { id: string; name: string; keyId: string }

/** Says that these SDKs have a stream open at the gateway `via`. An id that another key or role has is left alone. */
export async function upsertSdkProcesses(db: Db, via: string, sdks: readonly SdkProcess[]): Promise<void> {
  if (sdks.length === 0) return
  // In one order everywhere, so that two gateways never wait for each other.
  const sorted = [...sdks].sort((a, b) => (a.id < b.id ? -1 : 1))
  const column = (of: keyof SdkProcess) => arrayLiteral(sorted.map((sdk) => sdk[of]))
  await db.execute(sql`
    insert into processes (id, role, name, via, host, version, key_id, started_at, seen_at)
    select sdk.id, 'sdk', sdk.name, ${via}, '', '', sdk.key_id, now(), now()
    from unnest(${column('id')}::text[], ${column('name')}::text[], ${column('keyId')}::uuid[]) as sdk(id, name, key_id)
    on conflict (id) do update set name = excluded.name, via = excluded.via, seen_at = excluded.seen_at
    where processes.role = 'sdk' and processes.key_id = excluded.key_id`)
}

/** Forgets SDKs whose last stream at the gateway `via` has ended; those that went to another gateway stay. */
export async function deleteSdkProcesses(db: Db, via: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .delete(processes)
    .where(and(inArray(processes.id, [...ids]), eq(processes.via, via), eq(processes.role, 'sdk')))
}

/** Processes that have not been seen for a day are history. */
export async function forgetOldProcesses(db: Db): Promise<void> {
  await db.delete(processes).where(lt(processes.seenAt, sql`now() - interval '1 day'`))
}

const HIT_RATE_SECONDS = 60

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
