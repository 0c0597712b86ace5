import { countBudgets, insertBudget, MOST_BUDGETS } from '@/db/postgres/queries/budgets'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { requireTenantRow } from '@/server/services/usage/prices/add-override'
import type { CreateBudget } from './budgets.schema'

/** @throws AppError `bad_request` for a tenant that there is none of, `conflict` when there are too many. */
export async function createBudget(caller: Caller, input: CreateBudget): Promise<{ id: string }> {
  return change(caller, 'budgets.create', async (tx) => {
    if (input.tenant !== null) await requireTenantRow(tx, input.tenant)
    await requireRoom(tx)
    const { user: userId, key: keyId, ...rest } = input
    const id = await insertBudget(tx, { ...rest, userId, keyId, createdBy: caller.actor.name })
    return { result: { id }, audit: { target: input.name, after: { id, ...input } } }
  })
}

/** Each is counted every few seconds. */
export async function requireRoom(tx: Parameters<typeof countBudgets>[0]): Promise<void> {
  if ((await countBudgets(tx)) >= MOST_BUDGETS)
    throw new AppError('conflict', `There are ${MOST_BUDGETS} budgets already: delete some first.`)
}
