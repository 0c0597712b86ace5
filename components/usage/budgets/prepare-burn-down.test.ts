import { expect, test } from 'vitest'
import { burnDownSeries, burnDownSpan } from './prepare-burn-down'

const DAY_MS = 86_400_000
const from = Date.UTC(2026, 10, 1)
const at = (day: number) => from + day * DAY_MS
const drawn = {
  amountUsd: '10',
  period: 'month' as const,
  from: new Date(from).toISOString(),
  to: new Date(at(30)).toISOString(),
  course: [0, 1, 2].map((day) => ({ at: at(day), spentUsd: String(day) })),
  forecast: { kind: 'not-enough' as const, have: 2, need: 3 },
}

test('without a forecast the course and the amount are drawn, the amount to the end of the period', () => {
  const series = burnDownSeries(drawn)
  expect(series.map(({ key }) => key)).toEqual(['spent', 'amount'])
  expect(series[0]?.points.at(-1)).toEqual({ t: at(2), v: 2 })
  const amount = series[1]?.points ?? []
  expect(amount[0]?.t).toBe(from)
  expect(amount.at(-1)).toEqual({ t: at(30), v: 10 })
  expect(amount).toHaveLength(31)
})

test('a forecast begins where the course ends; its range is drawn only where there is one', () => {
  const path = [2, 3, 30].map((day) => ({ at: at(day), low: day, likely: day, high: day }))
  const exhaustedAt = { low: null, likely: null, high: null }
  const forecast = { kind: 'forecast' as const, endUsd: { low: 30, likely: 30, high: 30 }, exhaustedAt, units: 3, path }
  expect(burnDownSeries({ ...drawn, forecast }).map(({ key }) => key)).toEqual(['spent', 'likely', 'amount'])
  const uneven = { ...forecast, path: path.map((point) => ({ ...point, high: point.high + 1 })) }
  const series = burnDownSeries({ ...drawn, forecast: uneven })
  expect(series.map(({ key }) => key)).toEqual(['spent', 'likely', 'high', 'low', 'amount'])
  expect(series[1]?.points[0]?.t).toBe(series[0]?.points.at(-1)?.t)
})

test('a rolling budget is drawn as far as is foreseen', () => {
  const forecast = {
    kind: 'forecast' as const,
    endUsd: { low: 1, likely: 1, high: 1 },
    exhaustedAt: { low: null, likely: null, high: null },
    units: 3,
    path: [{ at: at(40), low: 1, likely: 1, high: 1 }],
  }
  expect(burnDownSpan({ ...drawn, period: 'rolling', forecast })).toEqual({ from, to: at(40) })
})
