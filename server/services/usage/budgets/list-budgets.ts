import { type Budget, type BudgetAlert, selectAlerts, selectBudgets } from '@/db/postgres/queries/budgets'
import type { Stores } from '@/server/services/context'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import type { ListBudgets } from './budgets.schema'
import { burnDownOf, percentOf } from './burn-down'
import type { Forecast } from './forecast'
import { periodAt } from './period'
import { shortUsd } from './spent'

/** Every budget with its state at this moment: counted now, not when the worker looked last. */
export async function listBudgets({ db }: Pick<Stores, 'db'>, { tenant }: ListBudgets, now = new Date()) {
  const budgets = await selectBudgets(db, { tenant })
  const periods = budgets.map((budget) => periodAt(budget, now).from.getTime())
  const since = new Date(Math.min(now.getTime(), ...periods))
  const [alerts, states] = await Promise.all([
    selectAlerts(db, { ids: budgets.map(({ id }) => id), since }),
    Promise.all(budgets.map((budget) => burnDownOf({ db }, budget, now))),
  ])
  return {
    asOf: now.toISOString(),
    budgets: budgets.flatMap((budget, index) => {
      const state = states[index]
      return state ? [shown(budget, state, alerts)] : []
    }),
  }
}
export type ListedBudget = Awaited<ReturnType<typeof listBudgets>>['budgets'][number]

function shown(
  { createdAt, ...budget }: Budget,
  { period, spent, course, forecast }: Awaited<ReturnType<typeof burnDownOf>>,
  alerts: BudgetAlert[],
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
    course,
    forecast: written(forecast),
    alerts: mine.map(({ id, kind, threshold, amountUsd, spentUsd, unpriced, exhaustedAt, at }) => ({
      ...{ id, kind, threshold, amountUsd, spentUsd, unpriced },
      exhaustedAt: exhaustedAt?.toISOString() ?? null,
      at: at.toISOString(),
    })),
  }
}

const iso = (at: Date | null) => at?.toISOString() ?? null

function written(forecast: Forecast) {
  if (forecast.kind !== 'forecast') return forecast
  const { low, likely, high } = forecast.exhaustedAt
  return { ...forecast, exhaustedAt: { low: iso(low), likely: iso(likely), high: iso(high) } }
}
