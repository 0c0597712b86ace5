import { describe, expect, it } from 'vitest'
import { latencyAvoided, memoryCost, netOf, providerSaving, rewarmingOf, signedUsd } from './net'

const known = (pico: bigint) => ({ pico, missing: null })
const unknown = { pico: null, missing: 'why' }

describe('net', () => {
  it.each([
    [10n, known(3n), known(2n), 5n, []],
    [10n, known(30n), known(2n), -22n, []],
    [10n, unknown, known(2n), 8n, ['rewarming']],
    [10n, known(3n), unknown, 7n, ['memory']],
    [0n, unknown, unknown, 0n, ['rewarming', 'memory']],
  ])('of %s less %o and %o is %s, without %o', (gross, rewarming, memory, pico, without) => {
    expect(netOf(gross, { rewarming, memory })).toEqual({ pico, without })
  })

  it('R7: is written as an exact decimal, below zero too', () => {
    expect([signedUsd(-1n), signedUsd(0n), signedUsd(1_500_000_000_000n)]).toEqual([
      '-0.000000000001',
      '0.000000000000',
      '1.500000000000',
    ])
  })
})

const calls = (all: number, misses: number, costUsd = '0', priced = misses) => ({ calls: all, misses, priced, costUsd })

describe('re-warming after an activation', () => {
  it.each([
    // 100 calls at a miss rate of 20 % would have missed 20 times; 60 did, at $0.01 each.
    [calls(200, 40), calls(100, 60, '0.6'), 400_000_000_000n],
    [calls(200, 40), calls(100, 20, '0.2'), 0n],
    [calls(200, 40), calls(100, 5, '0.05'), 0n],
    [calls(200, 40), calls(0, 0), 0n],
    // Half of the misses have a price; it speaks for the others.
    [calls(200, 40), calls(100, 60, '0.3', 30), 400_000_000_000n],
  ])('from %o to %o costs %s', (before, after, pico) => {
    expect(rewarmingOf(before, after)).toEqual({ pico, missing: null })
  })

  it.each([
    [calls(0, 0), calls(9, 9, '1'), /no call of this prompt/],
    [calls(9, 9), calls(9, 9, '1'), /answered by the cache/],
    [calls(9, 3), calls(9, 9, '0', 0), /known price/],
  ])('R12: from %o to %o is not known, and says why', (before, after, why) => {
    const cost = rewarmingOf(before, after)
    expect(cost.pico).toBeNull()
    expect(cost.missing).toMatch(why)
  })
})

it('charges memory by the GiB and month of 730 hours', () => {
  const month = 730 * 3_600_000
  expect(memoryCost({ bytes: 2 ** 30, ms: month, usdPerGibMonth: '16.5' })).toBe(16_500_000_000_000n)
  expect(memoryCost({ bytes: 2 ** 29, ms: month / 73, usdPerGibMonth: '7.3' })).toBe(50_000_000_000n)
})

it('counts no latency where there is nothing to compare with, and none below zero', () => {
  const rows = [
    { hits: 10, uncachedMs: 900, cachedMs: 100 },
    { hits: 5, uncachedMs: 400, cachedMs: null },
    { hits: 2, uncachedMs: 10, cachedMs: 50 },
    { hits: 7, uncachedMs: null, cachedMs: 3 },
  ]
  expect(latencyAvoided(rows)).toEqual({ ms: 10_000, hits: 17, hitsBeside: 7 })
  expect(latencyAvoided([])).toEqual({ ms: null, hits: 0, hitsBeside: 0 })
})

describe("the provider's own caching", () => {
  const rate = (base: string) => ({ base, tiers: [] })
  const rates = {
    input: rate('3'),
    output: rate('15'),
    cacheRead: rate('0.3'),
    cacheWrite: rate('3.75'),
    request: null,
  }
  it('is the difference of the prices, less the premium of writing', () => {
    expect(providerSaving([{ read: 1_000_000, written: 0, rates }]).usd).toBe('2.700000000000')
    expect(providerSaving([{ read: 0, written: 1_000_000, rates }]).usd).toBe('-0.750000000000')
    expect(providerSaving([{ read: 1_000_000, written: 0, rates: { ...rates, cacheRead: null } }]).usd).toBe(
      '0.000000000000',
    )
  })
  it('R12: is not known without a price, and says of how many tokens', () => {
    const unpriced = { read: 50, written: 0, rates: null }
    expect(providerSaving([unpriced])).toEqual({ usd: null, tokens: 50, unpricedTokens: 50 })
    expect(providerSaving([unpriced, { read: 50, written: 0, rates }])).toMatchObject({
      tokens: 100,
      unpricedTokens: 50,
    })
  })
})
