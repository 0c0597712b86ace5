import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/postgres/client'
import type { LatencyGrain } from '@/db/postgres/schema/usage'
import { arrayLiteral } from './array-literal'
import { binOf } from './latency-bins'

const grains: { grain: LatencyGrain; keys: SQL }[] = [
  { grain: 'all', keys: sql`null, null, null, null, null::int` },
  { grain: 'tenant', keys: sql`tenant, null, null, null, null::int` },
  { grain: 'model', keys: sql`null, provider, model, null, null::int` },
  { grain: 'prompt', keys: sql`null, null, null, prompt_name, prompt_version` },
]

const binned = (grain: LatencyGrain, keys: SQL, measure: 'latency' | 'ttft') => {
  const ms = measure === 'latency' ? sql`latency_ms` : sql`ttft_ms`
  return sql`
    select hour, grain, tenant, provider, model, prompt_name, prompt_version, measure,
      array_agg(bin order by bin)::smallint[], array_agg(calls order by bin)::int[]
    from (
      select hour, ${grain}::text, ${keys}, ${measure}::text, ${binOf(ms)}, count(*)
      from calls where not cached and ${ms} is not null ${grain === 'prompt' ? sql`and prompt_name is not null` : sql``}
      group by 1, 3, 4, 5, 6, 7, 9
    ) as counted (hour, grain, tenant, provider, model, prompt_name, prompt_version, measure, bin, calls)
    group by 1, 2, 3, 4, 5, 6, 7, 8`
}

/**
 * Sums up to `limit` stale hours that ended before `endedBefore` up anew from their calls, the newest first, and returns
 * how many. To be run in one transaction: who reads sees an hour either stale, and asks the calls, or with all its calls
 * in the sums; a fold that marks the hour meanwhile waits, and marks it again. An hour whose calls are not all there any
 * more, because their month was dropped, keeps the sums that it has. Hours that another worker holds are skipped.
 */
export async function sumUpStaleHours(tx: Transaction, { endedBefore, limit }: { endedBefore: Date; limit: number }) {
  const taken = await tx.execute<{ hour: string }>(sql`
    with stale as (
      select hour from usage_stale_hours
      where hour + interval '1 hour' <= ${endedBefore.toISOString()}::timestamptz
      order by hour desc limit ${limit} for update skip locked
    )
    delete from usage_stale_hours using stale where usage_stale_hours.hour = stale.hour returning stale.hour as hour`)
  if (taken.length === 0) return 0
  const whole = await tx.execute<{ hour: string }>(sql`
    select hour from unnest(${hourList(taken)}) as taken(hour)
    where (
      select count(*) from llm_usage where occurred_at >= taken.hour and occurred_at < taken.hour + interval '1 hour'
    ) = (
      select coalesce(sum(requests), 0) from (
        select requests from usage_hourly where hour = taken.hour
        union all select requests from usage_deltas where hour = taken.hour
      ) as counted
    )
    order by hour limit ${limit}`)
  const hours = hourList(whole)
  const grainNames = arrayLiteral(grains.map(({ grain }) => grain))
  await tx.execute(sql`
    delete from usage_hourly_latencies where grain = any (${grainNames}::text[]) and hour = any (${hours})`)
  await tx.execute(sql`delete from usage_hourly_statuses where hour = any (${hours})`)
  const latencies = grains.flatMap(({ grain, keys }) => [binned(grain, keys, 'latency'), binned(grain, keys, 'ttft')])
  await tx.execute(sql`
    with calls as materialized (select hour, c.* from ${callsOf(hours)})
    insert into usage_hourly_latencies
      (hour, grain, tenant, provider, model, prompt_name, prompt_version, measure, bins, counts)
    ${sql.join(latencies, sql` union all `)}`)
  await tx.execute(sql`
    insert into usage_hourly_statuses (hour, tenant, status, requests, errors, cache_hits, input_tokens, output_tokens,
      cached_input_tokens, cache_write_tokens, cost_usd, unpriced)
    select hour, tenant, status, count(*), count(*) filter (where status in ('error', 'timeout')),
      count(*) filter (where cached), sum(input_tokens), sum(output_tokens), sum(cached_input_tokens),
      sum(cache_write_tokens), coalesce(sum(cost_usd), 0), count(*) filter (where cost_usd is null)
    from ${callsOf(hours)} group by 1, 2, 3`)
  return taken.length
}

const hourList = (rows: readonly { hour: string }[]) =>
  sql`${arrayLiteral(rows.map(({ hour }) => new Date(hour).toISOString()))}::timestamptz[]`

const callsOf = (hours: SQL) => sql`unnest(${hours}) as taken(hour) cross join lateral (
  select tenant, provider, model, prompt_name, prompt_version, status, cached, latency_ms, ttft_ms, input_tokens,
    output_tokens, cached_input_tokens, cache_write_tokens, cost_usd
  from llm_usage where occurred_at >= taken.hour and occurred_at < taken.hour + interval '1 hour'
) as c`
