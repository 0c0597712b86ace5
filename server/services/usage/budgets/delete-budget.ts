import { lockBudget, noteNoCounter, updateBudget } from '@/db/postgres/queries/budgets'
import { forgetCounter } from '@/db/redis/budgets'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { BudgetId } from './budgets.schema'
import { noSuchBudget } from './no-such-budget'

/** It is counted and told no more; it stays, with what was told, so that this can be undone. */
export async function deleteBudget(caller: Caller, { id }: BudgetId): Promise<{ id: string }> {
  const gone = await change(caller, 'budgets.delete', async (tx) => {
    const known = await lockBudget(tx, id)
    if (!known || known.deletedAt) throw noSuchBudget()
    await updateBudget(tx, id, { deletedAt: new Date() })
    await noteNoCounter(tx, id)
    const { deletedAt: _, ...before } = known
    return { result: { id, tenant: known.tenant }, audit: { target: known.name, before } }
  })
  // One that Redis does not let go of now expires; nobody reads it.
  if (caller.redis.healthy()) await forgetCounter(caller.redis, gone).catch(() => {})
  return { id }
}
