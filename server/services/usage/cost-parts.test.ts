import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceRates } from '@/db/postgres/schema/usage'
import { costParts } from './cost-parts'
import { costOf } from './prices/cost'
import { scaled } from './prices/pico-usd'

const rates: PriceRates = {
  input: { base: '1.25', tiers: [{ start: 200_000, price: '2.5' }] },
  output: { base: '10', tiers: [{ start: 200_000, price: '15' }] },
  cacheRead: { base: '0.125', tiers: [] },
  cacheWrite: null,
  request: '5',
}
const tokens = { inputTokens: 1_000, cachedInputTokens: 400, cacheWriteTokens: 100, outputTokens: 20 }

describe('how a cost is made up', () => {
  it('names every class with its rate, the tier of the whole request, and the fee', () => {
    expect(costParts(rates, tokens)?.parts.map(({ name, tokens: n, rate, above }) => [name, n, rate, above])).toEqual([
      ['input', 500, '1.25', null],
      ['cache read', 400, '0.125', null],
      ['cache write', 100, '1.25', null],
      ['output', 20, '10', null],
      ['request', 1, '5', null],
    ])
    const long = costParts(rates, { ...tokens, inputTokens: 200_001 })
    expect(long?.parts[0]).toMatchObject({ rate: '2.5', above: 200_000 })
  })

  it('R7: adds up to the cost itself, to the last digit', () => {
    const count = fc.integer({ min: 0, max: 300_000 })
    fc.assert(
      fc.property(count, count, count, count, (fresh, cachedInputTokens, cacheWriteTokens, outputTokens) => {
        const call = {
          inputTokens: fresh + cachedInputTokens + cacheWriteTokens,
          ...{ cachedInputTokens, cacheWriteTokens, outputTokens },
        }
        const made = costParts(rates, call)
        const sum = made?.parts.reduce((total, { costUsd }) => total + (scaled(costUsd, 12) ?? 0n), 0n)
        expect({ picoUsd: sum }).toEqual(costOf(rates, call))
        expect(scaled(made?.totalUsd ?? '', 12)).toBe(sum)
      }),
    )
  })

  it('is nothing where a class that was used has no rate', () => {
    expect(costParts({ ...rates, output: null }, tokens)).toBeNull()
  })
})
