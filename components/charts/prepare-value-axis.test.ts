import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueAxis } from './prepare-value-axis'

const line = (...values: (number | null)[]) => [values.map((v, t) => ({ t, v }))]

describe('valueAxis', () => {
  it('R12: nothing measured has no axis', () => expect(valueAxis(line(null, null), 'count', true)).toBeNull())

  it('begins at zero where size is read', () => {
    expect(valueAxis(line(586, 1124), 'count', true)).toEqual({ min: 0, max: 1500, ticks: [0, 500, 1000, 1500] })
  })

  it('does not draw noise as an event', () => {
    const axis = valueAxis(line(0.811, 0.813), 'percent', false)
    expect(axis && axis.max - axis.min).toBeGreaterThanOrEqual(0.1)
  })

  it('keeps ratios between 0 and 1', () => {
    expect(valueAxis(line(0.02, 0.999), 'percent', false)).toMatchObject({ min: 0, max: 1 })
  })

  it('labels bytes in round units', () => {
    expect(valueAxis(line(0, 400 * 1024 ** 2), 'bytes', true)?.ticks.map((tick) => tick / 1024 ** 2)).toEqual([
      0, 100, 200, 300, 400,
    ])
  })

  it('an idle series lies on the floor', () =>
    expect(valueAxis(line(0, 0), 'count', true)).toMatchObject({ min: 0, max: 1 }))

  it('goes below zero only where a value does', () => {
    expect(valueAxis(line(0, 0), 'count', false)).toMatchObject({ min: 0, max: 1 })
    expect(valueAxis(line(-1, -1), 'count', false)?.min).toBeLessThan(-1)
  })

  it('always holds every value, with few ticks', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: -1e12, max: 1e12 }).map((value) => value / 1000),
          { minLength: 1 },
        ),
        fc.constantFrom('count' as const, 'bytes' as const, 'ms' as const),
        fc.boolean(),
        (values, kind, fromZero) => {
          const axis = valueAxis(line(...values), kind, fromZero)
          if (!axis) throw new Error('values have an axis')
          const slack = (axis.max - axis.min) * 1e-6
          expect(axis.min - slack).toBeLessThanOrEqual(Math.min(...values))
          expect(axis.max + slack).toBeGreaterThanOrEqual(Math.max(...values))
          expect(axis.max).toBeGreaterThan(axis.min)
          expect(axis.ticks.length).toBeLessThanOrEqual(7)
        },
      ),
    )
  })
})
