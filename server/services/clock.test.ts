import { describe, expect, it } from 'vitest'
import { axisOf, clockOf, MOST_POINTS, secondsInside, spread } from './clock'

const to = new Date('2026-11-12T14:03:20Z')
const last = (hours: number) => clockOf({ from: new Date(to.getTime() - hours * 3_600_000), to })

describe('clockOf', () => {
  it.each([1, 6, 24, 7 * 24, 14 * 24, 30 * 24, 365 * 24, 3 * 365 * 24])(
    'never has more than 300 points (%i h)',
    (hours) => {
      const clock = last(hours)
      expect(clock.count).toBeLessThanOrEqual(MOST_POINTS)
      expect(clock.count).toBeGreaterThanOrEqual(Math.min(60, hours * 60))
    },
  )

  it('begins buckets on whole steps, and leaves out one that has only just begun', () => {
    const clock = last(6)
    expect(clock.stepSeconds).toBe(120)
    // 14:02 has begun 80 s ago and stays; at 14:02:20 it would not.
    expect(axisOf(clock).first + (clock.count - 1) * 120_000).toBe(Date.parse('2026-11-12T14:03:00Z'))
    const early = clockOf({ from: new Date('2026-11-12T08:02:20Z'), to: new Date('2026-11-12T14:02:20Z') })
    expect(axisOf(early).first + (early.count - 1) * 120_000).toBe(Date.parse('2026-11-12T14:01:00Z'))
  })

  it('compares with a window of the same length that ends where the range begins', () => {
    const { from, before } = last(6)
    expect(before).toEqual({ from: new Date('2026-11-12T02:03:20Z'), to: from })
  })

  it('knows how much of the first and the last bucket the range covers', () => {
    const clock = last(6)
    expect(secondsInside(clock, clock.first)).toBe(40)
    expect(secondsInside(clock, clock.first + 1)).toBe(120)
    expect(secondsInside(clock, clock.first + clock.count - 1)).toBe(80)
  })
})

describe('spread', () => {
  it('R12: a bucket without a row is null, not zero', () => {
    const clock = last(1)
    const values = spread(clock, [{ bucket: clock.first + 2, v: 0 }], ({ v }) => v)
    expect(values).toHaveLength(clock.count)
    expect(values.slice(0, 4)).toEqual([null, null, 0, null])
  })
})
