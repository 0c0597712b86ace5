import postgres from 'postgres'
import { migratePostgres } from '@/db/postgres/migrate'
import { connectPostgres } from '@/db/postgres/client'
import { ensureMonths } from '@/server/services/usage/ensure-months'
import { sumUpUsage } from '@/server/worker/jobs/sum-up-usage'
import { ownDatabase } from './own-database'

const DAYS = 60
const DAY_MS = 86_400_000

export type Generated = {
  db: ReturnType<typeof connectPostgres>
  sql: postgres.Sql
  from: Date
  to: Date
  drop: () => Promise<void>
}

/**
 * A database beside that of `serverUrl` with so many GENERATED calls over 60 days: of 50 tenants a few make most, 200 users
 * each, five models, three prompts; one call in twenty was answered from the cache, one in fifty failed. The sums are made
 * by the worker's own statements, or, by the hour, as it would make them.
 */
export async function generateUsage(serverUrl: string, calls: number): Promise<Generated> {
  const { url, drop: dropDatabase } = await ownDatabase(serverUrl, `bench_usage_${calls}`)
  await migratePostgres(url)
  const to = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS)
  const from = new Date(to.getTime() - DAYS * DAY_MS)
  const db = connectPostgres({ url, poolSize: 2, deadlineMs: 30 * 60_000, applicationName: 'bench' })
  await ensureMonths(
    db,
    Array.from({ length: DAYS }, (_, day) => new Date(from.getTime() + day * DAY_MS)),
  )
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql.unsafe(`
    insert into llm_usage (tenant, event_id, occurred_at, user_id, provider, model, input_tokens, output_tokens,
      cached_input_tokens, cache_write_tokens, latency_ms, ttft_ms, prompt_name, prompt_version, cached, status, cost_usd)
    select 'tenant-' || t, n::text, '${from.toISOString()}'::timestamptz + n * (interval '${DAYS} days' / ${calls}),
      'u-' || (n * 7919 % 200), 'openai', (array['gpt-4o', 'gpt-4o-mini', 'o3', 'gpt-4.1', 'gpt-4.1-mini'])[1 + n % 5],
      300 + n % 900, 20 + n % 300, n % 300, 0, (200 * exp(n * 104729 % 1000 / 350.0))::int, 100 + n % 400,
      (array['support', 'search', null])[1 + n % 3], case when n % 3 < 2 then 1 + (n % 2)::int end, n % 20 = 0,
      case when n % 50 = 0 then 'error' else 'ok' end, case when n % 20 = 0 then 0 else 0.000123456789 * (1 + n % 30) end
    from (select n, floor(50 * power(random(), 3))::int as t from generate_series(0, ${calls - 1}::bigint) as n) as made`)
  const figures = `count(*), count(*) filter (where status = 'error'), count(*) filter (where cached), sum(input_tokens),
    sum(output_tokens), sum(cached_input_tokens), sum(cache_write_tokens), coalesce(sum(cost_usd), 0),
    count(*) filter (where cost_usd is null)`
  const columns = `requests, errors, cache_hits, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens,
    cost_usd, unpriced`
  const hour = "date_trunc('hour', occurred_at, 'UTC')"
  await sql.unsafe(`insert into usage_hourly (hour, tenant, provider, model, prompt_name, prompt_version, ${columns})
    select ${hour}, tenant, provider, model, prompt_name, prompt_version, ${figures} from llm_usage group by 1, 2, 3, 4, 5, 6`)
  await sql.unsafe(`insert into usage_hourly_users (hour, tenant, user_id, ${columns})
    select ${hour}, tenant, user_id, ${figures} from llm_usage group by 1, 2, 3`)
  await sql.unsafe('insert into usage_stale_hours select distinct hour from usage_hourly')
  while ((await sumUpUsage({ db })) > 0);
  await sql.unsafe('vacuum analyze')
  const drop = async () => {
    await sql.end()
    await db.close()
    await dropDatabase()
  }
  return { db, sql, from: new Date(to.getTime() - 30 * DAY_MS), to, drop }
}
