import { type SQL, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { redisPrice } from '@/db/postgres/schema/savings'
import type { PriceRates } from '@/db/postgres/schema/usage'
import { arrayLiteral } from './array-literal'
import { callsWhere, type UsageFilter, usageRows, WHOLE_RANGE } from './usage-rows'

/** Look-ups are counted by whole minutes: a minute belongs to the range in which it begins. */
export type SavingsFilter = {
  from: Date
  to: Date
  tenant?: string
  namespace?: string
  /** Null: hits of answers that nobody said were made with a prompt. */
  prompt?: { name: string; version?: number } | null
}

/** `savedUsd`: exact decimal, the sum of what the entries had cost that were hit. */
export type SavedFigures = {
  hits: number
  misses: number
  savedUsd: string
  /** Hits of entries without a cost, as far as it was counted. */
  hitsWithoutCost: number
  /** Hits of a time when nobody counted which entries had a cost. */
  hitsUnjudged: number
}
export type SavingsGroup = 'namespace' | 'tenant' | 'prompt'

const keysOf: Record<SavingsGroup, [SQL, SQL]> = {
  namespace: [sql`namespace`, sql`0`],
  tenant: [sql`tenant`, sql`0`],
  prompt: [sql`prompt_name`, sql`prompt_version`],
}

const where = ({ from, to, tenant, namespace, prompt }: SavingsFilter): SQL => {
  const all = [sql`family = 'answers' and minute >= ${iso(from)} and minute < ${iso(to)}`]
  if (tenant !== undefined) all.push(sql`tenant = ${tenant}`)
  if (namespace !== undefined) all.push(sql`namespace = ${namespace}`)
  if (prompt === null) all.push(sql`prompt_name = ''`)
  if (prompt) all.push(sql`prompt_name = ${prompt.name}`)
  if (prompt?.version !== undefined) all.push(sql`prompt_version = ${prompt.version}`)
  return sql.join(all, sql` and `)
}

const figures = sql`coalesce(sum(hits), 0)::float8 as hits, coalesce(sum(misses), 0)::float8 as misses,
  trim_scale(coalesce(sum(saved_usd), 0))::text as "savedUsd",
  coalesce(sum(hits_without_cost), 0)::float8 as "hitsWithoutCost",
  coalesce(sum(hits) filter (where hits_without_cost is null), 0)::float8 as "hitsUnjudged"`

/** The whole and its parts, what saved most first; one statement, so that the parts add up to the whole (R7). */
export async function savedBy(db: Db, filter: SavingsFilter, by: SavingsGroup, limit: number) {
  const [key, version] = keysOf[by]
  const rows = await db.execute<SavedFigures & { key: string; version: number; whole: boolean; others: number }>(sql`
    select key, version, grouping(key) = 1 as whole, (count(*) over () - 1)::int as others, ${figures}
    from (select ${key} as key, ${version} as version, * from cache_lookups where ${where(filter)}) as lookups
    group by grouping sets ((key, version), ())
    order by whole desc, sum(saved_usd) desc, sum(hits) desc, key collate "C", version
    limit ${limit + 1}`)
  const [first, ...parts] = rows
  if (!first?.whole) throw new Error('savings without their total row')
  const { key: _key, version: _version, whole: _whole, others, ...totals } = first
  return {
    totals,
    groupCount: others,
    groups: parts.map(({ whole: _w, others: _o, ...part }) => part),
  }
}

/** Exact sums by the stretches that begin at the `edges`; those without a look-up are absent. */
export async function savedByTime(db: Db, filter: SavingsFilter, edges: Date[]) {
  const starts = arrayLiteral(edges.map((edge) => edge.toISOString()))
  const rows = await db.execute<{ bucket: number; hits: number; savedUsd: string }>(sql`
    select width_bucket(minute, ${starts}::timestamptz[]) - 1 as bucket, sum(hits)::float8 as hits,
      trim_scale(sum(saved_usd))::text as "savedUsd"
    from cache_lookups where ${where(filter)} group by 1 order by 1 limit ${edges.length}`)
  return new Map(rows.map(({ bucket, ...saved }) => [bucket, saved]))
}

/** The names of prompts whose answers were hit. */
export async function promptsHit(db: Db, filter: SavingsFilter, limit: number): Promise<string[]> {
  const rows = await db.execute<{ name: string }>(sql`
    select distinct prompt_name as name from cache_lookups
    where ${where(filter)} and prompt_name <> '' and hits > 0 order by 1 limit ${limit}`)
  return rows.map(({ name }) => name)
}

/** Calls of a prompt, all versions: what an activation is judged by. `costUsd` is of the `priced` among the `misses`. */
export type CallsOfPrompt = { calls: number; misses: number; priced: number; costUsd: string }

export async function callsOfPrompt(db: Db, filter: UsageFilter): Promise<CallsOfPrompt> {
  const [row] = await db.execute<CallsOfPrompt>(sql`
    select count(*)::float8 as calls, (count(*) filter (where not cached))::float8 as misses,
      (count(cost_usd) filter (where not cached))::float8 as priced,
      trim_scale(coalesce(sum(cost_usd) filter (where not cached), 0))::text as "costUsd"
    from llm_usage where ${callsWhere(filter)}`)
  if (!row) throw new Error('an aggregate without a row')
  return row
}

/** The newest calls of anybody's prompt: to look for one prompt alone could mean to read the whole range. */
const newest = ({ from, to, tenant }: UsageFilter): UsageFilter => ({ from, to, tenant })

/** Medians in milliseconds, nearest rank; null where no such call said how long it took. */
export type LatencyOfModel = { hits: number; uncachedMs: number | null; cachedMs: number | null }

/**
 * By prompt version and model: how many calls our cache answered, all of them, and the median latencies of those it
 * answered and those it did not, of the newest `among` calls of the range.
 */
export async function latencyOfHits(db: Db, filter: UsageFilter, { among, limit }: { among: number; limit: number }) {
  const median = (cached: SQL) =>
    sql`percentile_disc(0.5) within group (order by latency_ms) filter (where ${cached} and status = 'ok')`
  return db.execute<LatencyOfModel>(sql`
    with hits as (
      select provider, model, prompt_name, prompt_version, sum(cache_hits)::float8 as hits
      from (${usageRows(filter, WHOLE_RANGE, { user: false, detail: true })}) as used
      group by 1, 2, 3, 4 having sum(cache_hits) > 0 order by hits desc limit ${limit}
    ), medians as (
      select provider, model, prompt_name, prompt_version, ${median(sql`not cached`)} as uncached,
        ${median(sql`cached`)} as cached
      from (
        select * from llm_usage where ${callsWhere(newest(filter))} order by occurred_at desc limit ${among}
      ) as newest
      group by 1, 2, 3, 4
    )
    select hits.hits, medians.uncached as "uncachedMs", medians.cached as "cachedMs"
    from hits left join medians on medians.provider = hits.provider and medians.model = hits.model
      and medians.prompt_name is not distinct from hits.prompt_name
      and medians.prompt_version is not distinct from hits.prompt_version
    order by hits.hits desc limit ${limit}`)
}

/** Tokens that went through providers' own caches, by model, with the rates of the newest priced call among `among`. */
export type ProviderCacheUse = { read: number; written: number; rates: PriceRates | null }

export async function providerCacheUse(
  db: Db,
  filter: UsageFilter,
  { among, limit }: { among: number; limit: number },
): Promise<ProviderCacheUse[]> {
  return db.execute<ProviderCacheUse>(sql`
    with used as (
      select provider, model, sum(cached_input_tokens)::float8 as read, sum(cache_write_tokens)::float8 as written
      from (${usageRows(filter, WHOLE_RANGE, { user: false, detail: true })}) as used
      group by 1, 2 having sum(cached_input_tokens + cache_write_tokens) > 0 order by read desc limit ${limit}
    ), priced as (
      select distinct on (provider, model) provider, model, price_id
      from (
        select * from llm_usage where ${callsWhere(newest(filter))} order by occurred_at desc limit ${among}
      ) as newest
      where price_id is not null
      order by provider, model, occurred_at desc
    )
    select used.read, used.written, prices.rates
    from used left join priced using (provider, model) left join prices on prices.id = priced.price_id
    order by used.read desc limit ${limit}`)
}

/** Mean memory of the whole Redis in bytes over the samples of a range; null where there is none. */
export async function meanRedisMemory(db: Db, { from, to }: { from: Date; to: Date }) {
  const [row] = await db.execute<{ bytes: number | null; samples: number }>(sql`
    select round(avg(used_memory_bytes))::float8 as bytes, count(*)::float8 as samples from redis_samples
    where at >= ${iso(from)} and at < ${iso(to)}`)
  if (!row) throw new Error('an aggregate without a row')
  return row
}

/** What operators say a GiB of Redis costs per month: an exact decimal, or null where nobody said. */
export async function selectRedisPrice(db: Db): Promise<string | null> {
  const [row] = await db
    .select({ usd: sql<string | null>`trim_scale(${redisPrice.usdPerGibMonth})::text` })
    .from(redisPrice)
    .limit(1)
  return row?.usd ?? null
}

/** Returns what was said before. */
export async function updateRedisPrice(tx: Transaction, price: { usdPerGibMonth: string | null; changedBy: string }) {
  const [before] = await tx.select({ usd: redisPrice.usdPerGibMonth }).from(redisPrice).for('update')
  const set = { ...price, changedAt: new Date() }
  await tx.insert(redisPrice).values(set).onConflictDoUpdate({ target: redisPrice.only, set })
  return before?.usd ?? null
}

const iso = (at: Date) => sql`${at.toISOString()}::timestamptz`
