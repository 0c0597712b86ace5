import type { Key } from '@/db/postgres/queries/keys'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import type { Stores } from '@/server/services/context'
import { appliesTo } from './budget-scope'
import type { CheckBudgets, CheckedBudgets } from './budgets.schema'
import { type CountedSoFar, countedSoFar, countersOf, type KnownBudget, knownBudgets } from './counted-budgets'
import { hasReached, picoOf, shortUsd } from './spent'

/** Says whether a call is within its budgets. */
export function budgetChecker(stores: Stores) {
  const known = knownBudgets(stores)
  return async (key: Pick<Key, 'id' | 'tenants'>, asked: CheckBudgets, now = new Date()): Promise<CheckedBudgets> => {
    const mine = (await known()).filter((budget) => appliesTo(budget, key.id, asked))
    const counters = await countersOf(stores, mine)
    const budgets = mine.map((budget) => shown(budget, countedSoFar(budget, counters.get(budget.id) ?? null, now), key))
    return {
      allowed: !budgets.some(({ enforcement, state }) => enforcement === 'refuse' && state === 'used_up'),
      budgets,
    }
  }
}

/** Names the budgets that refuse and are used up, of those that any of these calls counts towards. */
export function usedUpBudgets(stores: Stores) {
  const known = knownBudgets(stores)
  return async (
    key: { id: string | null; tenants: string[] | null },
    calls: Partial<CheckBudgets>[],
    now = new Date(),
  ) => {
    const mine = (await known())
      .filter(({ enforcement }) => enforcement === 'refuse')
      .filter((budget) => calls.some((call) => appliesTo(budget, key.id, call)))
    const counters = await countersOf(stores, mine)
    return mine
      .filter((budget) => isUsedUp(budget, countedSoFar(budget, counters.get(budget.id) ?? null, now)))
      .map(({ id, name }) => ({ id, name }))
  }
}

export type UsedUpBudgets = ReturnType<typeof usedUpBudgets>

export const isUsedUp = ({ amountUsd }: Pick<KnownBudget, 'amountUsd'>, counted: CountedSoFar | null) =>
  counted !== null && hasReached(counted.pico, picoOf(amountUsd), 100)

/** R11: what a budget of more tenants than the key's has spent is not for its eyes; whether it is used up is. */
function shown(budget: KnownBudget, counted: CountedSoFar | null, key: Pick<Key, 'tenants'>) {
  const { id, name, enforcement, tenant, amountUsd, state } = budget
  const visible = key.tenants === null || (tenant !== null && key.tenants.includes(tenant))
  const said = counted === null ? 'not_counted' : isUsedUp(budget, counted) ? 'used_up' : 'within'
  return {
    ...{ id, name, enforcement },
    state: said as CheckedBudgets['budgets'][number]['state'],
    amountUsd: visible ? amountUsd : null,
    spentUsd: visible && counted ? shortUsd(usdFromPico(counted.pico)) : null,
    unpriced: visible && counted ? (state?.unpriced ?? null) : null,
    countedBy: counted?.by ?? null,
    from: counted?.from.toISOString() ?? null,
    to: counted?.to.toISOString() ?? null,
    asOf: counted?.asOf.toISOString() ?? null,
  }
}
