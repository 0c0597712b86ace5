import { z } from 'zod'
import { instant } from '@/server/services/instant.schema'
import { Scope } from '@/server/services/scope.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

const provider = text(100)
const model = text(200)
const MOST_TIERS = 5

/** US dollars per million tokens: digits and at most six decimals, so that one token costs a whole number of 10^-12. */
const perMillion = z
  .string()
  .regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'must be US dollars per million tokens, as 2.5, with at most six decimals')
const perThousandRequests = z
  .string()
  .regex(/^\d{1,6}(?:\.\d{1,9})?$/, 'must be US dollars per thousand requests, as 5, with at most nine decimals')
const classes = {
  input: perMillion.nullable().default(null),
  output: perMillion.nullable().default(null),
  cacheRead: perMillion.nullable().default(null).describe('Billed as input where null'),
  cacheWrite: perMillion.nullable().default(null).describe('Billed as input where null'),
}

/** What a model costs, as an operator enters it. A tier is for whole requests of more than `above` input tokens. */
export const EnteredRates = z
  .strictObject({
    ...classes,
    request: perThousandRequests.nullable().default(null).describe('A fee beside the tokens'),
    tiers: z
      .array(z.strictObject({ above: z.int().min(1).max(2_147_483_647), ...classes }))
      .max(MOST_TIERS)
      .default([]),
  })
  .refine(({ input, output }) => input !== null || output !== null, {
    path: ['input'],
    error: 'give a price for input or for output tokens; 0 where it is free',
  })
  .refine(({ tiers }) => tiers.every((tier, place) => tier.above > (tiers[place - 1]?.above ?? 0)), {
    path: ['tiers'],
    error: 'must be in ascending order',
  })
  .refine(
    (rates) => rates.tiers.every((tier) => tokenClasses.every((name) => tier[name] === null || rates[name] !== null)),
    {
      path: ['tiers'],
      error: 'a tier can only have prices that the rates have too',
    },
  )
export type EnteredRates = z.output<typeof EnteredRates>
export const tokenClasses = ['input', 'output', 'cacheRead', 'cacheWrite'] as const

const forWhom = { tenant: tenantSlug.nullable().default(null).describe('Null: for all tenants') }
const reason = text(500).nullable().default(null)

export const AddOverride = z
  .strictObject({
    ...forWhom,
    provider,
    model,
    rates: EnteredRates,
    from: instant.describe(
      'In force from this instant on; calls from before keep their price until they are re-priced',
    ),
    to: instant.nullable().default(null),
    reason,
    supersedes: z.int().min(1).nullable().default(null).describe('Id of the override that this one replaces'),
  })
  .refine(({ from, to }) => to === null || from < to, { path: ['to'], error: 'must be after from' })
export type AddOverride = z.output<typeof AddOverride>

export const SetAlias = z.strictObject({
  ...forWhom,
  provider: provider.describe('As reported'),
  model: model.describe('As reported'),
  target: z.strictObject({ provider, model }).nullable().describe('What it is priced as; null: it has no price'),
  reason,
})
export type SetAlias = z.output<typeof SetAlias>

export const EntryId = z.strictObject({ id: z.int().min(1).max(2_147_483_647) })
export type EntryId = z.output<typeof EntryId>

const MOST_NAMED = 100
export const PreviewCorrection = z
  .strictObject({
    from: instant,
    to: instant,
    tenants: z.array(tenantSlug).min(1).max(MOST_NAMED).nullable().default(null).describe('Null: all'),
    models: z
      .array(z.strictObject({ provider, model }))
      .min(1)
      .max(MOST_NAMED)
      .nullable()
      .default(null)
      .describe('As reported; null: all'),
    reason: text(500),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be after from' })
export type PreviewCorrection = z.output<typeof PreviewCorrection>

export const CorrectionId = z.strictObject({ id: z.uuid() })
export type CorrectionId = z.output<typeof CorrectionId>

export const PricesScope = Scope
export const NameToPrice = z.strictObject({ ...forWhom, provider, model })
export type NameToPrice = z.output<typeof NameToPrice>

export const UnpricedReply = z.object({
  total: z.int().describe('How many models there are'),
  models: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      requests: z.int(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      since: z.string(),
      until: z.string(),
      tenants: z.array(z.string()).describe('The five with the most calls'),
      tenantCount: z.int(),
    }),
  ),
})

const differenceFigures = {
  requests: z.int().describe('Whose cost or price changes'),
  newlyPriced: z.int(),
  newlyUnpriced: z.int(),
  before: z.string().describe('US dollars, exact'),
  after: z.string(),
  difference: z.string(),
}
export const ShownCorrection = z.object({
  id: z.uuid(),
  state: z.enum(['previewing', 'previewed', 'applying', 'applied']),
  from: z.string(),
  to: z.string(),
  tenants: z.array(z.string()).nullable(),
  models: z.array(z.object({ provider: z.string(), model: z.string() })).nullable(),
  reason: z.string(),
  requestedBy: z.string(),
  requestedAt: z.string(),
  appliedBy: z.string().nullable(),
  appliedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  expected: z.int(),
  scanned: z.int(),
  differences: z.object({
    total: z.object(differenceFigures),
    parts: z.array(z.object({ tenant: z.string(), provider: z.string(), model: z.string(), ...differenceFigures })),
    count: z.int().describe('How many parts there are'),
  }),
})
