import { z } from 'zod'
import { instant } from '@/server/services/instant.schema'
import { Scope, timezone } from '@/server/services/scope.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

export const MAX_EVENTS = 1_000
export const MAX_INTEGER = 2_147_483_647
export const EARLIEST = Date.parse('2020-01-01T00:00:00Z')
export const LATEST_AHEAD_MS = 24 * 3_600_000

const tokens = z.int().min(0).max(MAX_INTEGER)
const milliseconds = z.number().min(0).max(MAX_INTEGER).transform(Math.round)

export const usageStatuses = ['ok', 'error', 'timeout', 'refused', 'cancelled'] as const

/** An ISO instant with its offset, kept to the millisecond, from 2020 to one day ahead. */
const occurredAt = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 instant with its offset, as 2026-01-31T12:00:00Z' })
  .transform((value) => new Date(value))
  .refine((at) => at.getTime() >= EARLIEST, 'must not be before 2020-01-01')
  .refine((at) => at.getTime() <= Date.now() + LATEST_AHEAD_MS, 'must not be more than 24 hours ahead')

/** One call of a model, as an application reports it. */
export const UsageEvent = z
  .strictObject({
    id: text(200).describe('Unique per tenant; sent again, it is counted once'),
    tenant: tenantSlug,
    user: text(200).optional(),
    conversation: text(200).optional(),
    provider: text(100).describe('As openai, anthropic, google'),
    model: text(200),
    inputTokens: tokens.describe('All input tokens, cache reads and writes included'),
    outputTokens: tokens,
    cachedInputTokens: tokens.default(0).describe("Read from the provider's cache"),
    cacheWriteTokens: tokens.default(0).describe("Written to the provider's cache"),
    latencyMs: milliseconds.optional(),
    ttftMs: milliseconds.optional().describe('Time to first token'),
    prompt: z.strictObject({ name: text(200), version: z.int().min(1).max(MAX_INTEGER) }).optional(),
    cached: z.boolean().default(false).describe("Answered from the application's own cache: costs nothing"),
    status: z.enum(usageStatuses).default('ok'),
    occurredAt,
  })
  .refine((event) => event.cachedInputTokens + event.cacheWriteTokens <= event.inputTokens, {
    path: ['cachedInputTokens'],
    error: 'cachedInputTokens and cacheWriteTokens are part of inputTokens and must not exceed it',
  })
export type UsageEvent = z.output<typeof UsageEvent>

/** The envelope; each event is judged alone against `UsageEvent`, so that a bad one does not take the good with it. */
export const UsageBatch = z.strictObject({ events: z.array(z.unknown()).min(1) })
export type UsageBatch = z.output<typeof UsageBatch>

export const RejectedEvent = z.strictObject({
  index: z.int(),
  code: z.enum(['bad_request', 'forbidden', 'conflict']),
  message: z.string(),
  field: z.string().optional(),
})
export type RejectedEvent = z.output<typeof RejectedEvent>

export const budgetsUsedUp = z
  .array(z.strictObject({ id: z.uuid(), name: z.string() }))
  .describe('Budgets that refuse and are used up, of those that these calls count towards; absent where there is none')

export const IngestReply = z.strictObject({
  accepted: z.int(),
  duplicates: z.int(),
  rejected: z.array(RejectedEvent),
  budgetsUsedUp: budgetsUsedUp.optional(),
})
export type IngestReply = z.output<typeof IngestReply>

export const groupings = ['model', 'provider', 'tenant', 'user', 'prompt', 'hour', 'day'] as const

const DAY_MS = 24 * 3_600_000

/** What `GET /v1/usage/summary` is asked: the last 24 hours in UTC where nothing else is said. */
export const UsageSummaryQuery = z
  .strictObject({
    from: instant.optional().describe('Counted from this instant on; 24 hours before `to` where absent'),
    to: instant.optional().describe('Up to, and without, this instant; now where absent'),
    tenant: tenantSlug.optional(),
    groupBy: z.enum(groupings).optional(),
    timezone: timezone.default('UTC').describe('IANA name; days and hours are those of this zone'),
  })
  .transform(({ from, to = new Date(), ...rest }) => ({
    from: from ?? new Date(to.getTime() - DAY_MS),
    to,
    ...rest,
  }))
  .refine(({ from, to }) => from < to, { path: ['from'], error: 'must lie before to' })
export type UsageSummaryQuery = z.output<typeof UsageSummaryQuery>

const summaryFigures = {
  requests: z.int(),
  inputTokens: z.int().describe('Cache reads and writes included'),
  outputTokens: z.int(),
  cachedInputTokens: z.int(),
  costUsd: z.string().describe('Exact decimal, US dollars, of the requests that have a price'),
  unpriced: z.int().describe('Requests without a known price: not part of costUsd'),
}
export const UsageSummary = z.strictObject({
  totals: z.strictObject(summaryFigures),
  groups: z.array(z.strictObject({ key: z.string().nullable(), ...summaryFigures })),
  groupCount: z.int().optional().describe('How many groups there are, where not all are listed'),
})
export type UsageSummary = z.output<typeof UsageSummary>

/**
 * What the Usage page looks at: a scope and, of it, one provider, model, user, prompt or status. Empty text: calls
 * without one.
 */
export const usageScope = Scope.safeExtend({
  provider: text(100).nullable(),
  model: text(200).nullable(),
  user: text(200).or(z.literal('')).nullable(),
  /** name@version, or the name for all its versions. */
  prompt: text(220).or(z.literal('')).nullable(),
  status: z.enum(usageStatuses).nullable(),
})
export type UsageScope = z.output<typeof usageScope>

/** What may be asked for; a range that it would cut into too many bars gets the next that does not. */
export const usageSteps = ['1h', '1d', '1w', '1mo'] as const
export type UsageStep = (typeof usageSteps)[number]
export const usageSeriesInput = usageScope.safeExtend({ step: z.enum(usageSteps).nullable() })
export type UsageSeriesInput = z.output<typeof usageSeriesInput>

export const breakdowns = ['tenant', 'model', 'user', 'prompt', 'provider', 'status'] as const
export type Breakdown = (typeof breakdowns)[number]
export const usageBreakdownInput = usageScope.safeExtend({ by: z.enum(breakdowns) })
export type UsageBreakdownInput = z.output<typeof usageBreakdownInput>

export const requestOrders = ['time', 'cost', 'latency'] as const
export type RequestOrder = (typeof requestOrders)[number]

/** Where a page of calls ended; `asOf` keeps the range of the first page. */
const requestCursor = z.strictObject({
  asOf: z.iso.datetime(),
  /** What was ordered by, beside the time: a decimal string. */
  value: z.string().regex(/^-?(\d{1,15}(\.\d{1,12})?|Infinity)$/),
  at: z.iso.datetime(),
  tenant: tenantSlug,
  id: text(200),
})
export type RequestCursor = z.output<typeof requestCursor>

export const usageRequestsInput = usageScope.safeExtend({
  order: z.enum(requestOrders),
  descending: z.boolean(),
  cursor: requestCursor.nullish(),
  /** What infinite queries send along; there is one direction only. */
  direction: z.literal('forward').optional(),
})
export type UsageRequestsInput = z.output<typeof usageRequestsInput>

/** One call, by what its application called it. */
export const UsageRequestId = z.strictObject({ tenant: tenantSlug, id: text(200) })
export type UsageRequestId = z.output<typeof UsageRequestId>

/** What a range is held against: the stretch before it, the same a week ago, any other; or two versions or models in it. */
const against = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('before') }),
  z.strictObject({ kind: z.literal('week') }),
  z
    .strictObject({
      kind: z.literal('range'),
      from: z.iso.datetime({ offset: true }),
      to: z.iso.datetime({ offset: true }),
    })
    .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], error: 'must be after from' }),
  z.strictObject({ kind: z.literal('prompt'), a: text(220), b: text(220) }),
  z.strictObject({ kind: z.literal('model'), a: text(200), b: text(200) }),
])
export type Against = z.output<typeof against>
export const usageComparisonInput = usageScope.safeExtend({ against })
export type UsageComparisonInput = z.output<typeof usageComparisonInput>
