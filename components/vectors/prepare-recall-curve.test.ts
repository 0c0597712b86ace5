import { expect, it } from 'vitest'
import { prepareRecallCurve } from './prepare-recall-curve'

const point = (width: number, recall: number, msP95: number) => ({ width, recall, msP95 })

it('draws recall and latency over the logarithm of the width', () => {
  const drawn = prepareRecallCurve([point(40, 0.9, 2), point(10, 0.72, 1), point(160, 1, 8)], 0.95, 160)
  expect(drawn?.floor).toBeCloseTo(0.7)
  const across = drawn?.recall.map(({ x }) => x)
  for (const [place, x] of [0, 0.5, 1].entries()) expect(across?.[place]).toBeCloseTo(x)
  expect(drawn?.recall.at(-1)?.y).toBe(1)
  expect(drawn?.recall[1]?.y).toBeCloseTo(0.2 / 0.3)
  expect(drawn?.latency.map(({ y }) => y)).toEqual([0.125, 0.25, 1])
  expect(drawn?.ticks.map(({ label }) => label)).toEqual(['10', '40', '160'])
  expect(drawn).toMatchObject({ mark: 1, slowestMs: 8 })
})

it('stands a lonely point in the middle, marks nothing that was not reached, and draws nothing from nothing', () => {
  expect(prepareRecallCurve([point(40, 0.5, 0)], 0.95, null)).toMatchObject({
    recall: [{ x: 0.5 }],
    latency: [{ y: 0 }],
    mark: null,
  })
  expect(prepareRecallCurve([], 0.95, null)).toBe(null)
})
