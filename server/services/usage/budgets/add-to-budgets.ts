import { addToCounter } from '@/db/redis/budgets'
import type { Stores } from '@/server/services/context'
import { redisInTime } from '@/server/services/redis-in-time'
import type { Recorded } from '@/server/services/usage/ingest-usage'
import type { UsageEvent } from '@/server/services/usage/usage.schema'
import { appliesTo } from './budget-scope'
import { isUsedUp } from './check-budgets'
import { COUNTER_MS, countedSoFar, type KnownBudget, knownBudgets } from './counted-budgets'
import { periodAt } from './period'
import { picoOf } from './spent'

/**
 * Adds committed calls to the counters of the budgets that refuse, and names those that are used up then. What was there
 * already is not in `accepted`, so that a report sent again adds nothing. An addition that is lost, with the process or
 * with Redis, is found when the counter is reconciled; none is tried twice.
 */
export function budgetAdder(stores: Stores) {
  const known = knownBudgets(stores)
  return async (keyId: string | null, { accepted, transaction }: Recorded, now = new Date()) => {
    if (transaction === null || accepted.length === 0) return []
    const mine = (await known()).flatMap((budget) => {
      const calls = budget.enforcement === 'refuse' ? accepted.filter(({ event }) => applies(budget, keyId, event)) : []
      return calls.length > 0 ? [{ budget, sum: sumIn(budget, calls, now) }] : []
    })
    const counters = await redisInTime(COUNTER_MS, stores.redis, () =>
      Promise.all(mine.map(({ budget, sum }) => addToCounter(stores.redis, budget, { transaction, ...sum }))),
    )
    return mine
      .filter(({ budget }, place) => isUsedUp(budget, countedSoFar(budget, counters?.[place] ?? null, now)))
      .map(({ budget: { id, name } }) => ({ id, name }))
  }
}

export type BudgetAdder = ReturnType<typeof budgetAdder>

const applies = (budget: KnownBudget, keyId: string | null, { tenant, user, model, prompt }: UsageEvent) =>
  appliesTo(budget, keyId, { tenant, user, model, prompt: prompt?.name })

/** What the priced calls of the period that runs cost, and between which instants they lie. */
function sumIn(budget: KnownBudget, calls: Recorded['accepted'], now: Date) {
  const { from, to } = periodAt(budget, now)
  let [pico, first, last] = [0n, Infinity, -Infinity]
  for (const { event, costUsd } of calls) {
    const at = event.occurredAt.getTime()
    if (at < +from || (budget.period !== 'rolling' && at >= +to)) continue
    first = Math.min(first, at)
    last = Math.max(last, at)
    if (costUsd !== null) pico += picoOf(costUsd)
  }
  return first === Infinity ? { pico, first: from, last: from } : { pico, first: new Date(first), last: new Date(last) }
}
