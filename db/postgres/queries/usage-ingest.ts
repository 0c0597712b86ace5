import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { arrayLiteral } from './array-literal'

/** What arrives of each row, and its type; the cost is a decimal string, timestamps are ISO. */
const columns = {
  key_id: 'uuid',
  tenant: 'text',
  event_id: 'text',
  occurred_at: 'timestamptz',
  user_id: 'text',
  conversation: 'text',
  provider: 'text',
  model: 'text',
  input_tokens: 'int',
  output_tokens: 'int',
  cached_input_tokens: 'int',
  cache_write_tokens: 'int',
  latency_ms: 'int',
  ttft_ms: 'int',
  prompt_name: 'text',
  prompt_version: 'int',
  cached: 'boolean',
  status: 'text',
  cost_usd: 'numeric',
  price_id: 'int',
} as const
type Column = keyof typeof columns

/** One row of `llm_usage`. */
export type NewUsage = {
  /** The key that reported it. */
  key_id: string | null
  tenant: string
  event_id: string
  occurred_at: string
  user_id: string | null
  conversation: string | null
  provider: string
  model: string
  input_tokens: number
  output_tokens: number
  cached_input_tokens: number
  cache_write_tokens: number
  latency_ms: number | null
  ttft_ms: number | null
  prompt_name: string | null
  prompt_version: number | null
  cached: boolean
  status: string
  cost_usd: string | null
  price_id: number | null
}

const names = Object.keys(columns) as Column[]
const all = sql.raw(names.join(', '))

/** The rows as a table `batch`, with their place in the array from 1 on. */
function batchOf<C extends Column>(rows: Pick<NewUsage, C>[], wanted: readonly C[]): SQL {
  const arrays = wanted.map((name) => {
    const values = arrayLiteral(rows.map((row) => row[name]))
    return sql`${values}::${sql.raw(columns[name])}[]`
  })
  return sql`unnest(${sql.join(arrays, sql`, `)}) with ordinality as batch(${sql.raw(wanted.join(', '))}, place)`
}

/**
 * R6: ledger, rows and rollup deltas in one statement, which is one transaction; no event may be twice in `rows`.
 * Returns the places in `rows` whose event was new; events of a month that was dropped are left out.
 */
export async function insertUsage(db: Db, rows: NewUsage[]): Promise<number[]> {
  try {
    return await insertFresh(db, rows, sql``)
  } catch (error) {
    // Another gateway commits some of these events at this very moment. To expect that always would cost a third more.
    if (!isTaken(error)) throw error
    return insertFresh(db, rows, sql`on conflict do nothing`)
  }
}

const isTaken = (error: unknown) =>
  error instanceof Error && (error.cause as { code?: unknown } | undefined)?.code === '23505'

/** Ids enter the ledger in one order everywhere, so that two batches with the same ids wait for each other, not in a circle. */
async function insertFresh(db: Db, rows: NewUsage[], taken: SQL): Promise<number[]> {
  const inserted = await db.execute<{ place: number }>(sql`
    with batch as materialized (
      select * from ${batchOf(rows, names)}
    ), ledger as (
      insert into usage_events (tenant, event_id, occurred_at)
      select tenant, event_id, occurred_at from batch
      where not exists (
        select from usage_events e where e.tenant = batch.tenant and e.event_id = batch.event_id
      ) and not exists (
        select from usage_months m where dropped_at is not null and occurred_at >= m.month and occurred_at < m.until
      )
      order by tenant collate "C", event_id collate "C"
      ${taken}
      returning tenant, event_id
    ), fresh as materialized (
      select batch.* from batch join ledger using (tenant, event_id)
    ), added as (
      insert into llm_usage (${all}) select ${all} from fresh
    ), deltas as (
      insert into usage_deltas (hour, tenant, provider, model, prompt_name, prompt_version, user_id, requests, errors,
        cache_hits, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cost_usd, unpriced)
      select date_trunc('hour', occurred_at, 'UTC'), tenant, provider, model, prompt_name, prompt_version, user_id,
        count(*), count(*) filter (where status in ('error', 'timeout')), count(*) filter (where cached),
        sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(cache_write_tokens),
        coalesce(sum(cost_usd), 0), count(*) filter (where cost_usd is null)
      from fresh
      group by 1, 2, 3, 4, 5, 6, 7
    )
    select (place - 1)::int as place from fresh`)
  return inserted.map((row) => row.place)
}

/** What an event says of its call; the rest is what we made of it. */
export type SaidOfCall = Omit<NewUsage, 'key_id' | 'cost_usd' | 'price_id'>
const said = names.filter((name) => name !== 'key_id' && name !== 'cost_usd' && name !== 'price_id')

/**
 * Whether the call that stands under each row's id says the same, in their order; null where none does. A statement of its
 * own on purpose: an id that another gateway committed while our insert waited for it is invisible to that insert's
 * snapshot.
 */
export async function sameAsRecorded(db: Db, rows: SaidOfCall[]): Promise<(boolean | null)[]> {
  const [ours, theirs] = ['batch', 'recorded'].map((of) => sql.raw(said.map((name) => `${of}.${name}`).join(', ')))
  const compared = await db.execute<{ same: boolean | null }>(sql`
    select case when ledger.tenant is not null then exists (
      select from llm_usage as recorded
      where recorded.tenant = ledger.tenant and recorded.event_id = ledger.event_id
        and recorded.occurred_at = ledger.occurred_at and (${ours}) is not distinct from (${theirs})
    ) end as same
    from ${batchOf(rows, said)} left join usage_events as ledger using (tenant, event_id)
    order by place`)
  return compared.map(({ same }) => same)
}
