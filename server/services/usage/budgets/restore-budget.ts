import { lockBudget, updateBudget } from '@/db/postgres/queries/budgets'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { BudgetId } from './budgets.schema'
import { requireRoom } from './create-budget'
import { noSuchBudget } from './no-such-budget'

/** Undoes a deletion. @throws AppError `not_found` for one that is not deleted. */
export async function restoreBudget(caller: Caller, { id }: BudgetId): Promise<{ id: string }> {
  return change(caller, 'budgets.restore', async (tx) => {
    const known = await lockBudget(tx, id)
    if (!known?.deletedAt) throw noSuchBudget()
    await requireRoom(tx)
    await updateBudget(tx, id, { deletedAt: null })
    const { deletedAt: _, ...after } = known
    return { result: { id }, audit: { target: known.name, after } }
  })
}
