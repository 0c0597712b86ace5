import type { Stores } from '@/server/services/context'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { bucketEdges } from '@/server/services/usage/time-buckets'
import type { PreviewBudget } from './budgets.schema'
import { percentOf } from './burn-down'
import { periodBefore, unitOf } from './period'
import { hasReached, picoOf, shortUsd, spentByTime, sumOf } from './spent'

/** What a budget would have said of the last full period: what was spent, and in which hour or day each threshold was reached. */
export async function previewBudget(stores: Pick<Stores, 'db'>, budget: PreviewBudget, now = new Date()) {
  const period = periodBefore(budget, now)
  const edges = bucketEdges(period.from, period.to, unitOf(budget).step, budget.timezone)
  const buckets = await spentByTime(stores, budget, period, edges)
  const amount = picoOf(budget.amountUsd)
  const spent = sumOf(buckets)
  const reached = budget.thresholds.map((threshold) => {
    let sum = 0n
    const index = buckets.findIndex(({ pico }) => hasReached((sum += pico), amount, threshold))
    return { threshold, at: edges[index]?.toISOString() ?? null }
  })
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    spentUsd: shortUsd(usdFromPico(spent.pico)),
    percent: percentOf(spent.pico, budget.amountUsd),
    requests: spent.requests,
    unpriced: spent.unpriced,
    reached,
  }
}
export type BudgetPreview = Awaited<ReturnType<typeof previewBudget>>
