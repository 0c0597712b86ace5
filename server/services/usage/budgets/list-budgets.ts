import { type BudgetDrift, selectDrifts } from '@/db/postgres/queries/budget-drifts'
import { type Budget, type BudgetAlert, selectAlerts, selectBudgets, selectStates } from '@/db/postgres/queries/budgets'
import type { Stores } from '@/server/services/context'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import type { ListBudgets } from './budgets.schema'
import { burnDownOf, percentOf } from './burn-down'
import { type CountedSoFar, countedSoFar, countersOf, type KnownBudget } from './counted-budgets'
import type { Forecast } from './forecast'
import { periodAt } from './period'
import { shortUsd } from './spent'

/** Every budget with its state at this moment: counted now, not when the worker looked last. */
export async function listBudgets(stores: Stores, { tenant }: ListBudgets, now = new Date()) {
  const { db } = stores
  const budgets = await selectBudgets(db, { tenant })
  const periods = budgets.map((budget) => periodAt(budget, now).from.getTime())
  const since = new Date(Math.min(now.getTime(), ...periods))
  const ids = budgets.map(({ id }) => id)
  const [known, alerts, drifts, states] = await Promise.all([
    selectStates(db),
    selectAlerts(db, { ids, since }),
    selectDrifts(db, { ids }),
    Promise.all(budgets.map((budget) => burnDownOf({ db }, budget, now))),
  ])
  const mine = known.filter(({ id }) => ids.includes(id))
  const counters = await countersOf(stores, mine)
  return {
    asOf: now.toISOString(),
    budgets: budgets.flatMap((budget, index) => {
      const state = states[index]
      const held = mine.find(({ id }) => id === budget.id)
      const decided = held ? countedSoFar(held, counters.get(budget.id) ?? null, now) : null
      return state ? [shown(budget, state, alerts, counterShown(budget, held, decided, drifts))] : []
    }),
  }
}
export type ListedBudget = Awaited<ReturnType<typeof listBudgets>>['budgets'][number]

function shown(
  { createdAt, ...budget }: Budget,
  { period, spent, course, forecast }: Awaited<ReturnType<typeof burnDownOf>>,
  alerts: BudgetAlert[],
  counter: ReturnType<typeof counterShown>,
) {
  const mine = alerts.filter(({ budgetId, at }) => budgetId === budget.id && at >= period.from)
  return {
    ...budget,
    createdAt: createdAt.toISOString(),
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    spentUsd: shortUsd(usdFromPico(spent.pico)),
    /** With one decimal, rounded down. */
    percent: percentOf(spent.pico, budget.amountUsd),
    requests: spent.requests,
    unpriced: spent.unpriced,
    counter,
    course,
    forecast: written(forecast),
    alerts: mine.map(({ id, kind, threshold, amountUsd, spentUsd, unpriced, exhaustedAt, at }) => ({
      ...{ id, kind, threshold, amountUsd, spentUsd, unpriced },
      exhaustedAt: exhaustedAt?.toISOString() ?? null,
      at: at.toISOString(),
    })),
  }
}

/**
 * What decides of a budget that refuses, and how far it was from the ledger when the two were compared last: `driftUsd` is
 * the counter less the ledger. Null of one that only tells, and before the first count.
 */
function counterShown(
  budget: Budget,
  held: KnownBudget | undefined,
  decided: CountedSoFar | null,
  drifts: BudgetDrift[],
) {
  const state = held?.state
  if (budget.enforcement !== 'refuse' || !state?.counter) return null
  return {
    decides: decided && {
      by: decided.by,
      spentUsd: shortUsd(usdFromPico(decided.pico)),
      asOf: decided.asOf.toISOString(),
    },
    found: state.counter,
    ledgerUsd: state.spentUsd,
    driftUsd: state.driftUsd,
    /** Of what may be spent; for the eye only. */
    driftShare: state.driftUsd === null ? null : Number(state.driftUsd) / Number(budget.amountUsd),
    reconciledAt: state.asOf.toISOString(),
    history: drifts
      .filter(({ budgetId }) => budgetId === budget.id)
      .map(({ id, at, found, driftUsd }) => ({ id, at: at.toISOString(), found, driftUsd })),
  }
}

const iso = (at: Date | null) => at?.toISOString() ?? null

function written(forecast: Forecast) {
  if (forecast.kind !== 'forecast') return forecast
  const { low, likely, high } = forecast.exhaustedAt
  return { ...forecast, exhaustedAt: { low: iso(low), likely: iso(likely), high: iso(high) } }
}
