import { describe, expect, it } from 'vitest'
import { type Random, seeded } from '@/scripts/simulate/random'
import type { RolloutLimits } from './guarded-rollout.schema'
import { type Confidence, quantileRanks } from './intervals'
import { judgeLimits } from './judge-limits'
import { confidenceOf, judgeStep } from './judge-step'
import type { LatencyQuantile, VersionFigures } from './measure-versions'
import { limitsText, spanText } from './rollout-words'

const unwatched: RolloutLimits = {
  costPercent: null,
  latencyP95Percent: null,
  errorRatePoints: null,
  hitRatePoints: null,
}
const usual: RolloutLimits = { costPercent: 20, latencyP95Percent: 30, errorRatePoints: 1, hitRatePoints: 5 }

type Call = { costUsd: number; latencyMs: number; failed: boolean; cached: boolean }
const call = (random: Random): Call => ({
  costUsd: random.around(3_000, 0.5) / 1e6,
  latencyMs: random.around(900, 0.4),
  failed: random.chance(0.02),
  cached: random.chance(0.5),
})

/** As measure-versions does it, from calls at hand. */
function figuresOf(calls: Call[], confidence: Confidence, timed = true): VersionFigures {
  const n = calls.length
  const mean = calls.reduce((sum, { costUsd }) => sum + costUsd, 0) / n
  const deviation = Math.sqrt(calls.reduce((sum, { costUsd }) => sum + (costUsd - mean) ** 2, 0) / (n - 1))
  const latencies = timed ? calls.filter(({ cached }) => !cached).map(({ latencyMs }) => latencyMs) : []
  const count = (of: keyof Call) => calls.filter((one) => one[of] === true).length
  return {
    ...{
      version: 1,
      requests: n,
      errors: count('failed'),
      cached: count('cached'),
      priced: n,
      timed: latencies.length,
    },
    costPer1000Usd: null,
    cost: { mean, deviation },
    tokens: { mean: 1, deviation: 0 },
    latencyP50: quantile(latencies, 0.5, confidence),
    latencyP95: quantile(latencies, 0.95, confidence),
  }
}

function quantile(values: number[], p: number, confidence: Confidence): LatencyQuantile {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (rank: number) => sorted[rank - 1] ?? NaN
  const n = sorted.length
  const ranks = quantileRanks(p, n, confidence)
  const value = at(Math.ceil(n * p))
  return { p, n, value, interval: ranks && { estimate: value, low: at(ranks.low), high: at(ranks.high) } }
}

const start = Date.UTC(2026, 0, 1)
const OBSERVE_SECONDS = 600
const LOOK_SECONDS = 50

/** A step of two identical versions, looked at every 50 seconds until it is decided or two observations are over. */
function run(seed: number, limits: RolloutLimits, perLook = { base: 100, candidate: 40 }) {
  const random = seeded(seed)
  const calls = { base: [] as Call[], candidate: [] as Call[] }
  const guard = {
    ...{ version: 2, baseVersion: 1, steps: [5, 100], step: 0, stepStartedAt: new Date(start) },
    ...{ observeSeconds: OBSERVE_SECONDS, minRequests: 200, limits },
  }
  let decidesAt = new Date(start + OBSERVE_SECONDS * 1_000)
  let hasty = false
  const timed = limits.latencyP95Percent !== null
  for (let second = LOOK_SECONDS; second <= 2 * OBSERVE_SECONDS; second += LOOK_SECONDS) {
    for (const side of ['base', 'candidate'] as const)
      for (let i = 0; i < perLook[side]; i++) calls[side].push(call(random))
    const sidesAt = (confidence: Confidence) => ({
      base: figuresOf(calls.base, confidence, timed),
      candidate: figuresOf(calls.candidate, confidence, timed),
    })
    const look = { guard, decidesAt, from: new Date(start), to: new Date(start + second * 1_000) }
    hasty ||= judgeLimits(guard, sidesAt(0.95), 0.95).some(({ verdict }) => verdict === 'breached')
    const { outcome, verdict } = judgeStep(look, sidesAt(confidenceOf(look)))
    if (outcome !== 'wait') return { outcome, hasty }
    decidesAt = new Date(verdict.decidesAt)
  }
  return { outcome: 'wait' as const, hasty }
}

const RUNS = 200
const seeds = Array.from({ length: RUNS }, (_, seed) => seed + 1)

describe('two identical versions', () => {
  it('are never rolled back within the usual limits', () => {
    const outcomes = seeds.map((seed) => run(seed, usual).outcome)
    expect(outcomes.filter((outcome) => outcome === 'roll back')).toEqual([])
    expect(outcomes.filter((outcome) => outcome === 'complete').length).toBeGreaterThan(RUNS / 4)
  }, 60_000)

  it.each([
    ['cost', { ...unwatched, costPercent: 0 }],
    ['hit rate', { ...unwatched, hitRatePoints: 0 }],
  ])(
    'even where they stand exactly at the limit, by %s at most 5 times in 100, unlike when 95 percent were enough at every look',
    (_, limits) => {
      const runs = seeds.map((seed) => run(seed, limits))
      const rolledBack = runs.filter(({ outcome }) => outcome === 'roll back').length / RUNS
      expect(rolledBack).toBeLessThanOrEqual(0.05)
      expect(runs.filter(({ hasty }) => hasty).length / RUNS).toBeGreaterThan(0.05)
    },
    60_000,
  )
})

describe('one limit', () => {
  const side = (change: Partial<VersionFigures>): VersionFigures => ({
    ...figuresOf(
      [...Array(1_000)].map(() => ({ costUsd: 0.003, latencyMs: 900, failed: false, cached: false })),
      0.95,
    ),
    ...change,
  })
  const judge = (limits: Partial<RolloutLimits>, base: VersionFigures, candidate: VersionFigures) =>
    judgeLimits({ limits: { ...unwatched, ...limits }, minRequests: 200 }, { base, candidate }, 0.95)

  it('is breached only wholly beyond, fine only wholly within, else undecided', () => {
    const errors = (n: number) => judge({ errorRatePoints: 1 }, side({}), side({ errors: n }))[0]?.verdict
    expect([0, 2, 8, 10, 15, 25].map(errors)).toEqual([
      ...['fine', 'fine', 'undecided', 'undecided', 'undecided', 'breached'],
    ])
    const hits = (n: number) => judge({ hitRatePoints: 5 }, side({ cached: 600 }), side({ cached: n }))[0]?.verdict
    expect([700, 600, 560, 500].map(hits)).toEqual(['fine', 'fine', 'undecided', 'breached'])
  })

  it('that is not watched is not there', () => {
    expect(judge({ costPercent: 20 }, side({}), side({ errors: 1_000 })).map(({ limit }) => limit)).toEqual(['cost'])
  })

  it('is written with its figures', () => {
    const [cost] = judge(
      { costPercent: 20 },
      side({ priced: 4_120, cost: { mean: 0.003, deviation: 0.003 } }),
      side({ priced: 812, cost: { mean: 0.00402, deviation: 0.0054 } }),
    )
    expect(cost && limitsText([cost])).toMatch(
      /^cost per request \+34 % \(\+2\d to \+4\d\), limit \+20 %, n 812\/4,120$/,
    )
  })

  it('of a percentage of nothing is undecided, not fine', () => {
    const free = side({ cost: { mean: 0, deviation: 0 } })
    expect(judge({ costPercent: 20 }, free, side({}))[0]).toMatchObject({ verdict: 'undecided', change: null })
  })
})

it('writes spans of time as people do', () => {
  expect([45, 119, 600, 7_200, 5_400].map(spanText)).toEqual(['45 s', '119 s', '10 min', '2 h', '90 min'])
})
