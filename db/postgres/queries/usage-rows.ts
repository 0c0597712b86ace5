import { type SQL, sql } from 'drizzle-orm'
import { arrayLiteral } from './array-literal'

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
 * Which rows answer it: the rollups by whole days (UTC) and the hours before and after them; by whole hours; every call; or the rollups but for these hours, whose calls are read
 * one by one because a bucket begins within them.
 */
export type Grain = 'days' | 'hours' | 'calls' | { hoursBut: Date[] }

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
  const apart = typeof grain === 'string' ? [] : grain.hoursBut.filter((hour) => hour >= firstHour && hour < endHour)
  const apartList = sql`${arrayLiteral(apart.map((hour) => hour.toISOString()))}::timestamptz[]`
  const whole = sql`hour >= ${iso(firstHour)} and hour < ${iso(endHour)}`
  if (byStatus)
    return sql`
      ${rollup} where ${whole} and ${conditions(filter)} and hour not in (${hoursApart(whole, apartList)})
      union all ${callsOrHours(filter, from, firstHour, rollup)}
      union all ${callsOrHours(filter, endHour, to, rollup)}
      union all ${callsOfHours(hoursApart(whole, apartList), filter, rollup)}`
  const others = apart.length === 0 ? sql`true` : sql`hour <> all (${apartList})`
  const hours = sql`${whole} and ${others} and ${conditions(filter)}`
  const firstDay = new Date(Math.ceil(firstHour.getTime() / DAY_MS) * DAY_MS)
  const endDay = new Date(Math.floor(endHour.getTime() / DAY_MS) * DAY_MS)
  const byDays = grain === 'days' && firstDay < endDay
  const summed = byDays
    ? sql`
    ${dailyRows(byUser)} where ${daysIn(firstDay, endDay)} and ${conditions(filter)}
      and day not in (${daysApart(firstDay, endDay)})
    union all ${rollup} where ${hours} and (hour < ${iso(firstDay)} or hour >= ${iso(endDay)})
    union all select hours.* from (${daysApart(firstDay, endDay)}) as apart(day) cross join lateral (
      ${rollup} where hour >= apart.day and hour < apart.day + interval '1 day' and ${conditions(filter)}
      offset 0
    ) as hours`
    : sql`${rollup} where ${hours}`
  return sql`
    ${summed}
    union all select hour, ${detail}, user_id, null::text, ${figures} from usage_deltas where ${hours}
    union all ${callsOrHours(filter, from, firstHour, rollup)}
    union all ${callsOrHours(filter, endHour, to, rollup)}
    ${apart.length === 0 ? sql`` : sql`union all ${callsOfHours(sql`select hour from unnest(${apartList}) as named(hour)`, filter, rollup)}`}`
}

function hourlyRows({ byUser, byStatus }: { byUser: boolean; byStatus: boolean }): SQL {
  if (byStatus)
    return sql`select hour as at, ${noDetail}, null::text as user_id, status, ${figures} from usage_hourly_statuses`
  return byUser
    ? sql`select hour as at, ${noDetail}, user_id, null::text as status, ${figures} from usage_hourly_users`
    : sql`select hour as at, ${detail}, null::text as user_id, null::text as status, ${figures} from usage_hourly`
}

const dailyRows = (byUser: boolean) =>
  byUser
    ? sql`select day as at, ${noDetail}, user_id, null::text as status, ${figures} from usage_daily_users`
    : sql`select day as at, ${detail}, null::text as user_id, null::text as status, ${figures} from usage_daily`

const daysIn = (from: Date, to: Date) => sql`day >= ${iso(from)} and day < ${iso(to)}`

/** Days that the sums made by the day do not hold, or not wholly. */
const daysApart = (from: Date, to: Date) => sql`select day from usage_stale_days where ${daysIn(from, to)}`

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
    return 'days'
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
