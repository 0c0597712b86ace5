import type { BudgetScope } from './spent'
import type { CheckBudgets } from './budgets.schema'

/** A budget of a user, model or prompt applies to calls that name it; one of a key to those made with it. */
export const appliesTo = (
  { tenant, user, key, model, prompt }: BudgetScope,
  keyId: string | null,
  asked: Partial<CheckBudgets>,
) =>
  (tenant === null || tenant === asked.tenant) &&
  (user === null || user === asked.user) &&
  (key === null || key === keyId) &&
  (model === null || model === asked.model) &&
  (prompt === null || prompt === asked.prompt)
