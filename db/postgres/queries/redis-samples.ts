import { and, desc, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { redisSamples } from '@/db/postgres/schema/cache'

export type RedisSample = typeof redisSamples.$inferInsert
type Range = { from: Date; to: Date }

/**
 * Adds samples. Of two workers that read at the same tick the first wins, unless only the second knows what
 * changed since its reading before, or only it took a census, whose reads are not the applications'.
 */
export async function insertRedisSamples(db: Db, samples: RedisSample[]): Promise<void> {
  if (samples.length === 0) return
  await db
    .insert(redisSamples)
    .values(samples)
    .onConflictDoUpdate({
      target: redisSamples.at,
      set: {
        seconds: sql`excluded.seconds`,
        keyspaceHits: sql`excluded.keyspace_hits`,
        keyspaceMisses: sql`excluded.keyspace_misses`,
        commands: sql`excluded.commands`,
        evictedKeys: sql`excluded.evicted_keys`,
        expiredKeys: sql`excluded.expired_keys`,
        commandUsec: sql`excluded.command_usec`,
        rejectedConnections: sql`excluded.rejected_connections`,
        ownReads: sql`excluded.own_reads`,
      },
      setWhere: sql`excluded.seconds is not null and (${redisSamples.seconds} is null
        or coalesce(excluded.own_reads, 0) > coalesce(${redisSamples.ownReads}, 0))`,
    })
}

/** Deletes at most `limit` samples older than `before`, oldest first, and says how many went. */
export async function deleteRedisSamples(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const oldest = db
    .select({ at: redisSamples.at })
    .from(redisSamples)
    .where(lt(redisSamples.at, before))
    .orderBy(redisSamples.at)
    .limit(limit)
  const gone = await db.delete(redisSamples).where(inArray(redisSamples.at, oldest)).returning({ at: redisSamples.at })
  return gone.length
}

const inside = ({ from, to }: Range) => and(gte(redisSamples.at, from), lt(redisSamples.at, to))

/** The samples themselves, oldest first; at most an hour's worth. */
export function redisSamplesBetween(db: Db, range: Range) {
  return db.select().from(redisSamples).where(inside(range)).orderBy(redisSamples.at).limit(720)
}

/** The last one before an instant; null when there was never one. */
export async function newestRedisSample(db: Db, { before }: { before: Date }) {
  const [newest] = await db
    .select()
    .from(redisSamples)
    .where(lt(redisSamples.at, before))
    .orderBy(desc(redisSamples.at))
    .limit(1)
  return newest ?? null
}

/** When sampling began, as far as samples are kept; null when there was never one. */
export async function oldestRedisSampleAt(db: Db): Promise<Date | null> {
  const [oldest] = await db.select({ at: redisSamples.at }).from(redisSamples).orderBy(redisSamples.at).limit(1)
  return oldest?.at ?? null
}

const total = (column: unknown) => sql<number | null>`sum(${column})`.mapWith(Number)

/** Sums of deltas and, of levels, what a reader of a chart expects: the peak of memory, the mean of the others. */
const figures = {
  samples: sql`count(*)`.mapWith(Number),
  /** Seconds that the deltas cover; null when there are none. */
  seconds: total(redisSamples.seconds),
  hits: total(redisSamples.keyspaceHits),
  misses: total(redisSamples.keyspaceMisses),
  commands: total(redisSamples.commands),
  evicted: total(redisSamples.evictedKeys),
  expired: total(redisSamples.expiredKeys),
  commandUsec: total(redisSamples.commandUsec),
  rejected: total(redisSamples.rejectedConnections),
  /** Hits of our own censuses, which are not among `hits`. */
  ownReads: total(redisSamples.ownReads),
  usedMemoryBytes: sql<number | null>`max(${redisSamples.usedMemoryBytes})`.mapWith(Number),
  keys: sql<number | null>`avg(${redisSamples.keys})`.mapWith(Number),
  clients: sql<number | null>`avg(${redisSamples.clients})`.mapWith(Number),
  liveSessions: sql<number | null>`avg(${redisSamples.liveSessions})`.mapWith(Number),
  tableSessions: sql<number | null>`avg(${redisSamples.tableSessions})`.mapWith(Number),
}

/**
 * By stretches of `stepSeconds` since 1970, numbered, those without a sample absent; and the same of the whole range,
 * in one pass.
 */
export async function redisSampleSeries(db: Db, { stepSeconds, ...range }: Range & { stepSeconds: number }) {
  const bucket = sql`floor(extract(epoch from ${redisSamples.at}) / ${sql.raw(String(stepSeconds))})`
  const rows = await db
    .select({ bucket: sql<number | null>`${bucket}`.mapWith(Number), ...figures })
    .from(redisSamples)
    .where(inside(range))
    .groupBy(sql`grouping sets ((${bucket}), ())`)
    .orderBy(sql`1 nulls first`)
    .limit(1_000)
  const [total, ...buckets] = rows
  if (!total) throw new Error('an aggregate without a row')
  return { total, buckets: buckets.flatMap((row) => (row.bucket === null ? [] : [{ ...row, bucket: row.bucket }])) }
}

export async function redisSampleTotals(db: Db, range: Range) {
  const [totals] = await db.select(figures).from(redisSamples).where(inside(range))
  if (!totals) throw new Error('an aggregate without a row')
  return totals
}

/**
 * Samples without deltas, newest first: each begins anew after a restart of Redis or after a stretch without samples.
 * With each the sample before it, wherever that lies.
 */
export async function redisSampleBreaks(db: Db, range: Range) {
  const before = db
    .select({ at: sql`b.at`.as('before_at'), runId: sql`b.run_id`.as('before_run_id') })
    .from(sql`${redisSamples} b`)
    .where(sql`b.at < ${redisSamples.at}`)
    .orderBy(sql`b.at desc`)
    .limit(1)
    .as('before')
  const rows = await db
    .select({
      at: redisSamples.at,
      runId: redisSamples.runId,
      uptimeSeconds: redisSamples.uptimeSeconds,
      beforeAt: sql<string | null>`${before.at}`,
      beforeRunId: sql<string | null>`${before.runId}`,
    })
    .from(redisSamples)
    .leftJoinLateral(before, sql`true`)
    .where(and(inside(range), isNull(redisSamples.seconds)))
    .orderBy(desc(redisSamples.at))
    .limit(200)
  return rows.map((row) => ({ ...row, beforeAt: row.beforeAt === null ? null : new Date(row.beforeAt) }))
}

/** Conditions that a check speaks of; limits in ratios of one and in bytes. */
export type SampleLimits = { fragmentationRatio: number; fragmentedBytes: number; replicaLagBytes: number }

/**
 * Since when conditions have held without a break until the end of a range: the last sample in which one did not, or the
 * first of the range where it always did. Of events the first. And keys that never expire, at either end.
 */
export async function redisConditionsSince(db: Db, { limits, ...range }: Range & { limits: SampleLimits }) {
  const s = redisSamples
  const time = (value: SQL) => sql<string | null>`${value}`.mapWith((text) => (text === null ? null : new Date(text)))
  const since = (holds: SQL) => time(sql`coalesce(max(${s.at}) filter (where not (${holds})), min(${s.at}))`)
  const first = (event: SQL) => time(sql`min(${s.at}) filter (where ${event})`)
  const lasting = sql`(${s.keys} - ${s.expiringKeys})`
  const [row] = await db
    .select({
      noLimit: since(sql`${s.maxMemoryBytes} = 0`),
      fragmented: since(
        sql`coalesce(${s.fragmentationRatio}, 0) > ${limits.fragmentationRatio} and ${s.rssBytes} - ${s.usedMemoryBytes} > ${limits.fragmentedBytes}`,
      ),
      saveFails: since(sql`coalesce(${s.lastSaveOk}, true) = false or coalesce(${s.appendOnlyOk}, true) = false`),
      replicaBehind: since(sql`coalesce(${s.replicaLagBytes}, 0) > ${limits.replicaLagBytes}`),
      linkDown: since(sql`coalesce(${s.primaryLinkUp}, true) = false`),
      rejected: first(sql`${s.rejectedConnections} > 0`),
      evicted: first(sql`${s.evictedKeys} > 0`),
      lastingBefore: sql<number | null>`(array_agg(${lasting} order by ${s.at}))[1]`.mapWith(Number),
    })
    .from(s)
    .where(inside(range))
  if (!row) throw new Error('an aggregate without a row')
  return row
}
