import { desc, lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { usageChecks, type UsageDifference } from '@/db/postgres/schema/usage-checks'
import { BLOCK_SIZES } from './usage-blocks'
import { USAGE_FIGURES } from './usage-figures'

/** Whole hours, [from, to). */
export type CheckedWindow = { from: Date; to: Date }

const ONE_CALL = `1::bigint as requests, (status in ('error', 'timeout'))::int as errors, cached::int as cache_hits,
    input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, coalesce(cost_usd, 0) as cost_usd,
    (cost_usd is null)::int as unpriced`
const MINUS = USAGE_FIGURES.map((name) => `-${name}`).join(', ')
const SUMS = USAGE_FIGURES.map((name) => `sum(${name}) as ${name}`).join(', ')
const NOT_ZERO = USAGE_FIGURES.map((name) => `sum(${name}) <> 0`).join(' or ')

/** Calls one by one, less what the tables of sums say, by these columns: what is left is a difference. */
const lessSums = (by: string, tables: string[], { from, to }: Text, apart = 'false') => `
select hour, ${by}, ${SUMS}
from (
  select date_trunc('hour', occurred_at, 'UTC') as hour, ${by}, ${ONE_CALL}
  from llm_usage where occurred_at >= ${from} and occurred_at < ${to}
${tables
  .map((table) => `  union all select hour, ${by}, ${MINUS} from ${table} where hour >= ${from} and hour < ${to}`)
  .join('\n')}
) as calls_less_sums
where not (${apart})
group by hour, ${by} having ${NOT_ZERO}`

const daysLessHours =
  (daily: string, hourly: string, by: string) =>
  ({ from, to }: Text) => `
select day, ${by}, ${SUMS}
from (
  select date_trunc('day', hour, 'UTC') as day, ${by}, ${USAGE_FIGURES.join(', ')} from ${hourly}
  where hour >= date_trunc('day', ${from}, 'UTC') and hour < date_trunc('day', ${to}, 'UTC')
  union all select day, ${by}, ${MINUS} from ${daily}
  where days = 1 and day >= date_trunc('day', ${from}, 'UTC') and day < date_trunc('day', ${to}, 'UTC')
) as hours_less_days
where day not in (select day from usage_stale_days)
group by day, ${by} having ${NOT_ZERO}`

const blocksLessDays =
  (daily: string, by: string) =>
  ({ from, to }: Text) => `
with blocks as (
  select distinct to_timestamp(floor(extract(epoch from one) / seconds) * seconds) as day, days
  from unnest(array[${BLOCK_SIZES.join(', ')}]) as sizes(days) cross join lateral (select days * 86400 as seconds) as length
  cross join generate_series(date_trunc('day', ${from}, 'UTC'), ${to} - interval '1 second', interval '24 hours') as one
), whole as (
  select day, days from blocks where not exists (
    select from usage_stale_days as stale where stale.day >= blocks.day and stale.day < blocks.day + days * interval '24 hours'
  )
)
select day, days, ${by}, ${SUMS}
from (
  select day, days, ${by}, ${USAGE_FIGURES.join(', ')} from whole join ${daily} using (day, days)
  union all select whole.day, whole.days, ${by}, ${MINUS} from whole join ${daily} as one
    on one.days = 1 and one.day >= whole.day and one.day < whole.day + whole.days * interval '24 hours'
) as blocks_less_days
group by day, days, ${by} having ${NOT_ZERO}`

type Text = { from: string; to: string }

/** What must hold of any window, and the question whose answer is empty while it does (R6, R7). */
export const usageRules: { rule: string; query: (window: Text) => string }[] = [
  {
    rule: 'Sums by the hour, model and prompt equal the calls',
    query: (window) =>
      lessSums('tenant, provider, model, prompt_name, prompt_version', ['usage_hourly', 'usage_deltas'], window),
  },
  {
    rule: 'Sums by the hour and user equal the calls',
    query: (window) => lessSums('tenant, user_id', ['usage_hourly_users', 'usage_deltas'], window),
  },
  {
    rule: 'Sums by the hour and status equal the calls',
    query: (window) =>
      lessSums(
        'tenant, status',
        ['usage_hourly_statuses'],
        window,
        'hour in (select hour from usage_stale_hours union select hour from usage_deltas)',
      ),
  },
  ...[
    { of: '', daily: 'usage_daily', hourly: 'usage_hourly', by: 'tenant' },
    { of: ' and user', daily: 'usage_daily_users', hourly: 'usage_hourly_users', by: 'tenant, user_id' },
    { of: ' and status', daily: 'usage_daily_statuses', hourly: 'usage_hourly_statuses', by: 'tenant, status' },
  ].flatMap(({ of, daily, hourly, by }) => [
    { rule: `Sums by the day${of} equal the sums by the hour`, query: daysLessHours(daily, hourly, by) },
    { rule: `Sums of several days${of} equal the sums of each`, query: blocksLessDays(daily, by) },
  ]),
  {
    rule: 'Every call is in the ledger of event ids, once',
    query: ({ from, to }) => `
select id, max(tenant) as tenant, max(event_id) as event_id, sum(calls) as calls, sum(ledger) as ledger
from (
  select usage_event_id(tenant, event_id) as id, tenant, event_id, 1 as calls, 0 as ledger from llm_usage
  where occurred_at >= ${from} and occurred_at < ${to}
  union all select id, null, null, 0, 1 from usage_events where occurred_at >= ${from} and occurred_at < ${to}
) as both_sides
group by id having sum(calls) <> 1 or sum(ledger) <> 1`,
  },
  {
    rule: 'Cached tokens are part of the input, never more',
    query: ({ from, to }) => `
select tenant, event_id, input_tokens, cached_input_tokens, cache_write_tokens
from llm_usage
where occurred_at >= ${from} and occurred_at < ${to} and cached_input_tokens + cache_write_tokens > input_tokens`,
  },
  {
    rule: "An answer from the application's cache costs nothing",
    query: ({ from, to }) => `
select tenant, event_id, cost_usd
from llm_usage
where occurred_at >= ${from} and occurred_at < ${to} and cached and cost_usd is distinct from 0`,
  },
]

const SHOWN = 20
const literal = (at: Date) => `'${at.toISOString()}'::timestamptz`

/** Asks all of it, one statement and so one snapshot each; returns what differs. */
export async function differencesOf(db: Db, { from, to }: CheckedWindow): Promise<UsageDifference[]> {
  const differences: UsageDifference[] = []
  for (const { rule, query } of usageRules) {
    const text = query({ from: literal(from), to: literal(to) }).trim()
    const rows = await db.execute<Record<string, unknown>>(sql.raw(`${text}\nlimit ${SHOWN}`))
    if (rows.length > 0) differences.push({ check: rule, query: `${text};`, rows: [...rows] })
  }
  return differences
}

/** Hours that have sums, from the oldest to the newest; null while there are none. */
export async function hoursOfUsage(db: Db): Promise<CheckedWindow | null> {
  const [row] = await db.execute<{ first: string | null; last: string | null }>(
    sql`select min(hour) as first, max(hour) as last from usage_hourly`,
  )
  return row?.first && row.last ? { from: new Date(row.first), to: new Date(row.last) } : null
}

/**
 * The first hours with usage from an instant on, up to `most` hours and about `mostCalls` calls, at least one hour; null
 * where none follow. Hours of months that were dropped are left out: their calls are gone on purpose.
 */
export async function hoursFrom(db: Db, from: Date, { hours, calls }: { hours: number; calls: number }) {
  const rows = await db.execute<{ hour: string; requests: string }>(sql`
    select hour, sum(requests) as requests from usage_hourly
    where hour >= (
        select hour from usage_hourly h
        where hour >= ${from.toISOString()}::timestamptz and not exists (
          select from usage_months m where m.dropped_at is not null and h.hour >= m.month and h.hour < m.until
        )
        order by hour limit 1
      ) and hour < (
        select coalesce(min(m.month), 'infinity') from usage_months m
        where m.dropped_at is not null and m.month > ${from.toISOString()}::timestamptz
      )
    group by hour order by hour limit ${hours}`)
  const [first] = rows
  if (!first) return null
  const start = new Date(first.hour).getTime()
  let [end, sum] = [start, 0]
  for (const { hour, requests } of rows) {
    sum += Number(requests)
    const next = new Date(hour).getTime() + 3_600_000
    if (end > start && (sum > calls || next - start > hours * 3_600_000)) break
    end = next
  }
  return { from: new Date(start), to: new Date(end) }
}

export async function countCalls(db: Db, { from, to }: CheckedWindow): Promise<number> {
  const [row] = await db.execute<{ calls: number }>(sql`
    select count(*)::int as calls from llm_usage
    where occurred_at >= ${from.toISOString()}::timestamptz and occurred_at < ${to.toISOString()}::timestamptz`)
  return row?.calls ?? 0
}

export async function insertUsageCheck(db: Db, check: typeof usageChecks.$inferInsert): Promise<void> {
  await db.insert(usageChecks).values(check)
}

const { id, checkedAt, from, to, calls, tookMs, differences } = usageChecks

/** The newest first. */
export async function selectUsageChecks(db: Db, { limit }: { limit: number }) {
  return db
    .select({ id, checkedAt, from, to, calls, tookMs, differences })
    .from(usageChecks)
    .orderBy(desc(checkedAt), desc(id))
    .limit(limit)
}

/** Windows whose newest check found a difference: the dearest news first, which is the newest. */
export async function selectOpenChecks(db: Db, { limit }: { limit: number }) {
  const newest = db
    .selectDistinctOn([from, to], { id, checkedAt, from, to, calls, tookMs, differences })
    .from(usageChecks)
    .orderBy(from, to, desc(checkedAt))
    .as('newest')
  return db
    .select()
    .from(newest)
    .where(sql`${newest.differences} <> '[]'`)
    .orderBy(desc(newest.checkedAt))
    .limit(limit)
}

/** How many there were since, of how many calls, and how many found a difference. */
export async function countUsageChecks(db: Db, since: Date) {
  const [row] = await db.execute<{ checks: number; calls: number; failed: number }>(sql`
    select count(*)::int as checks, coalesce(sum(calls), 0)::float8 as calls,
      count(*) filter (where differences <> '[]')::int as failed
    from usage_checks where checked_at >= ${since.toISOString()}::timestamptz`)
  return row ?? { checks: 0, calls: 0, failed: 0 }
}

export async function deleteUsageChecks(db: Db, before: Date): Promise<void> {
  await db.delete(usageChecks).where(lt(checkedAt, before))
}
