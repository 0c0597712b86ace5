import { describe, expect, test } from 'vitest'
import { forecast, type ForecastInput } from './forecast'

const DAY_MS = 86_400_000
const now = new Date('2026-11-11T00:00:00Z')
const base: ForecastInput = {
  now,
  to: new Date('2026-12-01T00:00:00Z'),
  spentUsd: 100,
  amountUsd: 200,
  unitMs: DAY_MS,
  sample: [10, 10, 10, 10, 10],
}
const of = (change: Partial<ForecastInput>) => {
  const found = forecast({ ...base, ...change })
  if (found.kind !== 'forecast') throw new Error(found.kind)
  return found
}
const days = (at: Date | null) => (at ? (at.getTime() - now.getTime()) / DAY_MS : null)

describe('where a budget leads', () => {
  test('even days: used up when the rest is divided by the mean, without uncertainty', () => {
    const { exhaustedAt, endUsd, path } = of({})
    expect(days(exhaustedAt.likely)).toBeCloseTo(10, 1)
    expect(exhaustedAt.low).toEqual(exhaustedAt.likely)
    expect(endUsd).toEqual({ low: 300, likely: 300, high: 300 })
    expect(path[0]).toEqual({ at: +now, low: 100, likely: 100, high: 100 })
    expect(path[1]).toEqual({ at: +now + DAY_MS, low: 110, likely: 110, high: 110 })
    expect(path.at(-1)).toEqual({ at: +base.to, ...endUsd })
  })

  test('uneven days: the range is k·m ± t·s·√(k·(1 + k/n))', () => {
    const { exhaustedAt, endUsd } = of({ sample: [6, 14, 8, 12, 10] })
    // s = √10, t(4, 90 %) = 1.533, k = 20: ± 1.533 · √10 · √(20 · 5).
    expect(endUsd.likely).toBeCloseTo(300, 6)
    expect(endUsd.high - 300).toBeCloseTo(1.533 * Math.sqrt(10) * 10, 0)
    expect(300 - endUsd.low).toBeCloseTo(endUsd.high - 300, 6)
    const [early, likely, late] = [days(exhaustedAt.high), days(exhaustedAt.likely), days(exhaustedAt.low)]
    expect(early).toBeLessThan(10)
    expect(likely).toBeCloseTo(10, 1)
    expect(late).toBeGreaterThan(10)
  })

  test('no date where the amount lasts beyond the period', () => {
    const { exhaustedAt } = of({ amountUsd: 300.01 })
    expect(exhaustedAt).toEqual({ low: null, likely: null, high: null })
  })

  test('what may or may not last has an early date and no late one', () => {
    const { exhaustedAt } = of({ amountUsd: 300.01, sample: [0, 20, 5, 15, 10] })
    expect(exhaustedAt.high).not.toBeNull()
    expect(exhaustedAt.low).toBeNull()
  })

  test.each([
    ['at the very end of the period', { to: new Date(+now + 1) }],
    ['after its end', { to: new Date(+now - 1_000) }],
    ['a cent before it is used up', { spentUsd: 199.99 }],
    ['nothing was spent for days', { sample: [10, 0, 0, 0, 0] }],
  ])('never a date in the past, nor less than is spent: %s', (_, change) => {
    const input = { ...base, ...change }
    const { exhaustedAt, endUsd } = of(change)
    for (const at of Object.values(exhaustedAt)) if (at) expect(+at).toBeGreaterThanOrEqual(+now)
    for (const end of Object.values(endUsd)) expect(end).toBeGreaterThanOrEqual(input.spentUsd)
  })

  test('says so while there is too little to go by, and once all is spent', () => {
    expect(forecast({ ...base, sample: [10, 10] })).toEqual({ kind: 'not-enough', have: 2, need: 3 })
    expect(forecast({ ...base, unitMs: 3_600_000, sample: [1, 1, 1, 1, 1] })).toMatchObject({ have: 5, need: 6 })
    expect(forecast({ ...base, spentUsd: 200 })).toEqual({ kind: 'used-up' })
  })

  test('a rolling window that loses as much as it gains is never used up', () => {
    const { exhaustedAt, endUsd } = of({ leaves: (ms) => (10 * ms) / DAY_MS })
    expect(exhaustedAt.likely).toBeNull()
    expect(endUsd.likely).toBeCloseTo(100, 6)
  })
})
