import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'

/** US dollars to 10^-12, enough for one token at a price with six decimals per million; exact, never a float (R7). */
const usd = () => numeric({ precision: 24, scale: 12 })
const count = () => bigint({ mode: 'number' }).notNull().default(0)

/**
 * What one million tokens cost, in US dollars, for one model and stretch of time. Rows are added, never changed; those of
 * overrides are named by `price_overrides`.
 */
export const prices = pgTable(
  'prices',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    provider: text().notNull(),
    model: text().notNull(),
    source: text().notNull(),
    /** SHA-256 of the rates, so that the same price is one row. */
    digest: text().notNull(),
    rates: jsonb().$type<PriceRates>().notNull(),
    /** In force from (included) to (not included); null where no end is known. */
    effectiveFrom: timestamp({ withTimezone: true }),
    effectiveTo: timestamp({ withTimezone: true }),
    /** Prices by the hour: times of day in UTC, as 00:30:00Z. */
    dailyFrom: text(),
    dailyTo: text(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [unique('prices_digest_key').on(t.provider, t.model, t.source, t.digest)],
)

/** Decimal strings, US dollars per million tokens; a tier holds for a whole request of more than `start` input tokens. */
export type Rate = { base: string; tiers: { start: number; price: string }[] }
/** A class of tokens without a rate is null. `request` is a fee in US dollars per thousand requests, where there is one. */
export type PriceRates = {
  input: Rate | null
  output: Rate | null
  cacheRead: Rate | null
  cacheWrite: Rate | null
  request: string | null
}

/**
 * R6: the ledger of event ids, and where their calls are. Apart from `llm_usage`, because a partitioned table cannot be
 * unique across months. `id` is usage_event_id(tenant, event id), a digest: half the size of the two as text.
 */
export const usageEvents = pgTable(
  'usage_events',
  {
    id: uuid().primaryKey(),
    occurredAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [
    // Costs nothing to keep, and finds what goes with a month that is dropped.
    index('usage_events_occurred_at_idx').using('brin', t.occurredAt),
  ],
)

/** One row per LLM call; partitioned by month of `occurredAt` (the migration says so, drizzle cannot). */
export const llmUsage = pgTable(
  'llm_usage',
  {
    tenant: text().notNull(),
    eventId: text().notNull(),
    occurredAt: timestamp({ withTimezone: true }).notNull(),
    receivedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    keyId: uuid(),
    userId: text(),
    conversation: text(),
    provider: text().notNull(),
    model: text().notNull(),
    /** All input tokens, cache reads and writes included (R7). */
    inputTokens: integer().notNull(),
    outputTokens: integer().notNull(),
    cachedInputTokens: integer().notNull(),
    cacheWriteTokens: integer().notNull(),
    latencyMs: integer(),
    ttftMs: integer(),
    promptName: text(),
    promptVersion: integer(),
    /** Answered from the application's own cache: costs nothing. */
    cached: boolean().notNull(),
    status: text().notNull(),
    /** Null when no price is known: unpriced, never zero. */
    costUsd: usd(),
    priceId: integer(),
  },
  (t) => [
    index('llm_usage_occurred_at_idx').on(t.occurredAt),
    index('llm_usage_tenant_occurred_at_idx').on(t.tenant, t.occurredAt),
    index('llm_usage_conversation_idx')
      .on(t.conversation, t.occurredAt)
      .where(sql`conversation is not null`),
    /** What waits for a price; small, because most calls have one. */
    index('llm_usage_unpriced_idx')
      .on(t.provider, t.model, t.tenant)
      .where(sql`cost_usd is null`),
  ],
)

const figures = {
  requests: count(),
  errors: count(),
  cacheHits: count(),
  inputTokens: count(),
  outputTokens: count(),
  cachedInputTokens: count(),
  cacheWriteTokens: count(),
  costUsd: usd().notNull().default('0'),
  unpriced: count(),
}
const detail = {
  tenant: text().notNull(),
  provider: text().notNull(),
  model: text().notNull(),
  promptName: text(),
  promptVersion: integer(),
}
const dimensions = { hour: timestamp({ withTimezone: true }).notNull(), ...detail }

/** What a batch adds to the rollups, written with the batch, folded by the worker. */
export const usageDeltas = pgTable(
  'usage_deltas',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    ...dimensions,
    userId: text(),
    ...figures,
  },
  (t) => [index('usage_deltas_hour_idx').on(t.hour)],
)

export const usageHourly = pgTable('usage_hourly', { ...dimensions, ...figures }, (t) => [
  unique('usage_hourly_key')
    .on(t.hour, t.tenant, t.provider, t.model, t.promptName, t.promptVersion)
    .nullsNotDistinct(),
])

/** By user, apart: users are many, and every other question would pay for them. */
export const usageHourlyUsers = pgTable(
  'usage_hourly_users',
  { hour: dimensions.hour, tenant: text().notNull(), userId: text(), ...figures },
  (t) => [unique('usage_hourly_users_key').on(t.hour, t.tenant, t.userId).nullsNotDistinct()],
)

/**
 * The hours of a day (UTC) that is over, summed up once more, and those days two, four, eight and sixteen at a time: long
 * ranges would read a million hours otherwise. `days` says how many from `day` on; the sizes are those of usage-blocks.ts.
 */
const block = { day: timestamp({ withTimezone: true }).notNull(), days: smallint().notNull() }

export const usageDaily = pgTable('usage_daily', { ...block, ...detail, ...figures }, (t) => [
  index('usage_daily_block_idx').on(t.days, t.day),
  index('usage_daily_tenant_block_idx').on(t.tenant, t.days, t.day),
])

export const usageDailyUsers = pgTable(
  'usage_daily_users',
  { ...block, tenant: text().notNull(), userId: text(), ...figures },
  (t) => [
    index('usage_daily_users_block_idx').on(t.days, t.day),
    index('usage_daily_users_tenant_block_idx').on(t.tenant, t.days, t.day),
  ],
)

export const usageDailyStatuses = pgTable(
  'usage_daily_statuses',
  { ...block, tenant: text().notNull(), status: text().notNull(), ...figures },
  (t) => [
    primaryKey({ columns: [t.days, t.day, t.tenant, t.status] }),
    index('usage_daily_statuses_tenant_block_idx').on(t.tenant, t.days, t.day),
  ],
)

/** Days whose sums are behind those of their hours. A trigger on the hours says so, whoever changed them. */
export const usageStaleDays = pgTable('usage_stale_days', {
  day: timestamp({ withTimezone: true }).primaryKey(),
})

/** Hours whose summaries below are behind: calls that occurred in them were folded since. Until then the calls answer. */
export const usageStaleHours = pgTable('usage_stale_hours', {
  hour: timestamp({ withTimezone: true }).primaryKey(),
})

/**
 * How the latencies of an hour were distributed, for quantiles of any stretch: calls per bin, bins as in
 * db/postgres/queries/latency-bins.ts. `grain` says whose: of all calls, or of one tenant, model or prompt version.
 */
export const usageHourlyLatencies = pgTable(
  'usage_hourly_latencies',
  {
    hour: dimensions.hour,
    grain: text().$type<LatencyGrain>().notNull(),
    tenant: text(),
    provider: text(),
    model: text(),
    promptName: text(),
    promptVersion: integer(),
    measure: text().$type<'latency' | 'ttft'>().notNull(),
    bins: smallint().array().notNull(),
    counts: integer().array().notNull(),
  },
  (t) => [
    index('usage_hourly_latencies_grain_idx').on(t.grain, t.hour),
    index('usage_hourly_latencies_tenant_idx').on(t.tenant, t.hour),
  ],
)
export type LatencyGrain = 'all' | 'tenant' | 'model' | 'prompt'

/** By status, apart from the other rollups: few questions ask for it, and all would pay for it. */
export const usageHourlyStatuses = pgTable(
  'usage_hourly_statuses',
  { hour: dimensions.hour, tenant: text().notNull(), status: text().notNull(), ...figures },
  (t) => [primaryKey({ columns: [t.hour, t.tenant, t.status] })],
)
