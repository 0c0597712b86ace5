import { selectBudget } from '@/db/postgres/queries/budgets'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import type { BudgetId } from './budgets.schema'
import { noSuchBudget } from './no-such-budget'
import { type Reconciled, reconcileBudget } from './reconcile-budget'
import { shortUsd } from './spent'

export type ReconciledNow = Pick<Reconciled, 'counter' | 'driftUsd'> & { ledgerUsd: string }

/**
 * Does at once what the worker does every few seconds: sets the counter that decides to what the ledger says.
 * @throws AppError `not_found`, `bad_request` for one that only tells, `unavailable` while Redis does not answer.
 */
export async function reconcileNow(caller: Caller, { id }: BudgetId): Promise<ReconciledNow> {
  requireRole(caller.actor, 'budgets.reconcile')
  const budget = await selectBudget(caller.db, id)
  if (!budget) throw noSuchBudget()
  if (budget.enforcement !== 'refuse')
    throw new AppError('bad_request', 'This budget only tells: no counter decides for it.', { field: 'id' })
  const { counter, driftUsd, spent } = await reconcileBudget(caller, budget, new Date())
  if (counter === 'unreachable') throw new AppError('unavailable', 'Redis does not answer right now; try again.')
  const result = { counter, driftUsd, ledgerUsd: shortUsd(usdFromPico(spent.pico)) }
  return change(caller, 'budgets.reconcile', async () => ({
    result,
    audit: { target: budget.name, after: { id, ...result } },
  }))
}
