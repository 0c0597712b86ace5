import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { type UsageFilter, usageRows } from './usage-rows'

const TENANTS_NAMED = 5

export type UnpricedModel = {
  provider: string
  model: string
  requests: number
  inputTokens: number
  outputTokens: number
  /** ISO instants of the first and the last call that waits. */
  since: string
  until: string
  /** The five that wait with the most calls, and how many there are. */
  tenants: string[]
  tenantCount: number
}

/** What was called and has no price, the most calls first, with how many models there are. From the calls themselves. */
export async function unpricedModels(db: Db, tenant: string | null, limit: number) {
  const rows = await db.execute<
    Record<'requests' | 'input' | 'output' | 'total', string> & {
      provider: string
      model: string
      since: string
      until: string
      tenants: string[]
      tenant_count: string
    }
  >(sql`
    with waiting as materialized (
      select provider, model, tenant, count(*) as requests, sum(input_tokens) as input, sum(output_tokens) as output,
        min(occurred_at) as since, max(occurred_at) as until
      from llm_usage where cost_usd is null and ${tenant === null ? sql`true` : sql`tenant = ${tenant}`}
      group by provider, model, tenant
    )
    select provider, model, sum(requests) as requests, sum(input) as input, sum(output) as output,
      to_json(min(since)) #>> '{}' as since, to_json(max(until)) #>> '{}' as until,
      to_json((array_agg(tenant order by requests desc, tenant collate "C"))[:${sql.raw(String(TENANTS_NAMED))}]) as tenants,
      count(*) as tenant_count, count(*) over () as total
    from waiting group by provider, model
    order by sum(requests) desc, provider collate "C", model collate "C" limit ${limit}`)
  const models = rows.map((row): UnpricedModel => ({
    provider: row.provider,
    model: row.model,
    requests: Number(row.requests),
    inputTokens: Number(row.input),
    outputTokens: Number(row.output),
    since: row.since,
    until: row.until,
    tenants: row.tenants,
    tenantCount: Number(row.tenant_count),
  }))
  return { models, total: Number(rows[0]?.total ?? 0) }
}

export type ModelInUse = {
  provider: string
  model: string
  requests: number
  inputTokens: number
  outputTokens: number
  /** US dollars, exact, of the requests with a price. */
  costUsd: string
  unpriced: number
}

/** Every model reported in a range, the dearest first, with how many there are. */
export async function modelsInUse(db: Db, filter: UsageFilter, limit: number) {
  const rows = await db.execute<
    Record<'requests' | 'input' | 'output' | 'cost' | 'unpriced' | 'total', string> & {
      provider: string
      model: string
    }
  >(sql`
    select provider, model, sum(requests) as requests, sum(input_tokens) as input, sum(output_tokens) as output,
      trim_scale(sum(cost_usd)) as cost, sum(unpriced) as unpriced, count(*) over () as total
    from (${usageRows(filter, 'hours', { user: false, detail: true })}) as used
    group by provider, model having sum(requests) > 0
    order by sum(cost_usd) desc, sum(requests) desc, provider collate "C", model collate "C" limit ${limit}`)
  const models = rows.map((row): ModelInUse => ({
    provider: row.provider,
    model: row.model,
    requests: Number(row.requests),
    inputTokens: Number(row.input),
    outputTokens: Number(row.output),
    costUsd: row.cost,
    unpriced: Number(row.unpriced),
  }))
  return { models, total: Number(rows[0]?.total ?? 0) }
}
