import { lockBudget, updateBudget } from '@/db/postgres/queries/budgets'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { ChangeBudget } from './budgets.schema'
import { noSuchBudget } from './no-such-budget'

/** With another amount its thresholds are told anew. What it was before is in the audit log. */
export async function changeBudget(caller: Caller, { id, ...after }: ChangeBudget): Promise<{ id: string }> {
  return change(caller, 'budgets.change', async (tx) => {
    const known = await lockBudget(tx, id)
    if (!known || known.deletedAt) throw noSuchBudget()
    await updateBudget(tx, id, after)
    const { name, amountUsd, thresholds, enforcement } = known
    const before = { name, amountUsd, thresholds, enforcement }
    return { result: { id }, audit: { target: name, before: { id, ...before }, after: { id, ...after } } }
  })
}
