import { describe, expect, it } from 'vitest'
import { segments, usualStep, valueAt } from './prepare-line'

const at = (...pairs: [number, number | null][]) => pairs.map(([t, v]) => ({ t, v }))

describe('R12: missing is a gap, never a zero', () => {
  it('cuts at a sample that is null', () => {
    expect(segments(at([0, 1], [5, 2], [10, null], [15, 3]))).toEqual([at([0, 1], [5, 2]), at([15, 3])])
  })
  it('cuts where samples that should be there are not', () => {
    expect(segments(at([0, 1], [5, 1], [10, 1], [40, 2], [45, 2]))).toEqual([
      at([0, 1], [5, 1], [10, 1]),
      at([40, 2], [45, 2]),
    ])
  })
  it('bridges ordinary jitter', () => {
    expect(segments(at([0, 1], [5, 1], [11, 1], [20, 1]))).toHaveLength(1)
  })
  it('takes NaN and infinity as missing', () => {
    expect(segments(at([0, 1], [5, NaN], [10, Infinity], [15, 1]))).toHaveLength(2)
  })
  it('keeps a lonely sample, to be drawn as a dot', () => {
    expect(segments(at([0, null], [5, 7], [10, null]))).toEqual([at([5, 7])])
  })
  it('shows what lies within the span only', () => {
    expect(segments(at([0, 1], [5, 2], [10, 3]), { from: 5, to: 9 })).toEqual([at([5, 2])])
  })
})

describe('valueAt', () => {
  const points = at([0, 1], [10, 2], [20, null], [30, 4])
  it('reads the nearest sample', () => {
    expect(valueAt(points, 4)).toBe(1)
    expect(valueAt(points, 6)).toBe(2)
    expect(valueAt(points, 500)).toBeNull()
    expect(valueAt([], 5)).toBeNull()
  })
  it('R12: reads nothing where nothing was measured', () => expect(valueAt(points, 21)).toBeNull())
})

it('the usual step is not stretched by a gap', () => expect(usualStep(at([0, 1], [5, 1], [10, 1], [500, 1]))).toBe(5))
