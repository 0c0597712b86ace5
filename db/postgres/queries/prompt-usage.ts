import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { arrayLiteral } from './array-literal'
import { callsWhere, usageRows } from './usage-rows'

type Range = { from: Date; to: Date }
const PROMPTS = 1_000
const VERSIONS = 500

/** Requests and cost of a range by prompt name; the most requested first. Cost in US dollars, exact. */
export async function usageByPromptName(db: Db, filter: Range & { tenant?: string }) {
  const rows = await db.execute<{ name: string; requests: string; cost: string; unpriced: string }>(sql`
    select prompt_name as name, sum(requests)::text as requests, sum(cost_usd)::text as cost,
      sum(unpriced)::text as unpriced
    from (${usageRows(filter, 'hours', { user: false, detail: true })}) as used
    where prompt_name is not null
    group by prompt_name order by sum(requests) desc, prompt_name limit ${PROMPTS}`)
  return rows.map(({ name, requests, cost, unpriced }) => ({
    name,
    requests: Number(requests),
    costUsd: cost,
    unpriced: Number(unpriced),
  }))
}

export async function countCallsOfPrompt(db: Db, { name, from, to }: Range & { name: string }): Promise<number> {
  const [row] = await db.execute<{ requests: string }>(sql`
    select count(*)::text as requests from llm_usage
    where occurred_at >= ${from.toISOString()} and occurred_at < ${to.toISOString()} and prompt_name = ${name}`)
  return Number(row?.requests ?? 0)
}

/** What a version's calls add up to. A spread is of single requests, for the confidence of a difference only. */
export type VersionTotals = {
  version: number
  requests: number
  errors: number
  /** Answered from the application's own cache. */
  cached: number
  priced: number
  /** US dollars per 1,000 priced requests, exact; null when none has a price. */
  costPer1000Usd: string | null
  cost: Spread
  tokens: Spread
  /** Model calls that told how long they took; answers from the cache do not count. */
  timed: number
}
export type Spread = { mean: number | null; deviation: number | null }

type OfVersions = Range & { name: string; versions: readonly number[] }

/** What versions of a prompt did in a stretch of time, from the calls themselves; without the versions without calls. */
export async function totalsOfVersions(
  db: Db,
  { name, versions, from, to }: OfVersions,
): Promise<Map<number, VersionTotals>> {
  const rows = await db.execute<Record<string, string | number | null>>(sql`
    select prompt_version as version, count(*)::text as requests,
      (count(*) filter (where status in ('error', 'timeout')))::text as errors,
      (count(*) filter (where cached))::text as cached,
      count(cost_usd)::text as priced,
      round(sum(cost_usd) * 1000 / nullif(count(cost_usd), 0), 12)::text as cost_per_1000,
      avg(cost_usd)::float8 as cost_mean, stddev_samp(cost_usd)::float8 as cost_deviation,
      avg(input_tokens + output_tokens)::float8 as tokens_mean,
      stddev_samp(input_tokens + output_tokens)::float8 as tokens_deviation,
      (count(latency_ms) filter (where not cached))::text as timed
    from llm_usage
    where ${callsOf({ name, versions, from, to })}
    group by prompt_version order by prompt_version limit ${versions.length}`)
  return new Map(rows.map((row) => [Number(row.version), totalsOf(row)]))
}

function totalsOf(row: Record<string, string | number | null>): VersionTotals {
  const number = (key: string) => (row[key] == null ? null : Number(row[key]))
  const counted = (key: string) => number(key) ?? 0
  return {
    version: counted('version'),
    requests: counted('requests'),
    errors: counted('errors'),
    cached: counted('cached'),
    priced: counted('priced'),
    costPer1000Usd: row.cost_per_1000 == null ? null : String(row.cost_per_1000),
    cost: { mean: number('cost_mean'), deviation: number('cost_deviation') },
    tokens: { mean: number('tokens_mean'), deviation: number('tokens_deviation') },
    timed: counted('timed'),
  }
}

/** Milliseconds of model calls at these fractions of their number, in order of size; empty without such calls. */
export async function latenciesAt(
  db: Db,
  { fractions, version, ...where }: Range & { name: string; version: number; fractions: readonly number[] },
): Promise<number[]> {
  const [row] = await db.execute<{ latencies: number[] | null }>(sql`
    select to_json(percentile_disc(${arrayLiteral(fractions)}::float8[]) within group (order by latency_ms)) as latencies
    from llm_usage
    where ${callsOf({ ...where, versions: [version] })} and not cached and latency_ms is not null`)
  return row?.latencies ?? []
}

/** The 95th percentile of each version's model calls, in milliseconds. */
export async function latencyP95ByVersion(
  db: Db,
  { name, from, to, tenant }: Range & { name: string; tenant?: string },
) {
  const rows = await db.execute<{ version: number; p95: number }>(sql`
    select prompt_version as version, percentile_disc(0.95) within group (order by latency_ms) as p95
    from llm_usage
    where ${callsWhere({ from, to, tenant, prompt: { name } })} and not cached and latency_ms is not null
      and prompt_version is not null
    group by prompt_version order by prompt_version desc limit ${VERSIONS}`)
  return new Map(rows.map(({ version, p95 }) => [version, p95]))
}

/** Requests, tokens and cost of each version of a prompt in a range. Cost in US dollars, exact; `at` to the hour. */
export async function usageByVersion(db: Db, { name, ...range }: Range & { name: string; tenant?: string }) {
  const filter = { ...range, prompt: { name } }
  const rows = await db.execute<Record<string, string> & { version: number }>(sql`
    select prompt_version as version, sum(requests)::text as requests, sum(errors)::text as errors,
      sum(cache_hits)::text as cached, sum(unpriced)::text as unpriced,
      sum(input_tokens + output_tokens)::text as tokens,
      round(sum(cost_usd) * 1000 / nullif(sum(requests) - sum(unpriced), 0), 12)::text as cost_per_1000,
      to_json(max(at))::text as last_at
    from (${usageRows(filter, 'hours', { user: false, detail: true })}) as used
    where prompt_version is not null
    group by prompt_version order by prompt_version desc limit ${VERSIONS}`)
  return rows.map((row) => ({
    version: row.version,
    requests: Number(row.requests),
    errors: Number(row.errors),
    cached: Number(row.cached),
    unpriced: Number(row.unpriced),
    tokens: Number(row.tokens),
    costPer1000Usd: row.cost_per_1000 ?? null,
    lastAt: new Date(JSON.parse(row.last_at ?? '') as string),
  }))
}

const callsOf = ({ name, versions, from, to }: OfVersions) =>
  sql`${callsWhere({ from, to, prompt: { name } })} and prompt_version = any(${arrayLiteral(versions)}::int[])`
