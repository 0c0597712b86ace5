import { describe, expect, it } from 'vitest'
import { type Random, seeded } from '@/scripts/simulate/random'
import {
  type Confidence,
  countRatio,
  type Estimated,
  type Interval,
  meanRatio,
  type Quantile,
  quantileDifference,
  quantileNeeds,
  quantileRanks,
  quantileRatio,
  shareDifference,
  wilson,
} from './intervals'

const DRAWS = 2_000

const intervalOf = (estimated: Estimated): Interval => {
  if (estimated.state !== 'known') throw new Error(`No interval: ${JSON.stringify(estimated)}`)
  return estimated.interval
}

/** How often the interval holds what is true. */
function coverage(truth: number, draw: (random: Random) => Estimated, seed: number): number {
  const random = seeded(seed)
  let held = 0
  for (let i = 0; i < DRAWS; i++) {
    const { low, high } = intervalOf(draw(random))
    if (low <= truth && truth <= high) held++
  }
  return held / DRAWS
}

const times = <T>(n: number, make: () => T) => Array.from({ length: n }, make)
const share = (random: Random, of: number, p: number) => ({
  part: times(of, () => random.chance(p)).filter(Boolean).length,
  of,
})

const logNormal = (random: Random, spread: number) => random.around(1_000_000, spread) / 1_000_000
function meanOf(values: number[]) {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1))
  return { mean, deviation, n }
}

function quantileOf(values: number[], p: number, confidence: Confidence): Quantile {
  const sorted = values.sort((a, b) => a - b)
  const n = sorted.length
  const at = (rank: number) => sorted[rank - 1] ?? NaN
  const ranks = quantileRanks(p, n, confidence)
  return { p, n, interval: ranks && { estimate: at(Math.ceil(n * p)), low: at(ranks.low), high: at(ranks.high) } }
}

describe('a difference of proportions', () => {
  it('agrees with the published interval', () => {
    // Newcombe (1998), Statistics in Medicine 17:873, table II, method 10: 56 of 70 against 48 of 80.
    const { low, high } = intervalOf(shareDifference({ part: 48, of: 80 }, { part: 56, of: 70 }, 0.95))
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.0524', '0.3339'])
    expect(shareDifference({ part: 0, of: 29 }, { part: 5, of: 56 }, 0.95)).toEqual({ state: 'few', needed: 30 })
  })

  // Newcombe (1998), Statistics in Medicine 17:857, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('rests on the published interval of %i of %i', (part, of, low, high) => {
    const interval = wilson({ part, of }, 0.95)
    expect([interval.low, interval.high].map((bound) => bound.toFixed(4))).toEqual([low.toFixed(4), high.toFixed(4)])
  })

  it.each([
    [30, 30, 0.5, 0.5],
    [200, 200, 0.6, 0.5],
    [200, 1_000, 0.02, 0.03],
    [50, 950, 0.004, 0.004],
    [400, 1_000, 0.81, 0.64],
  ])('holds the truth 95 times of 100: n %i and %i, %f to %f', (n, m, p, q) => {
    const rate = coverage(q - p, (r) => shareDifference(share(r, n, p), share(r, m, q), 0.95), n + m)
    // Where few events are expected there are few possible counts, and the rate is a coarse step near the promise.
    const rare = p * n < 5
    expect(rate).toBeGreaterThan(rare ? 0.92 : 0.935)
    expect(rate).toBeLessThan(rare ? 1 : 0.97)
  })

  it('where nothing happened on either side the difference may still be what the smaller sample could hide', () => {
    const { low, high } = intervalOf(shareDifference({ part: 0, of: 4_000 }, { part: 0, of: 200 }, 0.95))
    expect(high).toBeCloseTo(0.0188, 3)
    expect(low).toBeCloseTo(-0.00096, 4)
  })
})

describe('a ratio of means', () => {
  it('is the delta method', () => {
    // log(12/10) ± 1.96 * sqrt((2/10)²/100 + (3/12)²/100)
    const { estimate, low, high } = intervalOf(
      meanRatio({ mean: 10, deviation: 2, n: 100 }, { mean: 12, deviation: 3, n: 100 }, 0.95),
    )
    expect(estimate).toBeCloseTo(1.2)
    expect(low).toBeCloseTo(1.127, 3)
    expect(high).toBeCloseTo(1.2777, 3)
  })

  it.each([
    [60, 60, 0.5, 1],
    [200, 200, 0.5, 1.2],
    [200, 1_000, 0.8, 1.34],
    [600, 1_200, 1, 0.9],
  ])('holds the truth 95 times of 100: n %i and %i of spread %f, ratio %f', (n, m, spread, ratio) => {
    const rate = coverage(
      ratio,
      (r) => {
        const values = (size: number, scale: number) => times(size, () => scale * logNormal(r, spread))
        return meanRatio(meanOf(values(n, 1)), meanOf(values(m, ratio)), 0.95)
      },
      n + m,
    )
    expect(rate).toBeGreaterThan(0.93)
    expect(rate).toBeLessThan(0.97)
  })

  it('holds it where most requests cost nothing, because they were answered from a cache', () => {
    const rate = coverage(
      1.3,
      (r) => {
        const values = (size: number, scale: number) =>
          times(size, () => (r.chance(0.7) ? 0 : scale * logNormal(r, 0.5)))
        return meanRatio(meanOf(values(300, 1)), meanOf(values(2_000, 1.3)), 0.95)
      },
      7,
    )
    expect(rate).toBeGreaterThan(0.935)
    expect(rate).toBeLessThan(0.97)
  })

  it('says what is missing: observations, or a base to divide by', () => {
    const some = { mean: 1, deviation: 1, n: 100 }
    expect(meanRatio(some, { ...some, n: 29 }, 0.95)).toEqual({ state: 'few', needed: 30 })
    expect(meanRatio({ mean: 0, deviation: 0, n: 100 }, some, 0.95)).toEqual({ state: 'no base' })
    expect(intervalOf(meanRatio(some, { mean: 0, deviation: 0, n: 100 }, 0.95))).toEqual({
      estimate: 0,
      low: 0,
      high: 0,
    })
  })
})

describe('a ratio of counts', () => {
  it.each([
    [40, 40],
    [400, 500],
  ])('holds the truth 95 times of 100: %i and %i', (a, b) => {
    // Poisson by thinning: a sum of many rare events.
    const poisson = (r: Random, mean: number) => times(20, () => r.poisson(mean / 20)).reduce((x, y) => x + y)
    const rate = coverage(
      b / a,
      (r) => countRatio(Math.max(30, poisson(r, a)), Math.max(30, poisson(r, b)), 0.95),
      a + b,
    )
    expect(rate).toBeGreaterThan(0.935)
    expect(rate).toBeLessThan(0.97)
  })

  it('needs thirty on either side, and a base', () => {
    expect(countRatio(0, 100, 0.95)).toEqual({ state: 'no base' })
    expect(countRatio(100, 29, 0.95)).toEqual({ state: 'few', needed: 30 })
  })
})

describe('a difference of quantiles', () => {
  it('takes the ranks of the textbook', () => {
    // The median of 100 lies between the 41st and the 60th of them: 50 ± 1.96 * 5, rounded up.
    expect(quantileRanks(0.5, 100, 0.95)).toEqual({ low: 41, high: 60 })
    expect(quantileRanks(0.95, 1_000, 0.95)).toEqual({ low: 937, high: 964 })
  })

  it('says how many it needs, and no rank is beyond the sample from there on', () => {
    for (const confidence of [0.95, 0.999] as const)
      for (const p of [0.5, 0.95]) {
        const least = quantileNeeds(p, confidence)
        expect(quantileRanks(p, least - 1, confidence)).toBeNull()
        for (let n = least; n < least + 400; n++) {
          const ranks = quantileRanks(p, n, confidence)
          expect(ranks?.low).toBeGreaterThanOrEqual(1)
          expect(ranks?.high).toBeLessThanOrEqual(n)
        }
      }
    expect([quantileNeeds(0.95, 0.95), quantileNeeds(0.95, 0.999), quantileNeeds(0.5, 0.95)]).toEqual([73, 206, 30])
    const small = { p: 0.95, n: 72, interval: null }
    expect(quantileDifference(small, small, 0.95)).toEqual({ state: 'few', needed: 73 })
  })

  it.each([
    [0.95, 120, 120, 1],
    [0.95, 200, 1_000, 1.3],
    [0.5, 60, 300, 1.1],
  ])('holds the truth 95 times of 100: p %f, n %i and %i, ratio %f', (p, n, m, ratio) => {
    // Quantiles of a log-normal with median 1,000 ms and spread 0.5; its 0.95-quantile is at 1.644854 of its spread.
    const base = 1_000 * Math.exp(0.5 * (p === 0.5 ? 0 : 1.644854))
    const sides = (r: Random): [Quantile, Quantile] => [
      quantileOf(
        times(n, () => r.around(1_000, 0.5)),
        p,
        0.95,
      ),
      quantileOf(
        times(m, () => ratio * r.around(1_000, 0.5)),
        p,
        0.95,
      ),
    ]
    const ofDifference = coverage((ratio - 1) * base, (r) => quantileDifference(...sides(r), 0.95), n + m)
    const ofRatio = coverage(ratio, (r) => quantileRatio(...sides(r), 0.95), n + m)
    for (const rate of [ofDifference, ofRatio]) {
      expect(rate).toBeGreaterThan(0.94)
      expect(rate).toBeLessThan(0.99)
    }
  })

  it('a latency of no milliseconds is one at most, so that there is a ratio', () => {
    const none = { p: 0.95, n: 100, interval: { estimate: 0, low: 0, high: 0 } }
    expect(intervalOf(quantileRatio(none, none, 0.95))).toEqual({ estimate: 1, low: 1, high: 1 })
  })
})

describe('the stricter confidence', () => {
  it('is wrong about once in a thousand looks', () => {
    const missed = 1 - coverage(0, (r) => shareDifference(share(r, 300, 0.3), share(r, 300, 0.3), 0.999), 11)
    expect(missed).toBeLessThan(0.004)
    const usual = 1 - coverage(0, (r) => shareDifference(share(r, 300, 0.3), share(r, 300, 0.3), 0.95), 11)
    expect(usual).toBeGreaterThan(10 * missed)
  })
})
