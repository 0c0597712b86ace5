import { expect, it } from 'vitest'
import { type Figure, judge } from './figure'

const figure = (ours: number, other: number, goal: Figure['goal']): Figure => ({
  ...{ work: 'Reads', ours, unit: 'requests/s', other, dividedBy: 'a bare server', goal },
})

it('says what was measured, what it is divided by, and the goal', () => {
  expect(judge(figure(7_123.4, 8_000, { atLeast: 0.7 })).line).toBe(
    'reached  Reads: 0.89042 (goal at least 0.7) = 7,123 requests/s / 8,000 requests/s (a bare server)',
  )
  const perSecond = { ...figure(2_000_000, 0.8, { atLeast: 1_000_000 }), unit: 'reads', otherUnit: 's' }
  expect(judge(perSecond).line).toContain('2,500,000 (goal at least 1,000,000) = 2,000,000 reads / 0.8 s')
})

it.each([
  [1, 2, { atLeast: 0.5 }, true],
  [1, 2.01, { atLeast: 0.5 }, false],
  [2, 1, { atMost: 2 }, true],
  [2.01, 1, { atMost: 2 }, false],
  [5_000, 5_000, { exactly: 1 }, true],
  [5_001, 5_000, { exactly: 1 }, false],
  [0, 5_000, { exactly: 0 }, true],
  [0, 0, { exactly: 0 }, false],
  [Number.NaN, 1, { atMost: 2 }, false],
])('judges %d / %d against %o', (ours, other, goal, reached) => {
  expect(judge(figure(ours, other, goal)).reached).toBe(reached)
})

it('never rounds a missed goal to a reached one', () => {
  expect(judge(figure(5_001, 5_000, { exactly: 1 })).line).toContain('MISSED   Reads: 1.0002 (goal exactly 1)')
})
