import { selectAlerts, selectBudgets } from '@/db/postgres/queries/budgets'
import type { Stores } from '@/server/services/context'
import type { ListBudgets } from './budgets.schema'
import { periodAt } from './period'

/** The gravest that was told of each budget in the period that runs: used up, then foreseen to be; nothing is counted. */
export async function toldOfBudgets({ db }: Pick<Stores, 'db'>, { tenant }: ListBudgets, now = new Date()) {
  const budgets = await selectBudgets(db, { tenant })
  const periods = budgets.map((budget) => periodAt(budget, now).from)
  const since = new Date(Math.min(now.getTime(), ...periods.map(Number)))
  const alerts = await selectAlerts(db, { ids: budgets.map(({ id }) => id), since })
  return budgets.flatMap(({ id, name, amountUsd, timezone, period }, index) => {
    const mine = alerts.filter(
      (one) => one.budgetId === id && one.amountUsd === amountUsd && one.at >= (periods[index] ?? now),
    )
    const usedUp = mine.some(({ kind, threshold }) => kind === 'threshold' && threshold >= 100)
    const foreseen = mine.find(({ kind }) => kind === 'forecast')?.exhaustedAt
    if (!usedUp && !foreseen) return []
    return [{ id, name, timezone, period, exhaustedAt: usedUp ? null : (foreseen?.toISOString() ?? null) }]
  })
}
export type ToldBudget = Awaited<ReturnType<typeof toldOfBudgets>>[number]
