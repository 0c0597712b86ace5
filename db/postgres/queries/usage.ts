import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { arrayLiteral } from './array-literal'
import { USAGE_FIGURES } from './usage-figures'
import { grainOf, type UsageFilter, usageRows, WHOLE_RANGE } from './usage-rows'

/** What is counted of usage. `costUsd` is an exact decimal string over the priced requests; `unpriced` counts the others. */
export type UsageFigures = {
  requests: number
  errors: number
  cacheHits: number
  inputTokens: number
  outputTokens: number
  cachedInputTokens: number
  cacheWriteTokens: number
  costUsd: string
  unpriced: number
}
export type Dimension = 'model' | 'provider' | 'tenant' | 'user' | 'tenantUser' | 'prompt' | 'status'
/** `keys` as the dimension has them: one, or two for `prompt` (name, version) and `tenantUser` (tenant, user). */
export type UsageGroup = UsageFigures & { keys: [string | null, string | null] }

const keysOf: Record<Dimension, [SQL, SQL]> = {
  model: [sql`model`, sql`null::text`],
  provider: [sql`provider`, sql`null::text`],
  tenant: [sql`tenant`, sql`null::text`],
  user: [sql`user_id`, sql`null::text`],
  tenantUser: [sql`tenant`, sql`user_id`],
  prompt: [sql`prompt_name`, sql`prompt_version::text`],
  status: [sql`status`, sql`null::text`],
}
const isUser = (by: Dimension) => by === 'user' || by === 'tenantUser'
const isDetail = (by: Dimension) => by === 'model' || by === 'provider' || by === 'prompt'

const orders = {
  cost: sql`cost_usd`,
  tokens: sql`input_tokens + output_tokens`,
  requests: sql`requests`,
}
export type UsageOrder = keyof typeof orders

/** The whole and its parts by one dimension, dearest (or most) first; `groupCount` tells of those beyond the limit. */
export async function usageBy(db: Db, filter: UsageFilter, by: Dimension, limit: number, order: UsageOrder = 'cost') {
  const rows = usageRows(filter, WHOLE_RANGE, { user: isUser(by), detail: isDetail(by), status: by === 'status' })
  const { totals, groups, groupCount } = await grouped(db, rows, keysOf[by], limit, orders[order])
  return { totals, groups, groupCount }
}

/** The whole alone. */
export async function usageTotals(db: Db, filter: UsageFilter): Promise<UsageFigures> {
  const rows = usageRows(filter, WHOLE_RANGE, { user: false, detail: false })
  return (await grouped(db, rows, [sql`null::text`, sql`null::text`], 1)).totals
}

/** The whole and its parts by time: `edges` are the instants at which buckets begin, ascending, the first not after `from`. */
export async function usageByTime(db: Db, filter: UsageFilter, edges: Date[]) {
  const starts = arrayLiteral(edges.map((edge) => edge.toISOString()))
  const rows = usageRows(filter, grainOf(edges, filter), { user: false, detail: false })
  const bucket = sql`width_bucket(at, ${starts}::timestamptz[])::text`
  const { totals, groups } = await grouped(db, rows, [bucket, sql`null::text`], edges.length)
  return { totals, buckets: new Map(groups.map(({ keys, ...figures }) => [Number(keys[0]) - 1, figures])) }
}

/** Counts as floats, which add up faster than numerics, and exactly up to 2^53: where what is answered ends, too. */
const sums = sql.raw(
  USAGE_FIGURES.map((figure) => `sum(${figure}${figure === 'cost_usd' ? '' : '::float8'}) as ${figure}`).join(', '),
)
const wholes = sql.raw(USAGE_FIGURES.map((figure) => `coalesce(sum(${figure}), 0)`).join(', '))
const figures = sql.raw(USAGE_FIGURES.join(', '))
const told = sql.raw(USAGE_FIGURES.join(', ').replace('cost_usd', 'trim_scale(cost_usd) as cost_usd'))

/**
 * In one statement, so that the whole and its parts come from one snapshot and add up (R7). The whole is the sum of the
 * parts' sums: grouping sets would add up every row twice.
 */
async function grouped(db: Db, rows: SQL, [key1, key2]: [SQL, SQL], limit: number, order = orders.cost) {
  const sorted = sql`${order} desc, key1 collate "C", key2 collate "C"`
  const [whole, ...parts] = await db.execute<Row>(sql`
    with parts as materialized (
      select key1, key2, ${sums}
      from (select ${key1} as key1, ${key2} as key2, rows.* from (${rows}) as rows) as keyed
      group by key1, key2
    )
    select place, key1, key2, groups, ${told} from (
      select 0 as place, null::text as key1, null::text as key2, count(*)::int as groups, ${wholes} from parts
      union all
      select row_number() over (order by ${sorted}), key1, key2, 0, ${figures}
      from (select * from parts order by ${sorted} limit ${limit}) as first
    ) as told(place, key1, key2, groups, ${figures})
    order by place
    limit ${limit + 1}`)
  if (!whole) throw new Error('usage without its total row')
  return {
    totals: figuresOf(whole),
    groups: parts.map((row): UsageGroup => ({ keys: [row.key1, row.key2], ...figuresOf(row) })),
    groupCount: whole.groups,
  }
}

type Row = {
  key1: string | null
  key2: string | null
  /** How many parts there are, in the row of the whole. */
  groups: number
  requests: number
  errors: number
  cache_hits: number
  input_tokens: number
  output_tokens: number
  cached_input_tokens: number
  cache_write_tokens: number
  cost_usd: string
  unpriced: number
}

const figuresOf = (row: Row): UsageFigures => ({
  requests: row.requests,
  errors: row.errors,
  cacheHits: row.cache_hits,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  cachedInputTokens: row.cached_input_tokens,
  cacheWriteTokens: row.cache_write_tokens,
  costUsd: row.cost_usd,
  unpriced: row.unpriced,
})

/** When the newest call of a tenant, or of any, occurred; null when there never was one. */
export async function newestUsageAt(db: Db, tenant?: string): Promise<Date | null> {
  const [row] = await db.execute<{ at: string | null }>(sql`
    select max(occurred_at) as at from llm_usage where ${tenant === undefined ? sql`true` : sql`tenant = ${tenant}`}`)
  return row?.at ? new Date(row.at) : null
}
