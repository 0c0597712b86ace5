import { type Budget, insertAlert } from '@/db/postgres/queries/budgets'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import { type Stores, system } from '@/server/services/context'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { bucketEdges } from '@/server/services/usage/time-buckets'
import { noteEvent } from '@/server/services/webhooks/note-event'
import type { WebhookEvent } from '@/server/services/webhooks/webhooks.schema'
import type { Period } from './period'
import { shortUsd, type SpentPico } from './spent'

type News = {
  period: Period
  spent: SpentPico
  /** Percent that is reached; with a date, all of it will be. */
  threshold: number
  exhaustedAt?: Date
  now: Date
}

/**
 * Writes down what happened to a budget, and notes the event for webhooks, in one transaction. False where it was told in
 * this period already: by another worker, perhaps at this very moment.
 */
export async function tellOfBudget({ db }: Pick<Stores, 'db'>, budget: Budget, news: News): Promise<boolean> {
  const { period, spent, threshold, exhaustedAt, now } = news
  const { id, name, amountUsd, tenant, user, key, model, prompt } = budget
  const [spentUsd, unpriced] = [shortUsd(usdFromPico(spent.pico)), spent.unpriced]
  const told = { name, threshold, amountUsd, spentUsd, unpriced, exhaustedAt: exhaustedAt?.toISOString() }
  const alert = { threshold, amountUsd, spentUsd, unpriced, exhaustedAt, at: now }
  try {
    await change({ db, actor: system }, 'budgets.tell', async (tx) => {
      const kind = exhaustedAt ? ('forecast' as const) : ('threshold' as const)
      const periodFrom = periodKeyOf(budget, period, now)
      if (!(await insertAlert(tx, { budgetId: id, periodFrom, kind, ...alert })))
        throw new AppError('conflict', 'This was told already.')
      const span = { from: period.from.toISOString(), to: period.to.toISOString() }
      const scope = { tenant, user, key, model, prompt }
      await noteEvent(tx, { type: eventOf(news), at: now, data: { budget: id, ...told, period: span, scope } })
      return { result: null, audit: { target: name, after: { id, ...told } } }
    })
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return false
    throw error
  }
}

function eventOf({ threshold, exhaustedAt }: News): WebhookEvent {
  if (exhaustedAt) return 'budget.will_be_used_up'
  return threshold >= 100 ? 'budget.exceeded' : 'budget.threshold_reached'
}

/** A rolling period begins anew each hour: what was told is known by the local day instead. */
function periodKeyOf({ period, timezone }: Budget, { from }: Period, now: Date): Date {
  return period === 'rolling' ? (bucketEdges(now, new Date(now.getTime() + 1), '1d', timezone)[0] ?? from) : from
}
