import { and, count, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { callsWhere, type UsageFilter } from './usage-rows'
import { processes } from '@/db/postgres/schema/processes'
import { promptActivations, promptDeployments, prompts } from '@/db/postgres/schema/prompts'

const activation = {
  name: prompts.name,
  channel: promptActivations.channel,
  revision: promptActivations.revision,
  version: promptActivations.version,
  previousVersion: promptActivations.previousVersion,
  kind: promptActivations.kind,
  rollout: promptActivations.rollout,
  by: promptActivations.actorName,
  at: promptActivations.committedAt,
  appliedAt: promptActivations.appliedAt,
}

const activations = (db: Db) =>
  db
    .select(activation)
    .from(promptActivations)
    .innerJoin(prompts, eq(prompts.id, promptActivations.promptId))
    .$dynamic()

export type Activation = Awaited<ReturnType<typeof newestActivations>>[number]

/** Newest first. */
export function newestActivations(db: Db, { limit }: { limit: number }) {
  return activations(db).orderBy(desc(promptActivations.committedAt), desc(promptActivations.id)).limit(limit)
}

/** Newest first, for the markers on the charts. */
export function activationsBetween(db: Db, { from, to, limit }: { from: Date; to: Date; limit: number }) {
  return activations(db)
    .where(and(gte(promptActivations.committedAt, from), lt(promptActivations.committedAt, to)))
    .orderBy(desc(promptActivations.committedAt), desc(promptActivations.id))
    .limit(limit)
}

/** Prompts with a live version on some channel, and those that have none yet. */
export async function promptCounts(db: Db): Promise<{ active: number; all: number }> {
  const [[active], [all]] = await Promise.all([
    db.select({ n: sql`count(distinct ${promptDeployments.promptId})`.mapWith(Number) }).from(promptDeployments),
    db.select({ n: count() }).from(prompts),
  ])
  return { active: active?.n ?? 0, all: all?.n ?? 0 }
}

/** Workers that were alive at some time since `from`, by their own reports; newest first. */
export function workersSince(db: Db, { from }: { from: Date }) {
  return db
    .select({ startedAt: processes.startedAt, seenAt: processes.seenAt })
    .from(processes)
    .where(and(eq(processes.role, 'worker'), gte(processes.seenAt, from)))
    .orderBy(desc(processes.seenAt))
    .limit(100)
}

/** Of the server: `18.1`. */
export async function postgresVersion(db: Db): Promise<string> {
  const [row] = await db.execute<{ version: string }>(sql`select current_setting('server_version') as version`)
  return row?.version.split(' ')[0] ?? 'unknown'
}

/** Calls read per stretch of time at most; all stretches of a range together stay affordable on any table. */
const CALLS_PER_STRETCH = 125

/**
 * Latency p95 in milliseconds by stretches of `stepSeconds` since 1970, numbered, and of the whole range; answers from
 * the application's cache are no model calls. Of busy stretches the first calls speak for the others: `sampled` says so.
 */
export async function latencyP95(db: Db, { from, to, tenant, stepSeconds }: UsageFilter & { stepSeconds: number }) {
  const stretch = Math.max(15, stepSeconds / 4)
  const rows = await db.execute<{ bucket: string | null; p95: number | null; most: number | null }>(sql`
    select floor(extract(epoch from start) / ${stepSeconds}::int)::text as bucket,
      percentile_cont(0.95) within group (order by latency_ms) as p95, max(call) as most
    from generate_series(
      to_timestamp(floor(${seconds(from)}::float8 / ${stretch}::int) * ${stretch}::int),
      ${to.toISOString()}::timestamptz - interval '1 microsecond', make_interval(secs => ${stretch}::int)) as start
    cross join lateral (
      select latency_ms, row_number() over () as call from (
        select latency_ms from llm_usage
        where ${callsWhere({ from, to, tenant })}
          and occurred_at >= start and occurred_at < start + make_interval(secs => ${stretch}::int)
          and latency_ms is not null and not cached
        order by occurred_at limit ${CALLS_PER_STRETCH}) as first) as calls
    group by grouping sets ((1), ()) order by 1 nulls first`)
  const [total, ...buckets] = rows
  return {
    p95: total?.p95 ?? null,
    sampled: Number(total?.most ?? 0) >= CALLS_PER_STRETCH,
    buckets: buckets.map(({ bucket, p95 }) => ({ bucket: Number(bucket), p95 })),
  }
}

const seconds = (at: Date) => at.getTime() / 1000
