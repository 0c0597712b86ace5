import type { Key } from '@/db/postgres/queries/keys'
import { selectStates } from '@/db/postgres/queries/budgets'
import type { Stores } from '@/server/services/context'
import type { CheckBudgets, CheckedBudgets } from './budgets.schema'
import { hasReached, picoOf } from './spent'

const FRESH_MS = 1_000

type Held = Awaited<ReturnType<typeof selectStates>>[number]

/**
 * Says whether a call is within its budgets, from a copy of what the worker counted that is read again when it is a second
 * old. While Postgres does not answer the last copy goes on to; `asOf` tells how old its figures are.
 */
export function budgetChecker({ db }: Pick<Stores, 'db'>) {
  let copy: { at: number; budgets: Held[] } | null = null
  let reading: Promise<Held[]> | null = null

  const read = () =>
    (reading ??= selectStates(db)
      .then((budgets) => (copy = { at: Date.now(), budgets }).budgets)
      .finally(() => (reading = null)))

  async function current(): Promise<Held[]> {
    if (copy && Date.now() - copy.at < FRESH_MS) return copy.budgets
    try {
      return await read()
    } catch (error) {
      if (copy) return copy.budgets
      throw error
    }
  }

  return async (key: Pick<Key, 'id' | 'tenants'>, asked: CheckBudgets, now = new Date()): Promise<CheckedBudgets> => {
    const budgets = (await current())
      .filter((budget) => appliesTo(budget, key.id, asked))
      .map((budget) => shown(budget, key, now))
    return {
      allowed: !budgets.some(({ enforcement, state }) => enforcement === 'refuse' && state === 'used_up'),
      budgets,
    }
  }
}

/** A budget of a user, model or prompt applies to calls that name it; one of a key to those made with it. */
const appliesTo = ({ tenant, user, key, model, prompt }: Held, keyId: string, asked: CheckBudgets) =>
  (tenant === null || tenant === asked.tenant) &&
  (user === null || user === asked.user) &&
  (key === null || key === keyId) &&
  (model === null || model === asked.model) &&
  (prompt === null || prompt === asked.prompt)

/** R11: what a budget of more tenants than the key's has spent is not for its eyes; whether it is used up is. */
function shown(
  { id, name, enforcement, period, tenant, amountUsd, state }: Held,
  key: Pick<Key, 'tenants'>,
  now: Date,
) {
  // What was counted of a period that has ended says nothing of the one that runs.
  const counted = state && (period === 'rolling' || state.periodTo > now) ? state : null
  const usedUp = counted !== null && hasReached(picoOf(counted.spentUsd), picoOf(amountUsd), 100)
  const visible = key.tenants === null || (tenant !== null && key.tenants.includes(tenant))
  return {
    ...{ id, name, enforcement },
    state: counted === null ? ('not_counted' as const) : usedUp ? ('used_up' as const) : ('within' as const),
    amountUsd: visible ? amountUsd : null,
    spentUsd: visible && counted ? counted.spentUsd : null,
    unpriced: visible && counted ? counted.unpriced : null,
    from: counted?.periodFrom.toISOString() ?? null,
    to: counted?.periodTo.toISOString() ?? null,
    asOf: counted?.asOf.toISOString() ?? null,
  }
}
