import type { z } from 'zod'
import { ChangeBudget, CreateBudget, defaultThresholds } from '@/server/services/usage/budgets/budgets.schema'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'

export const kinds = ['all', 'user', 'key', 'model', 'prompt'] as const
export type Kind = (typeof kinds)[number]

/** The form as it is typed. */
export type BudgetDraft = {
  name: string
  amountUsd: string
  tenant: string
  kind: Kind
  /** The user, key, model or prompt. */
  of: string
  period: CreateBudget['period']
  rollingDays: string
  timezone: string
  thresholds: string
  enforcement: CreateBudget['enforcement']
}

export function budgetDraft(
  budget: ListedBudget | null,
  start: { tenant: string | null; timezone: string },
): BudgetDraft {
  const kind = kinds.find((one) => one !== 'all' && budget?.[one] != null) ?? 'all'
  return {
    name: budget?.name ?? '',
    amountUsd: budget?.amountUsd ?? '',
    tenant: budget ? (budget.tenant ?? '') : (start.tenant ?? ''),
    kind,
    of: kind === 'all' ? '' : (budget?.[kind] ?? ''),
    period: budget?.period ?? 'month',
    rollingDays: String(budget?.rollingDays ?? 30),
    timezone: budget?.timezone ?? start.timezone,
    thresholds: (budget?.thresholds ?? defaultThresholds).join(', '),
    enforcement: budget?.enforcement ?? 'tell',
  }
}

/** What is sent. An empty amount or name is left to the schema, which says what is wrong with it. */
export function inputOf(draft: BudgetDraft) {
  const { kind, period } = draft
  const of = (one: Kind) => (kind === one ? draft.of.trim() : null)
  return {
    ...termsOf(draft),
    tenant: draft.tenant.trim() || null,
    user: of('user'),
    key: of('key'),
    model: of('model'),
    prompt: of('prompt'),
    period,
    rollingDays: period === 'rolling' ? Number(draft.rollingDays || NaN) : null,
    timezone: draft.timezone,
  }
}

export const termsOf = ({ name, amountUsd, thresholds, enforcement }: BudgetDraft) => ({
  name: name.trim(),
  amountUsd: amountUsd.trim(),
  thresholds: thresholds
    .split(/[\s,;%]+/)
    .filter(Boolean)
    .map(Number),
  enforcement,
})

export type Wrong = { field: string; message: string }

/** The input, or the first thing that is wrong with it, at the field of the form. */
export function readDraft(draft: BudgetDraft, id: string | null) {
  const input = id === null ? CreateBudget.safeParse(inputOf(draft)) : ChangeBudget.safeParse({ id, ...termsOf(draft) })
  return input.success ? null : wrongOf(input.error, draft)
}

function wrongOf({ issues: [issue] }: z.ZodError, { kind }: BudgetDraft): Wrong {
  const field = String(issue?.path[0] ?? '')
  return { field: field === kind ? 'of' : field, message: issue?.message ?? '' }
}
