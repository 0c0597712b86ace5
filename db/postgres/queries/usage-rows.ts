import { type SQL, sql } from 'drizzle-orm'

/** What a question about usage is asked of: the half-open range [from, to), and who or what. Null asks for rows without it. */
export type UsageFilter = {
  from: Date
  to: Date
  tenant?: string
  provider?: string
  model?: string
  user?: string | null
  prompt?: { name: string; version?: number } | null
}
/** Which rows answer it: rollups where every bucket begins on a whole hour, else every call. */
export type Grain = 'hours' | 'calls'

const HOUR_MS = 3_600_000
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
export function usageRows(filter: UsageFilter, grain: Grain, dimensions: { user: boolean; detail: boolean }): SQL {
  const { from, to } = filter
  const firstHour = new Date(Math.ceil(from.getTime() / HOUR_MS) * HOUR_MS)
  const endHour = new Date(Math.floor(to.getTime() / HOUR_MS) * HOUR_MS)
  const byUser = dimensions.user || filter.user !== undefined
  const byDetail =
    dimensions.detail || filter.model !== undefined || filter.provider !== undefined || filter.prompt !== undefined
  // No rollup holds users and models together: their product would be nearly as large as the calls.
  if (grain === 'calls' || (byUser && byDetail) || firstHour >= endHour) return calls(filter, from, to)
  const rollup = byUser
    ? sql`select hour as at, ${noDetail}, user_id, ${figures} from usage_hourly_users`
    : sql`select hour as at, ${detail}, null::text as user_id, ${figures} from usage_hourly`
  const hours = sql`hour >= ${iso(firstHour)} and hour < ${iso(endHour)} and ${conditions(filter)}`
  return sql`
    ${rollup} where ${hours}
    union all select hour, ${detail}, user_id, ${figures} from usage_deltas where ${hours}
    union all ${calls(filter, from, firstHour)}
    union all ${calls(filter, endHour, to)}`
}

function calls(filter: UsageFilter, from: Date, to: Date): SQL {
  return sql`select occurred_at as at, ${detail}, user_id, 1::bigint as requests,
    (status in ('error', 'timeout'))::int::bigint as errors, cached::int::bigint as cache_hits,
    input_tokens::bigint, output_tokens::bigint, cached_input_tokens::bigint, cache_write_tokens::bigint,
    coalesce(cost_usd, 0) as cost_usd, (cost_usd is null)::int::bigint as unpriced
    from llm_usage where ${callsWhere({ ...filter, from, to })}`
}

/** The condition on `llm_usage` itself, for questions that only single calls can answer. */
export const callsWhere = (filter: UsageFilter): SQL =>
  sql`occurred_at >= ${iso(filter.from)} and occurred_at < ${iso(filter.to)} and ${conditions(filter)}`

function conditions({ tenant, provider, model, user, prompt }: UsageFilter): SQL {
  const all: SQL[] = [sql`true`]
  if (tenant !== undefined) all.push(sql`tenant = ${tenant}`)
  if (provider !== undefined) all.push(sql`provider = ${provider}`)
  if (model !== undefined) all.push(sql`model = ${model}`)
  if (user !== undefined) all.push(user === null ? sql`user_id is null` : sql`user_id = ${user}`)
  if (prompt === null) all.push(sql`prompt_name is null`)
  if (prompt) all.push(sql`prompt_name = ${prompt.name}`)
  if (prompt?.version !== undefined) all.push(sql`prompt_version = ${prompt.version}`)
  return sql.join(all, sql` and `)
}

const iso = (at: Date) => sql`${at.toISOString()}::timestamptz`
