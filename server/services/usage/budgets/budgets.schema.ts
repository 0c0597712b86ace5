import { z } from 'zod'
import { timezone } from '@/server/services/scope.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

export const periods = ['day', 'week', 'month', 'rolling'] as const
export const enforcements = ['tell', 'refuse'] as const
export const defaultThresholds = [50, 80, 100]
/** No sums are kept by key: every call of the period is read, so that it may not be long. */
export const MOST_DAYS_OF_KEY = 31

const amountUsd = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be US dollars, such as 250 or 99.50')
  .refine((amount) => /[1-9]/.test(amount), 'must be more than 0')

/** What may be changed later; the scope and the period may not: another scope is another budget. */
const changeable = {
  name: z.string().min(1, 'must be given').pipe(text(80)),
  amountUsd,
  thresholds: z
    .array(z.int('must be whole percents').min(1, 'must be at least 1 %').max(1_000, 'must be at most 1,000 %'))
    .min(1, 'give at least one')
    .max(8, 'give at most 8')
    .transform((all) => [...new Set(all)].sort((a, b) => a - b)),
  enforcement: z.enum(enforcements),
}

const bounded = {
  tenant: tenantSlug.nullable(),
  user: text(200).nullable(),
  key: z.uuid().nullable(),
  model: text(200).nullable(),
  prompt: text(200).nullable(),
  period: z.enum(periods),
  rollingDays: z.int('must be a whole number of days').min(1).max(366).nullable(),
  timezone,
}
type Bounded = z.output<z.ZodObject<typeof bounded>>
const dimensions = ['user', 'key', 'model', 'prompt'] as const

function sensible({ tenant, period, rollingDays, ...scope }: Bounded, context: z.RefinementCtx): void {
  const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
  const given = dimensions.filter((one) => scope[one] !== null)
  if (given[1]) refuse(given[1], 'give only one of user, key, model and prompt')
  if (scope.user !== null && tenant === null) refuse('tenant', 'must be given: users are named by their tenant')
  if ((period === 'rolling') !== (rollingDays !== null))
    refuse('rollingDays', period === 'rolling' ? 'must be given' : 'is of rolling periods only')
  if (scope.key !== null && (rollingDays ?? 0) > MOST_DAYS_OF_KEY)
    refuse('rollingDays', `must be at most ${MOST_DAYS_OF_KEY} for a key`)
}

export const CreateBudget = z.strictObject({ ...changeable, ...bounded }).superRefine(sensible)
export type CreateBudget = z.output<typeof CreateBudget>

export const ChangeBudget = z.strictObject({ id: z.uuid(), ...changeable })
export type ChangeBudget = z.output<typeof ChangeBudget>

export const BudgetId = z.strictObject({ id: z.uuid() })
export type BudgetId = z.output<typeof BudgetId>

export const ListBudgets = z.strictObject({ tenant: tenantSlug.nullable() })
export type ListBudgets = z.output<typeof ListBudgets>

export const PreviewBudget = z
  .strictObject({ amountUsd, thresholds: changeable.thresholds, ...bounded })
  .superRefine(sensible)
export type PreviewBudget = z.output<typeof PreviewBudget>

/** What an application is about to do. */
export const CheckBudgets = z.strictObject({
  tenant: tenantSlug,
  user: text(200).optional(),
  model: text(200).optional(),
  prompt: text(200).optional().describe('Name of the prompt, without its version'),
})
export type CheckBudgets = z.output<typeof CheckBudgets>

const usd = z.string().nullable().describe('Exact decimal; null where the budget spans more than the key may see')
export const CheckedBudgets = z.strictObject({
  allowed: z.boolean().describe('False once a budget that refuses is used up'),
  budgets: z.array(
    z.strictObject({
      id: z.uuid(),
      name: z.string(),
      enforcement: z.enum(enforcements),
      state: z.enum(['within', 'used_up', 'not_counted']).describe('not_counted: its period has just begun'),
      amountUsd: usd,
      spentUsd: usd,
      unpriced: z.int().nullable().describe('Calls without a price: not part of spentUsd'),
      from: z.iso.datetime().nullable(),
      to: z.iso.datetime().nullable(),
      countedBy: z
        .enum(['redis', 'postgres'])
        .nullable()
        .describe('redis: a counter that each report adds to; postgres: what the worker counted last'),
      asOf: z.iso.datetime().nullable().describe('When it was counted'),
    }),
  ),
})
export type CheckedBudgets = z.output<typeof CheckedBudgets>
