import type { Point, Series } from '@/components/charts/chart'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'

type Drawn = Pick<ListedBudget, 'amountUsd' | 'course' | 'forecast' | 'from' | 'to' | 'period'>
const UNIT_MS = { day: 3_600_000, week: 86_400_000, month: 86_400_000, rolling: 86_400_000 }

/** What is spent up to each instant, where that leads, and the amount. Floats, because they are drawn. */
export function burnDownSeries(budget: Drawn): Series[] {
  const { amountUsd, course, forecast } = budget
  const spent: Point[] = course.map(({ at, spentUsd }) => ({ t: at, v: Number(spentUsd) }))
  const path = forecast.kind === 'forecast' ? forecast.path : []
  const lead = (side: 'low' | 'likely' | 'high'): Point[] => path.map((point) => ({ t: point.at, v: point[side] }))
  const uncertain = path.some(({ low, high }) => high > low)
  return [
    { key: 'spent', label: 'Spent', memory: 'postgres', points: spent },
    ...(path.length > 0
      ? [{ key: 'likely', label: 'Forecast', memory: 'postgres' as const, dashed: true, points: lead('likely') }]
      : []),
    ...(uncertain
      ? [
          { key: 'high', label: 'at most (90 %)', dashed: true, points: lead('high') },
          { key: 'low', label: 'at least (90 %)', dashed: true, points: lead('low') },
        ]
      : []),
    { key: 'amount', label: 'Budget', points: instants(budget).map((t) => ({ t, v: Number(amountUsd) })) },
  ]
}

/** From the beginning of the period to its end; of a rolling one, to as far as is foreseen. */
export function burnDownSpan({ from, to, forecast }: Drawn) {
  const foreseen = forecast.kind === 'forecast' ? (forecast.path.at(-1)?.at ?? 0) : 0
  return { from: Date.parse(from), to: Math.max(Date.parse(to), foreseen) }
}

/** Where any line has a point, and on to the end, so that the amount is drawn through. */
function instants(budget: Drawn): number[] {
  const { from, to } = burnDownSpan(budget)
  const path = budget.forecast.kind === 'forecast' ? budget.forecast.path : []
  const known = [from, ...budget.course.map(({ at }) => at), ...path.map(({ at }) => at)]
  const step = UNIT_MS[budget.period]
  const rest: number[] = []
  for (let t = Math.max(...known) + step; t < to; t += step) rest.push(t)
  return [...new Set([...known, ...rest, to])].sort((a, b) => a - b)
}
