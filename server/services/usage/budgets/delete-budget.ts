import { lockBudget, updateBudget } from '@/db/postgres/queries/budgets'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { BudgetId } from './budgets.schema'
import { noSuchBudget } from './no-such-budget'

/** It is counted and told no more; it stays, with what was told, so that this can be undone. */
export async function deleteBudget(caller: Caller, { id }: BudgetId): Promise<{ id: string }> {
  return change(caller, 'budgets.delete', async (tx) => {
    const known = await lockBudget(tx, id)
    if (!known || known.deletedAt) throw noSuchBudget()
    await updateBudget(tx, id, { deletedAt: new Date() })
    const { deletedAt: _, ...before } = known
    return { result: { id }, audit: { target: known.name, before } }
  })
}
