import { expect, it } from 'vitest'
import { admittedOf, type Asked } from './replay'

const minutes = (...points: number[]): Asked[] => points.map((points, at) => ({ minute: 600 + at, points }))
const terms = { points: 10, refillPoints: null }

it('a fixed window admits its points once per window of the clock', () => {
  const limit = { ...terms, kind: 'fixed_window', windowSeconds: 120 } as const
  expect(admittedOf(limit, minutes(4, 4, 4, 4))).toBe(16)
  expect(admittedOf(limit, minutes(8, 8, 8, 8))).toBe(20)
  expect(admittedOf({ ...limit, windowSeconds: 20 }, minutes(25, 50))).toBe(25 + 30)
  expect(admittedOf({ ...limit, windowSeconds: 86_400 }, minutes(6, 6, 6))).toBe(10)
})

it('a sliding window admits its points in any stretch as long as it', () => {
  const limit = { ...terms, kind: 'sliding_window', windowSeconds: 120 } as const
  expect(admittedOf(limit, minutes(8, 8, 8, 8))).toBe(8 + 2 + 8 + 2)
  expect(admittedOf(limit, minutes(10, 0, 10, 10))).toBe(20)
  expect(admittedOf({ ...limit, windowSeconds: 30 }, minutes(25, 15))).toBe(20 + 15)
})

it('a bucket admits what fits into it and what flows in', () => {
  const limit = { kind: 'token_bucket', points: 10, windowSeconds: 60, refillPoints: 2 } as const
  expect(admittedOf(limit, minutes(20, 20))).toBe(12 + 2)
  expect(admittedOf(limit, [{ minute: 1, points: 20 }, { minute: 4, points: 20 }])).toBe(12 + 6) // prettier-ignore
  expect(admittedOf(limit, minutes(1, 1, 1))).toBe(3)
})

it('nothing asked is nothing admitted', () => {
  for (const kind of ['fixed_window', 'sliding_window', 'token_bucket'] as const)
    expect(admittedOf({ ...terms, kind, windowSeconds: 60 }, [])).toBe(0)
})
