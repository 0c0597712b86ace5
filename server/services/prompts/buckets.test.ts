import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RolloutArm } from '@/db/postgres/schema/prompts'
import { armOf, assignBuckets, BUCKETS, bucketOf, inFull } from './buckets'
import { type ArmWeight, hundredths, RolloutArms } from './prompts.schema'

type Vector = { salt: string; subject: string; bucket: number }
const vectors = JSON.parse(readFileSync('docs/rollout-buckets.json', 'utf8')) as Vector[]

const BASE = 1
/** The version of each bucket; fails where a bucket is held twice or by nobody. */
function owners(arms: readonly RolloutArm[]): number[] {
  const held = Array.from({ length: BUCKETS }, () => 0)
  for (const { version, buckets } of arms)
    for (const [from, to] of buckets)
      for (let bucket = from; bucket < to; bucket++) {
        if (held[bucket] !== 0) throw new Error(`bucket ${bucket} is held twice or is none`)
        held[bucket] = version
      }
  expect(held).not.toContain(0)
  return held
}

/** Weights of the base and of some of five other versions, adding up to 100. */
const weights: fc.Arbitrary<ArmWeight[]> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 2, max: 6 }), { minLength: 1, maxLength: 5 }),
    fc.uniqueArray(fc.integer({ min: 1, max: BUCKETS - 1 }), { minLength: 5, maxLength: 5 }),
  )
  .map(([others, points]) => {
    const cuts = [0, ...points.slice(0, others.length).sort((a, b) => a - b), BUCKETS]
    const parts = cuts.slice(1).map((cut, index) => cut - (cuts[index] ?? 0))
    return [...others, BASE].map((version, index) => ({ version, weight: (parts[index] ?? 0) / 100 }))
  })
const weightIn = (arms: readonly ArmWeight[], version: number) =>
  hundredths(arms.find((arm) => arm.version === version)?.weight ?? 0)
const widen = (arms: readonly RolloutArm[], percent: number) =>
  assignBuckets(
    arms,
    [
      { version: 1, weight: 100 - percent },
      { version: 2, weight: percent },
    ].filter(({ weight }) => weight > 0),
    BASE,
  )

describe('the bucket of a subject', () => {
  it('is what the published vectors say', () => {
    expect(vectors.map(({ salt, subject }) => bucketOf(salt, subject))).toEqual(vectors.map(({ bucket }) => bucket))
    expect(vectors.length).toBeGreaterThan(30)
  })

  it('spreads subjects as the weights say', () => {
    const rollout = { salt: 'a', arms: widen(inFull(BASE), 10) }
    const got = Array.from({ length: 20_000 }, (_, index) => armOf(rollout, `user-${index}`)?.version)
    expect(got.filter((version) => version === 2).length / got.length).toBeCloseTo(0.1, 2)
    expect(got.filter((version) => version === 1).length + got.filter((version) => version === 2).length).toBe(20_000)
  })
})

describe('assigning buckets', () => {
  it('R1: through any changes every bucket has one version, and no more move than must', () => {
    fc.assert(
      fc.property(fc.array(weights, { minLength: 1, maxLength: 6 }), (changes) => {
        let arms = inFull(BASE)
        for (const next of changes) {
          expect(RolloutArms.safeParse(next).success).toBe(true)
          const assigned = assignBuckets(arms, next, BASE)
          expect(assigned[0]?.version).toBe(BASE)
          const [before, after] = [owners(arms), owners(assigned)]
          for (const { version, weight } of next)
            expect(after.filter((owner) => owner === version)).toHaveLength(hundredths(weight))

          const change = (version: number) => weightIn(next, version) - weightIn(arms, version)
          const all = new Set([...arms, ...next].map(({ version }) => version))
          const sum = [...all].reduce((total, version) => total + Math.abs(change(version)), 0)
          let moved = 0
          before.forEach((owner, bucket) => {
            const now = after[bucket] ?? 0
            if (owner === now) return
            moved++
            if (change(owner) >= 0 || change(now) <= 0)
              throw new Error(`bucket ${bucket} moved from ${owner} to ${now}`)
          })
          expect(moved).toBe(sum / 2)
          arms = assigned
        }
      }),
      { numRuns: 60 },
    )
  })

  it('widening never takes a subject back to the old version, and narrowing gives back who came last', () => {
    const [five, quarter, half, all] = [5, 25, 50, 100].reduce<RolloutArm[][]>(
      (steps, percent) => [...steps, widen(steps.at(-1) ?? inFull(BASE), percent)],
      [],
    )
    let before = new Set<number>()
    for (const arms of [five, quarter, half, all]) {
      const now = new Set(owners(arms ?? []).flatMap((version, bucket) => (version === 2 ? [bucket] : [])))
      expect([...before].filter((bucket) => !now.has(bucket))).toEqual([])
      before = now
    }
    expect(before.size).toBe(BUCKETS)
    expect(widen(widen(half ?? [], 25), 5)).toEqual(five)
  })

  it('keeps ranges as few as they can be', () => {
    expect(widen(inFull(1), 5)).toEqual([
      { version: 1, weight: 95, buckets: [[0, 9500]] },
      { version: 2, weight: 5, buckets: [[9500, 10000]] },
    ])
  })
})

describe('R13: weights', () => {
  const arm = (version: unknown, weight: unknown) => ({ version, weight })
  it.each([
    ['two thirds and a third, with two decimals', [arm(1, 66.67), arm(2, 33.33)], true],
    ['sums that floats get wrong', [arm(1, 99.7), arm(2, 0.1), arm(3, 0.2)], true],
    ['the least share', [arm(1, 99.99), arm(2, 0.01)], true],
    ['not quite 100', [arm(1, 90), arm(2, 9.99)], false],
    ['more than 100', [arm(1, 90), arm(2, 10.01)], false],
    ['three decimals', [arm(1, 90.005), arm(2, 9.995)], false],
    ['none for one', [arm(1, 100), arm(2, 0)], false],
    ['less than none', [arm(1, 110), arm(2, -10)], false],
    ['one version only', [arm(1, 100)], false],
    ['a version twice', [arm(1, 50), arm(1, 50)], false],
    ['no number', [arm(1, '90'), arm(2, 10)], false],
    ['NaN', [arm(1, NaN), arm(2, 10)], false],
  ])('%s', (_, arms, good) => expect(RolloutArms.safeParse(arms).success).toBe(good))
})
