import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { usageRows } from './usage-rows'

type Range = { from: Date; to: Date }
const PROMPTS = 1_000

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

export type VersionFigures = {
  requests: number
  errors: number
  /** Answered from the application's own cache. */
  cached: number
  priced: number
  /** US dollars per 1,000 priced requests, exact; null when none has a price. */
  costPer1000Usd: string | null
  /** Of single requests, for the confidence of a difference only. */
  cost: Spread
  tokens: Spread
  latencyP95Ms: number | null
  timed: number
}
export type Spread = { mean: number | null; deviation: number | null }

/** What one version of a prompt did in a stretch of time, from the calls themselves. Model calls only count for latency. */
export async function figuresOfVersion(
  db: Db,
  { name, version, from, to }: Range & { name: string; version: number },
): Promise<VersionFigures> {
  const [row] = await db.execute<Record<string, string | number | null>>(sql`
    select count(*)::text as requests,
      (count(*) filter (where status in ('error', 'timeout')))::text as errors,
      (count(*) filter (where cached))::text as cached,
      count(cost_usd)::text as priced,
      round(sum(cost_usd) * 1000 / nullif(count(cost_usd), 0), 12)::text as cost_per_1000,
      avg(cost_usd)::float8 as cost_mean, stddev_samp(cost_usd)::float8 as cost_deviation,
      avg(input_tokens + output_tokens)::float8 as tokens_mean,
      stddev_samp(input_tokens + output_tokens)::float8 as tokens_deviation,
      percentile_cont(0.95) within group (order by latency_ms) filter (where not cached) as p95,
      (count(latency_ms) filter (where not cached))::text as timed
    from llm_usage
    where occurred_at >= ${from.toISOString()} and occurred_at < ${to.toISOString()}
      and prompt_name = ${name} and prompt_version = ${version}`)
  const number = (key: string) => (row?.[key] == null ? null : Number(row[key]))
  const counted = (key: string) => number(key) ?? 0
  return {
    requests: counted('requests'),
    errors: counted('errors'),
    cached: counted('cached'),
    priced: counted('priced'),
    costPer1000Usd: row?.cost_per_1000 == null ? null : String(row.cost_per_1000),
    cost: { mean: number('cost_mean'), deviation: number('cost_deviation') },
    tokens: { mean: number('tokens_mean'), deviation: number('tokens_deviation') },
    latencyP95Ms: number('p95'),
    timed: counted('timed'),
  }
}
