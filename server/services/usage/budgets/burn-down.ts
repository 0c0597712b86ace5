import type { Budget } from '@/db/postgres/queries/budgets'
import type { Stores } from '@/server/services/context'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { bucketEdges } from '@/server/services/usage/time-buckets'
import { type Forecast, forecast, unitsSampled } from './forecast'
import { periodAt, type Period, unitOf } from './period'
import { picoOf, shortUsd, spentByTime, type SpentPico, sumOf } from './spent'

const DAY_MS = 86_400_000

export type BurnDown = {
  period: Period
  spent: SpentPico
  /** What was spent up to each instant, in epoch milliseconds, from the beginning of the period to now. */
  course: { at: number; spentUsd: string }[]
  forecast: Forecast
}

/** How far a budget is, how it came there, and where it leads. One statement counts all of it. */
export async function burnDownOf(stores: Pick<Stores, 'db'>, budget: Budget, now: Date): Promise<BurnDown> {
  const period = periodAt(budget, now)
  const unit = unitOf(budget)
  const sampleFrom = new Date(now.getTime() - unitsSampled(unit.ms) * unit.ms)
  const units = bucketEdges(new Date(Math.min(+sampleFrom, +period.from)), now, unit.step, budget.timezone)
  const first = units[0] ?? period.from
  // A rolling period begins within a day: its first hours are counted apart.
  const edges = [...new Set([...units.map(Number), +period.from])].sort((a, b) => a - b).map((at) => new Date(at))
  const counted = await spentByTime(stores, budget, { from: first, to: now }, edges)
  const buckets = edges.map((start, index) => ({
    start,
    end: edges[index + 1] ?? now,
    spent: counted[index] ?? { requests: 0, pico: 0n, unpriced: 0 },
  }))
  const inside = buckets.filter(({ start }) => start >= period.from)
  const spent = sumOf(inside.map((bucket) => bucket.spent))
  return {
    period,
    spent,
    course: courseOf(inside, period),
    forecast: forecast({
      now,
      to: budget.period === 'rolling' ? new Date(now.getTime() + (budget.rollingDays ?? 1) * DAY_MS) : period.to,
      spentUsd: drawn(spent.pico),
      amountUsd: Number(budget.amountUsd),
      unitMs: unit.ms,
      sample: sampleOf(buckets, units, sampleFrom),
      leaves: budget.period === 'rolling' ? leavesOf(inside) : undefined,
    }),
  }
}

type Bucket = { start: Date; end: Date; spent: SpentPico }
const drawn = (pico: bigint) => Number(pico) / 1e12

function courseOf(inside: Bucket[], { from }: Period): BurnDown['course'] {
  let sum = 0n
  const course = [{ at: +from, spentUsd: '0' }]
  for (const { end, spent } of inside) {
    sum += spent.pico
    course.push({ at: +end, spentUsd: shortUsd(usdFromPico(sum)) })
  }
  return course
}

/** Complete units only: the last one runs. Those before the first call say nothing of how much will be spent. */
function sampleOf(buckets: Bucket[], units: Date[], since: Date): number[] {
  const whole = units.slice(0, -1).flatMap((start, index) => {
    const end = units[index + 1]
    if (!end || start < since) return []
    return [sumOf(buckets.filter((one) => one.start >= start && one.start < end).map(({ spent }) => spent))]
  })
  const begun = whole.findIndex(({ requests }) => requests > 0)
  return begun === -1 ? [] : whole.slice(begun).map(({ pico }) => drawn(pico))
}

/** What leaves a rolling window: evenly over each bucket. */
function leavesOf(inside: Bucket[]) {
  const from = inside[0]?.start.getTime() ?? 0
  return (ms: number) =>
    inside.reduce((sum, { start, end, spent }) => {
      const share = Math.min(1, Math.max(0, (from + ms - +start) / Math.max(1, +end - +start)))
      return sum + share * drawn(spent.pico)
    }, 0)
}

/** Exact percent with one decimal, rounded down: 100 only once all of it is spent. */
export const percentOf = (spent: bigint, amountUsd: string) => Number((spent * 1_000n) / picoOf(amountUsd)) / 10
