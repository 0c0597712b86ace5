import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { LatencyGrain } from '@/db/postgres/schema/usage'
import { arrayLiteral } from './array-literal'
import { binMs, binMsOf, binOf } from './latency-bins'
import { callsWhere, grainOf, hoursApart, hoursButOf, type UsageFilter } from './usage-rows'

/** Milliseconds at a rank (nearest rank); null where no call said how long it took. */
export type LatencyQuantiles = {
  /** Calls that said how long they took; those answered from the application's cache are no model calls. */
  calls: number
  mean: number | null
  p50: number | null
  p95: number | null
  p99: number | null
  /** Time to the first token, of the calls that said so. */
  ttftP50: number | null
  ttftP95: number | null
}
/** `exact`: each value occurred. Else each, and the mean, is within `LATENCY_ERROR` of the true one. */
export type LatencyByTime = { exact: boolean; whole: LatencyQuantiles; buckets: Map<number, LatencyQuantiles> }

const HOUR_MS = 3_600_000
/** Up to here the calls themselves are asked, and their order is exact. */
const EXACT_MS = 6 * HOUR_MS
const nothing: LatencyQuantiles = {
  calls: 0,
  mean: null,
  p50: null,
  p95: null,
  p99: null,
  ttftP50: null,
  ttftP95: null,
}

type Row = { bucket: number | null; calls: number } & Record<
  'mean' | 'p50' | 'p95' | 'p99' | 'ttft50' | 'ttft95',
  number | null
>

/**
 * Of the whole range, and of each bucket that begins at one of the `edges`. Times to the first token only where there is one
 * bucket: no chart shows them.
 */
export async function latencyByTime(db: Db, filter: UsageFilter, edges: Date[]): Promise<LatencyByTime> {
  const sums = sumsFor(filter)
  const grain = grainOf(edges, filter)
  const long = filter.to.getTime() - filter.from.getTime() > EXACT_MS
  return long && sums && grain !== 'calls'
    ? fromBins(db, filter, edges, { ...sums, apart: hoursButOf(grain) })
    : fromCalls(db, filter, edges)
}

/** The sums that hold exactly what is asked for; null where only the calls tell, as for a model of one tenant. */
function sumsFor({
  tenant,
  provider,
  model,
  user,
  prompt,
  status,
}: UsageFilter): { grain: LatencyGrain; of: SQL } | null {
  const byModel = provider !== undefined || model !== undefined
  const wanted = [tenant !== undefined, byModel, prompt !== undefined].filter(Boolean).length
  if (user !== undefined || status !== undefined || prompt === null || wanted > 1) return null
  if (tenant !== undefined) return { grain: 'tenant', of: sql`and tenant = ${tenant}` }
  if (prompt) {
    const version = prompt.version === undefined ? sql`` : sql`and prompt_version = ${prompt.version}`
    return { grain: 'prompt', of: sql`and prompt_name = ${prompt.name} ${version}` }
  }
  if (!byModel) return { grain: 'all', of: sql`` }
  const ofProvider = provider === undefined ? sql`` : sql`and provider = ${provider}`
  return { grain: 'model', of: model === undefined ? ofProvider : sql`${ofProvider} and model = ${model}` }
}

const LATENCY = sql.raw('0')
const TTFT = sql.raw('1')

const startsOf = (edges: Date[]) => sql`${arrayLiteral(edges.map((edge) => edge.toISOString()))}::timestamptz[]`

async function fromCalls(db: Db, filter: UsageFilter, edges: Date[]): Promise<LatencyByTime> {
  const rank = (p: number, of: SQL) => sql`percentile_disc(${p}::float8) within group (order by ${of})`
  const rows = await db.execute<Row>(sql`
    select bucket, count(latency_ms)::int as calls, avg(latency_ms)::float8 as mean,
      ${rank(0.5, sql`latency_ms`)} as p50, ${rank(0.95, sql`latency_ms`)} as p95, ${rank(0.99, sql`latency_ms`)} as p99,
      ${rank(0.5, sql`ttft_ms`)} as ttft50, ${rank(0.95, sql`ttft_ms`)} as ttft95
    from (
      select width_bucket(occurred_at, ${startsOf(edges)}) - 1 as bucket, latency_ms, ttft_ms
      from llm_usage where ${callsWhere(filter)} and not cached
    ) as timed
    group by grouping sets ((bucket), ())
    order by bucket nulls first
    limit ${edges.length + 1}`)
  return { exact: true, ...byBucket(rows, (ms) => ms) }
}

/**
 * Whole hours from the sums; from the calls the ragged ends, the hours within which a bucket begins, and those that got
 * calls since they were summed up. One statement, so that each call is found exactly once (R7).
 */
async function fromBins(
  db: Db,
  filter: UsageFilter,
  edges: Date[],
  { grain, of, apart }: { grain: LatencyGrain; of: SQL; apart: Date[] },
): Promise<LatencyByTime> {
  const { from, to } = filter
  const firstHour = new Date(Math.ceil(from.getTime() / HOUR_MS) * HOUR_MS)
  const endHour = new Date(Math.floor(to.getTime() / HOUR_MS) * HOUR_MS)
  const hours = sql`hour >= ${iso(firstHour)} and hour < ${iso(endHour)}`
  // Numbers sort faster than names, and floats (exact to 2^53) add up faster than numerics: there are many bins.
  const wanted = edges.length === 1 ? sql`true` : sql`measure = ${LATENCY}`
  const bucket = (at: SQL) => sql`width_bucket(${at}, ${startsOf(edges)}) - 1`
  const calls = (where: SQL, among = sql`llm_usage`) => sql`
    select ${bucket(sql`occurred_at`)} as bucket, measure, ${binOf(sql`ms`)} as bin, count(*)::float8 as calls
    from ${among} cross join lateral (values (${LATENCY}, latency_ms), (${TTFT}, ttft_ms)) as timed(measure, ms)
    where ${where} and not cached and ms is not null and ${wanted} group by 1, 2, 3`
  // OFFSET 0 keeps the planner from turning the join round and reading all calls for the sake of no hour.
  const callsOfHours = sql`apart cross join lateral (
    select occurred_at, cached, latency_ms, ttft_ms from llm_usage
    where occurred_at >= apart.hour and occurred_at < apart.hour + interval '1 hour' and ${callsWhere(filter)} offset 0
  ) as calls_apart`
  const within = (start: Date, end: Date) => callsWhere({ ...filter, from: start, to: end })
  const rank = (p: number, measure: SQL) =>
    sql`min(bin) filter (where measure = ${measure} and upto >= ceil(${p}::float8 * calls))`
  const rows = await db.execute<Row>(sql`
    with apart as materialized (
      ${hoursApart(hours, startsOf(apart))}
    ), bins as (
      select ${bucket(sql`hour`)} as bucket, timed.measure, b.bin::int as bin, sum(b.calls)::float8 as calls
      from (
        select hour, case measure when 'latency' then ${LATENCY} else ${TTFT} end as measure, bins, counts
        from usage_hourly_latencies
        where grain = ${grain} ${of} and ${hours} and hour not in (select hour from apart)
      ) as timed cross join lateral unnest(bins, counts) as b(bin, calls)
      where ${wanted}
      group by 1, 2, 3
      union all ${calls(within(from, firstHour))}
      union all ${calls(within(endHour, to))}
      union all ${calls(sql`true`, callsOfHours)}
    ), summed as (
      select bucket, measure, bin, sum(calls) as calls from bins group by grouping sets ((bucket, measure, bin), (measure, bin))
    ), ranked as (
      select bucket, measure, bin, calls as own, sum(calls) over (partition by bucket, measure order by bin) as upto,
        sum(calls) over (partition by bucket, measure) as calls
      from summed
    )
    select bucket, coalesce(max(calls) filter (where measure = ${LATENCY}), 0)::int as calls,
      coalesce(sum(own * ${binMsOf(sql`bin`)}) filter (where measure = ${LATENCY} and bin >= 0), 0)
        / nullif(sum(own) filter (where measure = ${LATENCY}), 0) as mean,
      ${rank(0.5, LATENCY)} as p50, ${rank(0.95, LATENCY)} as p95, ${rank(0.99, LATENCY)} as p99,
      ${rank(0.5, TTFT)} as ttft50, ${rank(0.95, TTFT)} as ttft95
    from ranked group by bucket
    order by bucket nulls first
    limit ${edges.length + 1}`)
  return { exact: false, ...byBucket(rows, (bin) => Math.round(binMs(bin))) }
}

/** The row without a bucket is the whole; where nothing was timed there is none. */
function byBucket(rows: readonly Row[], ms: (value: number) => number): Omit<LatencyByTime, 'exact'> {
  const read = (value: number | null) => (value === null ? null : ms(value))
  const quantiles = (row: Row): LatencyQuantiles => ({
    ...{ calls: row.calls, mean: row.mean },
    ...{ p50: read(row.p50), p95: read(row.p95), p99: read(row.p99) },
    ...{ ttftP50: read(row.ttft50), ttftP95: read(row.ttft95) },
  })
  const whole = rows.find(({ bucket }) => bucket === null)
  const buckets = rows.flatMap((row) => (row.bucket === null ? [] : [[row.bucket, quantiles(row)] as const]))
  return { whole: whole ? quantiles(whole) : nothing, buckets: new Map(buckets) }
}

const iso = (at: Date) => sql`${at.toISOString()}::timestamptz`
