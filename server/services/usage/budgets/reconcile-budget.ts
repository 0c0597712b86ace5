import { type Budget, saveState } from '@/db/postgres/queries/budgets'
import { countedFrom, inSnapshot, insertDrift } from '@/db/postgres/queries/budget-drifts'
import type { CounterFound } from '@/db/postgres/schema/budgets'
import { forgetCounter, type Met, reconcileCounter } from '@/db/redis/budgets'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { signedUsd } from '@/server/services/usage/savings/net'
import { type Period, periodAt } from './period'
import { shortUsd, spentIn, type SpentPico } from './spent'

const HOUR_MS = 3_600_000
/** Events are taken up to a day ahead; a rolling period counts them too, up to the end of an hour. */
const AHEAD_MS = 26 * HOUR_MS

export type Reconciled = {
  period: Period
  spent: SpentPico
  /** `overtaken` by another process that counted later: its finding stands. */
  counter: CounterFound | 'overtaken'
  driftUsd: string | null
}

/**
 * Counts a budget that refuses by the ledger, sets the counter in Redis that decides to that, and keeps what it found: its
 * drift, which is the counter less the ledger, both of the same committed calls (docs/decisions/0050). While Redis does
 * not answer, what was counted decides from Postgres.
 */
export async function reconcileBudget(stores: Stores, budget: Budget, now: Date): Promise<Reconciled> {
  const { db, redis } = stores
  const period = periodAt(budget, now)
  const to = budget.period === 'rolling' ? null : period.to
  const until = to ?? new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS + AHEAD_MS)
  const { snapshot, result: spent } = await inSnapshot(db, (tx) =>
    spentIn({ db: tx }, budget, { from: period.from, to: until }),
  )
  const counted = { from: period.from, to, pico: spent.pico, at: now, snapshot }
  const met = await redisTruth(redis, () => reconcileCounter(redis, budget, counted)).catch(orNull)
  if (met?.found === 'a newer count') return { period, spent, counter: 'overtaken', driftUsd: null }

  const found = foundOf(met, spent.pico, await countedFrom(db, budget.id), period)
  const state = { budgetId: budget.id, periodFrom: period.from, periodTo: period.to, asOf: now }
  try {
    await saveState(db, { ...state, spentUsd: usdFromPico(spent.pico), unpriced: spent.unpriced, ...found })
  } catch (error) {
    // A budget that was erased at this very moment takes its counter along.
    await forgetCounter(redis, budget).catch(() => {})
    throw error
  }
  const { counter, driftUsd } = found
  if (counter === 'off' || counter === 'lost')
    await insertDrift(db, { budgetId: budget.id, at: now, found: counter, driftUsd, amountUsd: budget.amountUsd })
  return { period, spent, ...found }
}

type Found = { counter: CounterFound; driftUsd: string | null }

function foundOf(met: Met | null, ledger: bigint, last: Date | null, period: Period): Found {
  if (met === null) return { counter: 'unreachable', driftUsd: null }
  if (met.found === 'counter') {
    const drift = met.pico - ledger
    return { counter: drift === 0n ? 'right' : 'off', driftUsd: shortUsd(signedUsd(drift)) }
  }
  const lost = met.found === 'nothing' && last !== null && +last === +period.from
  return { counter: lost ? 'lost' : 'begun', driftUsd: null }
}

function orNull(error: unknown): null {
  if (expected(error)?.code !== 'unavailable') throw error
  return null
}
