import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { PriceRates } from '@/db/postgres/schema/usage'
import { callsWhere, type UsageFilter } from './usage-rows'

/** One call as a list shows it; `value` is what the list is ordered by beside the time. */
export type UsageCall = {
  tenant: string
  id: string
  occurredAt: Date
  user: string | null
  provider: string
  model: string
  promptName: string | null
  promptVersion: number | null
  inputTokens: number
  cachedInputTokens: number
  outputTokens: number
  latencyMs: number | null
  cached: boolean
  status: string
  /** Exact decimal, US dollars; null when it has no price. */
  costUsd: string | null
  value: string
}
export type CallOrder = { by: 'time' | 'cost' | 'latency'; descending: boolean }
/** The last call of the page before. */
export type CallCursor = { value: string; at: string; tenant: string; id: string }

const orderedBy: Record<CallOrder['by'], SQL> = {
  time: sql`null::numeric`,
  cost: sql`cost_usd`,
  latency: sql`latency_ms::numeric`,
}

/**
 * Calls in order, after the cursor: by keyset, so that the thousandth page costs what the first does. By time the index
 * on `occurred_at` hands them out, partition by partition; by cost or latency the newest `among` calls of the range are
 * ordered. Calls without a cost or latency come last either way.
 */
export async function callsInOrder(
  db: Db,
  filter: UsageFilter,
  {
    order: { by, descending },
    after,
    among,
    limit,
  }: { order: CallOrder; after: CallCursor | null; among: number; limit: number },
): Promise<UsageCall[]> {
  const way = descending ? sql`desc` : sql`asc`
  const beyond = descending ? sql`<` : sql`>`
  const missing = descending ? sql`'-Infinity'::numeric` : sql`'Infinity'::numeric`
  if (by === 'time') {
    const next =
      after &&
      sql`and (occurred_at, tenant collate "C", event_id collate "C")
        ${beyond} (${after.at}::timestamptz, ${after.tenant}, ${after.id})`
    return listed(
      db,
      sql`
      select ${columns}, '0' as value from llm_usage
      where ${callsWhere(remaining(filter, descending, after))} ${next ?? sql``}
      order by occurred_at ${way}, tenant collate "C" ${way}, event_id collate "C" ${way} limit ${limit}`,
    )
  }
  const next =
    after &&
    sql`where (value, occurred_at, tenant collate "C", event_id collate "C")
      ${beyond} (${after.value}::numeric, ${after.at}::timestamptz, ${after.tenant}, ${after.id})`
  return listed(
    db,
    sql`
    select ${columns}, trim_scale(value)::text as value
    from (
      select *, coalesce(${orderedBy[by]}, ${missing}) as value
      from (select * from llm_usage where ${callsWhere(filter)} order by occurred_at desc limit ${among}) as newest
    ) as valued ${next ?? sql``}
    order by valued.value ${way}, occurred_at ${way}, tenant collate "C" ${way}, event_id collate "C" ${way} limit ${limit}`,
  )
}

/** The range without what the pages before have shown, so that partitions and index begin where they ended. */
function remaining(filter: UsageFilter, descending: boolean, after: CallCursor | null): UsageFilter {
  if (!after) return filter
  const at = new Date(after.at)
  const past = new Date(at.getTime() + 1)
  return descending
    ? { ...filter, to: past < filter.to ? past : filter.to }
    : { ...filter, from: at > filter.from ? at : filter.from }
}

const columns = sql`tenant, event_id as id, occurred_at as "occurredAt", user_id as "user", provider, model,
  prompt_name as "promptName", prompt_version as "promptVersion", input_tokens as "inputTokens",
  cached_input_tokens as "cachedInputTokens", output_tokens as "outputTokens", latency_ms as "latencyMs", cached, status,
  trim_scale(cost_usd)::text as "costUsd"`

async function listed(db: Db, question: SQL): Promise<UsageCall[]> {
  const rows = await db.execute<Omit<UsageCall, 'occurredAt'> & { occurredAt: string }>(question)
  return rows.map((row) => ({ ...row, occurredAt: new Date(row.occurredAt) }))
}

/** Everything that is known of one call. */
export type UsageCallStory = Omit<UsageCall, 'value'> & {
  receivedAt: Date
  conversation: string | null
  cacheWriteTokens: number
  ttftMs: number | null
  priceId: number | null
  price: { provider: string; model: string; source: string; rates: PriceRates } | null
  key: { id: string; name: string | null; simulated: boolean | null; revokedAt: Date | null } | null
  /** The prompt that it names exists here, with that version. */
  promptKnown: boolean
}

/** One call by its id; null when there is none. The ledger knows the instant, and with it the partition. */
export async function callById(db: Db, { tenant, id }: { tenant: string; id: string }): Promise<UsageCallStory | null> {
  type Raw = Omit<UsageCallStory, 'occurredAt' | 'receivedAt' | 'price' | 'key'> & {
    occurredAt: string
    receivedAt: string
    keyId: string | null
    keyName: string | null
    keySimulated: boolean | null
    keyRevokedAt: string | null
    priceProvider: string | null
    priceModel: string
    priceSource: string
    rates: PriceRates
  }
  const [event] = await db.execute<{ at: string }>(sql`
    select occurred_at as at from usage_events where id = usage_event_id(${tenant}, ${id})`)
  if (!event) return null
  const at = sql`${new Date(event.at).toISOString()}::timestamptz`
  const [row] = await db.execute<Raw>(sql`
    select call.*, k.name as "keyName", k.simulated as "keySimulated", k.revoked_at as "keyRevokedAt",
      p.provider as "priceProvider", p.model as "priceModel", p.source as "priceSource", p.rates,
      exists (
        select from prompt_versions v join prompts on prompts.id = v.prompt_id
        where prompts.name = call."promptName" and v.version = call."promptVersion"
      ) as "promptKnown"
    from (
      select ${columns}, received_at as "receivedAt", conversation, cache_write_tokens as "cacheWriteTokens",
        ttft_ms as "ttftMs", price_id as "priceId", key_id as "keyId"
      from llm_usage where occurred_at = ${at} and tenant = ${tenant} and event_id = ${id} limit 1
    ) as call
    left join api_keys k on k.id = call."keyId"
    left join prices p on p.id = call."priceId"`)
  if (!row) return null
  const { keyId, keyName, keySimulated, keyRevokedAt, priceProvider, priceModel, priceSource, rates, ...call } = row
  return {
    ...call,
    occurredAt: new Date(row.occurredAt),
    receivedAt: new Date(row.receivedAt),
    price: priceProvider === null ? null : { provider: priceProvider, model: priceModel, source: priceSource, rates },
    key:
      keyId === null
        ? null
        : {
            id: keyId,
            name: keyName,
            simulated: keySimulated,
            revokedAt: keyRevokedAt ? new Date(keyRevokedAt) : null,
          },
  }
}
