import { type SQL, sql } from 'drizzle-orm'
import { arrayLiteral } from './array-literal'
import { blocksBetween, type DayBlock } from './usage-blocks'

/** What a question about usage is asked of: the half-open range [from, to), and who or what. Null asks for rows without it. */
export type UsageFilter = {
  from: Date
  to: Date
  tenant?: string
  provider?: string
  model?: string
  user?: string | null
  prompt?: { name: string; version?: number } | null
  status?: string
}
/**
 * Which rows answer it: the rollups by whole days (UTC), as many together as lie between two of these midnights, and the
 * hours before and after them; by whole hours; every call; or the rollups but for these hours, whose calls are read one by
 * one because a bucket begins within them.
 */
export type Grain = { daysBetween: Date[] } | 'hours' | 'calls' | { hoursBut: Date[] }

/** Of a question that tells no times within its range apart. */
export const WHOLE_RANGE: Grain = { daysBetween: [] }

/** Whether sums by the hour hold what is asked for; else every call is read, which takes as long as there are many. */
export const isSummedUp = ({ user, provider, model, prompt, status }: UsageFilter): boolean =>
  [
    user !== undefined,
    provider !== undefined || model !== undefined || prompt !== undefined,
    status !== undefined,
  ].filter(Boolean).length < 2

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const detail = sql`tenant, provider, model, prompt_name, prompt_version`
const figures = sql`requests, errors, cache_hits, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens,
  cost_usd, unpriced`
const noDetail = sql`tenant, null::text as provider, null::text as model, null::text as prompt_name,
  null::int as prompt_version`

/**
 * The rows behind a question, as a subquery with `at`, the dimensions and the figures. Whole hours come from the
 * rollup and the deltas not folded into it yet, the ragged edges of the range from the calls themselves. One statement
 * reads all of them, so that a fold or a batch in between is seen wholly or not at all (R7).
 */
export function usageRows(
  filter: UsageFilter,
  grain: Grain,
  dimensions: { user: boolean; detail: boolean; status?: boolean },
): SQL {
  const { from, to } = filter
  const firstHour = new Date(Math.ceil(from.getTime() / HOUR_MS) * HOUR_MS)
  const endHour = new Date(Math.floor(to.getTime() / HOUR_MS) * HOUR_MS)
  const byUser = dimensions.user || filter.user !== undefined
  const byDetail =
    dimensions.detail || filter.model !== undefined || filter.provider !== undefined || filter.prompt !== undefined
  const byStatus = dimensions.status === true || filter.status !== undefined
  // No rollup holds users, models and statuses together: their product would be nearly as large as the calls.
  const together = [byUser, byDetail, byStatus].filter(Boolean).length > 1
  if (together) return calls(filter, from, to)
  const rollup = hourlyRows({ byUser, byStatus })
  if (grain === 'calls' || firstHour >= endHour) return callsOrHours(filter, from, to, rollup)
  const whole = sql`hour >= ${iso(firstHour)} and hour < ${iso(endHour)}`
  const named = hoursButOf(grain).filter((hour) => hour >= firstHour && hour < endHour)
  const namedList = sql`${arrayLiteral(named.map((hour) => hour.toISOString()))}::timestamptz[]`
  // Sums by status come from the calls, where no deltas stand in for what is not in them yet.
  const apart = byStatus ? hoursApart(whole, namedList) : sql`select hour from unnest(${namedList}) as named(hour)`
  const hours = sql`${whole} and ${conditions(filter)} and hour not in (${apart})`
  return sql`
    ${wholeHours(grain, filter, { byUser, byStatus, hours, apart, firstHour, endHour })}
    ${byStatus ? sql`` : sql`union all select hour, ${detail}, user_id, null::text, ${figures} from usage_deltas where ${hours}`}
    union all ${callsOrHours(filter, from, firstHour, rollup)}
    union all ${callsOrHours(filter, endHour, to, rollup)}
    ${byStatus || named.length > 0 ? sql`union all ${callsOfHours(apart, filter, rollup)}` : sql``}`
}

export const hoursButOf = (grain: Grain): Date[] =>
  typeof grain === 'object' && 'hoursBut' in grain ? grain.hoursBut : []

type WholeHours = {
  byUser: boolean
  byStatus: boolean
  hours: SQL
  apart: SQL
  firstHour: Date
  endHour: Date
}

/** From the blocks of days, where the grain allows it, and the hours around them and of the days that are not summed up. */
function wholeHours(grain: Grain, filter: UsageFilter, { hours, apart, firstHour, endHour, ...by }: WholeHours): SQL {
  const rollup = sql`${hourlyRows(by)} where ${hours}`
  const firstDay = new Date(Math.ceil(firstHour.getTime() / DAY_MS) * DAY_MS)
  const endDay = new Date(Math.floor(endHour.getTime() / DAY_MS) * DAY_MS)
  if (typeof grain !== 'object' || !('daysBetween' in grain) || firstDay >= endDay) return rollup
  const within = (at: SQL) => sql`${at} >= ${iso(firstDay)} and ${at} < ${iso(endDay)}`
  const stale = sql`select day from usage_stale_days where ${within(sql`day`)}`
  const daysApart = by.byStatus
    ? sql`${stale} union select date_trunc('day', hour, 'UTC') from (${apart}) as behind where ${within(sql`hour`)}`
    : stale
  return sql`
    select sums.* from (${blocksBut(daysApart, blocksBetween(firstDay, endDay, grain.daysBetween))}) as block
    cross join lateral (
      ${dailyRows(by)} where day = block.day and days = block.days and ${conditions(filter)}
      offset 0
    ) as sums
    union all ${rollup} and not (${within(sql`hour`)})
    union all select hours.* from (${daysApart}) as apart(day) cross join lateral (
      ${rollup} and hour >= apart.day and hour < apart.day + interval '24 hours'
      offset 0
    ) as hours`
}

/** These blocks; of one in which a day is apart the other days, one by one. */
function blocksBut(daysApart: SQL, blocks: DayBlock[]): SQL {
  const days = sql`${arrayLiteral(blocks.map(({ day }) => day.toISOString()))}::timestamptz[]`
  const sizes = sql`${arrayLiteral(blocks.map((block) => String(block.days)))}::int[]`
  return sql`
    with apart as materialized (${daysApart}), wanted as (
      select day, days, exists (
        select from apart where apart.day >= wanted.day and apart.day < wanted.day + days * interval '24 hours'
      ) as behind
      from unnest(${days}, ${sizes}) as wanted(day, days)
    )
    select day, days from wanted where not behind
    union all select one.day, 1 from wanted cross join lateral generate_series(
      wanted.day, wanted.day + (days - 1) * interval '24 hours', interval '24 hours'
    ) as one(day)
    where behind and one.day not in (select day from apart)`
}

type Dimensions = { byUser: boolean; byStatus: boolean }
const hourlyRows = (by: Dimensions) => summedRows(sql`hour`, 'usage_hourly', by)
const dailyRows = (by: Dimensions) => summedRows(sql`day`, 'usage_daily', by)

function summedRows(at: SQL, table: string, { byUser, byStatus }: Dimensions): SQL {
  const [own, name] = byStatus
    ? [sql`${noDetail}, null::text as user_id, status`, `${table}_statuses`]
    : byUser
      ? [sql`${noDetail}, user_id, null::text as status`, `${table}_users`]
      : [sql`${detail}, null::text as user_id, null::text as status`, table]
  return sql`select ${at} as at, ${own}, ${figures} from ${sql.identifier(name)}`
}

/**
 * Hours that the sums made by the hour do not hold, or not wholly: those named, and those that got calls since they were
 * summed up.
 */
export const hoursApart = (whole: SQL, named: SQL): SQL => sql`
  select hour from usage_stale_hours where ${whole}
  union select hour from usage_deltas where ${whole}
  union select hour from unnest(${named}) as named(hour) where ${whole}`

/** OFFSET 0 keeps the planner from turning the join round and reading all calls for the sake of no hour. */
const callsOfHours = (hours: SQL, filter: UsageFilter, rollup: SQL): SQL => sql`
  select calls.* from (${hours}) as apart(hour) cross join lateral (
    select ${oneCall} from llm_usage
    where occurred_at >= apart.hour and occurred_at < apart.hour + interval '1 hour' and ${conditions(filter)}
    offset 0
  ) as calls
  union all ${hoursOfDropped(rollup, sql`hour in (${hours}) and ${conditions(filter)}`)}`

const oneCall = sql`occurred_at as at, ${detail}, user_id, status, 1::bigint as requests,
  (status in ('error', 'timeout'))::int::bigint as errors, cached::int::bigint as cache_hits,
  input_tokens::bigint, output_tokens::bigint, cached_input_tokens::bigint, cache_write_tokens::bigint,
  coalesce(cost_usd, 0) as cost_usd, (cost_usd is null)::int::bigint as unpriced`

const calls = (filter: UsageFilter, from: Date, to: Date): SQL =>
  sql`select ${oneCall} from llm_usage where ${callsWhere({ ...filter, from, to })}`

/** The calls, and of months whose calls were dropped the hours that begin within: they cannot be cut any finer. */
const callsOrHours = (filter: UsageFilter, from: Date, to: Date, rollup: SQL): SQL => sql`
  ${calls(filter, from, to)}
  union all ${hoursOfDropped(rollup, sql`hour >= ${iso(from)} and hour < ${iso(to)} and ${conditions(filter)}`)}`

const hoursOfDropped = (rollup: SQL, wanted: SQL): SQL => sql`
  select hours.* from usage_months as gone cross join lateral (
    ${rollup} where hour >= gone.month and hour < gone.until and ${wanted}
    offset 0
  ) as hours
  where gone.dropped_at is not null`

/** The grain in which buckets with these beginnings can be told apart; within [from, to) of the question. */
export function grainOf(edges: Date[], { from, to }: Pick<UsageFilter, 'from' | 'to'>): Grain {
  const within = edges.filter((edge) => edge > from && edge < to && edge.getTime() % HOUR_MS !== 0)
  const hours = new Set(within.map((edge) => Math.floor(edge.getTime() / HOUR_MS) * HOUR_MS))
  // Where most hours are read call by call, all of them are: one scan is cheaper than many.
  if (hours.size * 2 * HOUR_MS > to.getTime() - from.getTime()) return 'calls'
  if (hours.size === 0 && edges.every((edge) => edge <= from || edge >= to || edge.getTime() % DAY_MS === 0))
    return { daysBetween: edges }
  return hours.size === 0 ? 'hours' : { hoursBut: [...hours].map((hour) => new Date(hour)) }
}

/** The condition on `llm_usage` itself, for questions that only single calls can answer. */
export const callsWhere = (filter: UsageFilter): SQL =>
  sql`occurred_at >= ${iso(filter.from)} and occurred_at < ${iso(filter.to)} and ${conditions(filter)}`

function conditions({ tenant, provider, model, user, prompt, status }: UsageFilter): SQL {
  const all: SQL[] = [sql`true`]
  if (tenant !== undefined) all.push(sql`tenant = ${tenant}`)
  if (provider !== undefined) all.push(sql`provider = ${provider}`)
  if (model !== undefined) all.push(sql`model = ${model}`)
  if (user !== undefined) all.push(user === null ? sql`user_id is null` : sql`user_id = ${user}`)
  if (prompt === null) all.push(sql`prompt_name is null`)
  if (prompt) all.push(sql`prompt_name = ${prompt.name}`)
  if (prompt?.version !== undefined) all.push(sql`prompt_version = ${prompt.version}`)
  if (status !== undefined) all.push(sql`status = ${status}`)
  return sql.join(all, sql` and `)
}

const iso = (at: Date) => sql`${at.toISOString()}::timestamptz`
