import { describe, expect, it } from 'vitest'
import { rows, stackTops, topSeries } from './prepare-series'

const series = (key: string, ...values: (number | null)[]) => ({
  key,
  label: key,
  points: values.map((v, i) => ({ t: i * 10, v })),
})
const span = { from: 0, to: 1000 }

describe('topSeries', () => {
  it('shows the largest and says how many others there are, losing nothing', () => {
    const all = [series('a', 1, 1), series('b', 9, 9), series('c', 2, null), series('d', 5, 5)]
    const top = topSeries(all, 2)
    expect(top.map(({ label }) => label)).toEqual(['b', 'd', '2 others'])
    expect(top[2]?.points).toEqual([
      { t: 0, v: 3 },
      { t: 10, v: 1 },
    ])
    expect(stackTops(top, span)).toEqual(stackTops(all, span))
  })

  it('R12: where none of the others was measured they are missing, not zero', () => {
    expect(topSeries([series('a', 5, 5), series('b', 1, null), series('c', 1, null)], 1)[1]?.points[1]).toEqual({
      t: 10,
      v: null,
    })
  })
})

describe('rows', () => {
  it('R12: a stretch without samples cuts the lines', () => {
    const gappy = { key: 'a', label: 'a', points: [0, 10, 20, 90, 100].map((t) => ({ t, v: 1 })) }
    expect(rows([gappy], span)).toEqual([
      { t: 0, a: 1 },
      { t: 10, a: 1 },
      { t: 20, a: 1 },
      { t: 30 },
      { t: 90, a: 1 },
      { t: 100, a: 1 },
    ])
  })

  it('R12: a stack of nothing is missing, not zero', () => {
    expect(stackTops([series('a', 1, null), series('b', 2, null)], span)).toEqual([
      { t: 0, v: 3 },
      { t: 10, v: null },
    ])
  })
})
