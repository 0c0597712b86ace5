import { pruneDrifts } from '@/db/postgres/queries/budget-drifts'
import { type Budget, type BudgetAlert, saveState, selectAlerts, selectBudgets } from '@/db/postgres/queries/budgets'
import type { Stores } from '@/server/services/context'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { burnDownOf } from './burn-down'
import { type Period, periodAt } from './period'
import { reconcileBudget } from './reconcile-budget'
import { hasReached, picoOf, spentIn, type SpentPico } from './spent'
import { tellOfBudget } from './tell-of-budget'

const DAY_MS = 86_400_000
const YEAR_MS = 367 * DAY_MS
const DRIFTS_KEPT_MS = 30 * DAY_MS

/**
 * Counts every budget, keeps what it counted for gateways, reconciles the counters that decide, and tells of each threshold that was reached: once per period
 * (a rolling one: as many days as it is long), threshold and amount. Budgets of a key are left to `forecastBudgets`,
 * because every call is read for them. Returns how many alerts it wrote.
 */
export async function watchBudgets(stores: Stores, now = new Date()): Promise<number> {
  return eachBudget(
    stores,
    now,
    ({ key }) => key === null,
    async (budget, told) =>
      tellOfThresholds(stores, budget, { ...(await countBudget(stores, budget, now)), now }, told),
  )
}

/** Looks where every budget leads, and tells of those that will be used up within their period, once per period. */
export async function forecastBudgets(stores: Stores, now = new Date()): Promise<number> {
  await pruneDrifts(stores.db, new Date(now.getTime() - DRIFTS_KEPT_MS))
  return eachBudget(
    stores,
    now,
    () => true,
    async (budget, told) => {
      const { period, spent, forecast } = await burnDownOf(stores, budget, now)
      const state = { period, spent, now }
      if (budget.key !== null) await countBudget(stores, budget, now)
      const reached = budget.key === null ? 0 : await tellOfThresholds(stores, budget, state, told)
      const exhaustedAt = forecast.kind === 'forecast' ? forecast.exhaustedAt.likely : null
      if (!exhaustedAt || told(period, 'forecast', 100)) return reached
      return reached + Number(await tellOfBudget(stores, budget, { ...state, threshold: 100, exhaustedAt }))
    },
  )
}

type State = { period: Period; spent: SpentPico; now: Date }
type Told = (period: Period, kind: BudgetAlert['kind'], threshold: number) => boolean

/** Where a budget is now, kept for gateways that are asked. */
async function countBudget(stores: Stores, budget: Budget, now: Date): Promise<{ period: Period; spent: SpentPico }> {
  if (budget.enforcement === 'refuse') return reconcileBudget(stores, budget, now)
  const period = periodAt(budget, now)
  const spent = await spentIn(stores, budget, { ...period, to: now })
  await saveState(stores.db, {
    budgetId: budget.id,
    periodFrom: period.from,
    periodTo: period.to,
    spentUsd: usdFromPico(spent.pico),
    unpriced: spent.unpriced,
    asOf: now,
  })
  return { period, spent }
}

async function tellOfThresholds(
  stores: Pick<Stores, 'db'>,
  budget: Budget,
  { period, spent, now }: State,
  told: Told,
): Promise<number> {
  const amount = picoOf(budget.amountUsd)
  let alerts = 0
  for (const threshold of budget.thresholds) {
    if (!hasReached(spent.pico, amount, threshold) || told(period, 'threshold', threshold)) continue
    alerts += Number(await tellOfBudget(stores, budget, { period, spent, threshold, now }))
  }
  return alerts
}

/** One that fails does not keep the others from being looked at; the first failure is reported. */
async function eachBudget(
  { db }: Pick<Stores, 'db'>,
  now: Date,
  which: (budget: Budget) => boolean,
  look: (budget: Budget, told: Told) => Promise<number>,
): Promise<number> {
  const budgets = (await selectBudgets(db)).filter(which)
  const alerts = await selectAlerts(db, { ids: budgets.map(({ id }) => id), since: new Date(now.getTime() - YEAR_MS) })
  const failures: unknown[] = []
  let told = 0
  for (const budget of budgets) {
    const known: Told = ({ from }, kind, threshold) =>
      alerts.some(
        (one) =>
          one.budgetId === budget.id &&
          one.kind === kind &&
          one.threshold === threshold &&
          one.amountUsd === budget.amountUsd &&
          one.at >= from,
      )
    try {
      told += await look(budget, known)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return told
}
