import { calcPrice } from '@pydantic/genai-prices'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { costOf, type Tokens } from './cost'
import { scaled, usdFromPico } from './pico-usd'
import { PriceBook } from './price-book'

const book = new PriceBook(0, { overrides: [], aliases: [] })
const priceInForce = (provider: string, model: string, when: Date) => book.priceOf('t', provider, model, when)
const at = new Date('2026-03-01T12:00:00Z')

function cost(provider: string, model: string, tokens: Partial<Tokens>, when = at): string {
  const price = priceInForce(provider, model, when)
  if (!price) throw new Error(`no price for ${provider}/${model}`)
  const found = costOf(price.rates, {
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    ...tokens,
  })
  return 'picoUsd' in found ? usdFromPico(found.picoUsd) : `unpriced: ${found.unpriced}`
}

/** Dollars per million tokens times tokens, summed apart from the code under test. */
const apart = (...parts: [tokens: number, price: string][]) =>
  parts
    .reduce((sum, [tokens, price]) => sum.plus(new Decimal(price).times(tokens).div(1_000_000)), new Decimal(0))
    .toFixed(12)

describe('R7: the published price, exactly', () => {
  it('prices openai gpt-4o-mini and gpt-4o, and their dated names', () => {
    const tokens = { inputTokens: 1_234_567, outputTokens: 98_765 }
    expect(cost('openai', 'gpt-4o-mini', tokens)).toBe(apart([1_234_567, '0.15'], [98_765, '0.6']))
    expect(cost('openai', 'gpt-4o-mini-2024-07-18', tokens)).toBe(cost('openai', 'gpt-4o-mini', tokens))
    expect(cost('openai', 'gpt-4o', { inputTokens: 7, outputTokens: 3 })).toBe(apart([7, '2.5'], [3, '10']))
  })

  it('never counts cached tokens twice: they are part of the input', () => {
    expect(cost('openai', 'gpt-4o', { inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 10 })).toBe(
      apart([600, '2.5'], [400, '1.25'], [10, '10']),
    )
    expect(
      cost('anthropic', 'claude-sonnet-4-20250514', {
        inputTokens: 5_000,
        cachedInputTokens: 3_000,
        cacheWriteTokens: 1_500,
        outputTokens: 200,
      }),
    ).toBe(apart([500, '3'], [3_000, '0.3'], [1_500, '3.75'], [200, '15']))
  })

  it('applies a tier to the whole request, from the first token above its start', () => {
    const gemini = (inputTokens: number) => cost('google', 'gemini-2.5-pro', { inputTokens, outputTokens: 1_000 })
    expect(gemini(200_000)).toBe(apart([200_000, '1.25'], [1_000, '10']))
    expect(gemini(200_001)).toBe(apart([200_001, '2.5'], [1_000, '15']))
  })

  it('takes the price that was in force when the request was made', () => {
    const day = (hour: string) => new Date(`2025-08-01T${hour}:00Z`)
    const peak = cost('deepseek', 'deepseek-chat', { inputTokens: 1_000_000 }, day('12:00'))
    const night = cost('deepseek', 'deepseek-chat', { inputTokens: 1_000_000 }, day('20:00'))
    expect(night).not.toBe(peak)
    for (const hour of ['00:00', '00:29', '00:30', '16:29', '16:30', '23:59']) {
      const library = calcPrice({ input_tokens: 1_000_000 }, 'deepseek-chat', {
        providerId: 'deepseek',
        timestamp: day(hour),
      })
      expect(Number(cost('deepseek', 'deepseek-chat', { inputTokens: 1_000_000 }, day(hour)))).toBe(
        library?.total_price,
      )
    }
  })

  it('counts cached tokens as input where no cache price is published', () => {
    expect(priceInForce('openrouter', 'openai/gpt-4o', at)?.rates.cacheRead).toBeNull()
    expect(cost('openrouter', 'openai/gpt-4o', { inputTokens: 1_000, cachedInputTokens: 900 })).toBe(
      apart([1_000, '2.5']),
    )
  })

  it('adds the fee per request of providers that have one', () => {
    expect(cost('perplexity', 'sonar', { inputTokens: 10, outputTokens: 20 })).toBe(
      new Decimal('12')
        .div(1_000)
        .plus(apart([10, '1'], [20, '1']))
        .toFixed(12),
    )
  })

  it('gives unpriced, never zero, where it does not know: unknown names, no price per token, too fine a price', () => {
    expect(priceInForce('openai', 'no-such-model', at)).toBeNull()
    expect(priceInForce('nobody', 'gpt-4o', at)).toBeNull()
    expect(priceInForce('openai', 'whisper-1', at)).toBeNull()
    expect(priceInForce('__proto__', 'constructor', at)).toBeNull()
    expect(cost('openai', 'text-embedding-3-small', { inputTokens: 10, outputTokens: 1 })).toContain('unpriced')
    expect(cost('openrouter', 'google/gemini-2.5-flash-lite', { inputTokens: 10, cacheWriteTokens: 5 })).toContain(
      'more than six decimals',
    )
  })
})

describe('R7: agrees with the library itself, to the limits of its floats', () => {
  const models = [
    ['openai', 'gpt-4o-mini'],
    ['openai', 'gpt-4o-2024-08-06'],
    ['openai', 'gpt-4.1'],
    ['azure', 'gpt-4o'],
    ['anthropic', 'claude-sonnet-4-5-20250929'],
    ['anthropic', 'claude-3-5-haiku-latest'],
    ['google', 'gemini-2.5-pro'],
    ['google', 'gemini-1.5-flash'],
    ['aws.bedrock', 'anthropic.claude-3-5-sonnet-20241022-v2:0'],
    ['mistral', 'mistral-large-latest'],
    ['deepseek', 'deepseek-chat'],
    ['perplexity', 'sonar-pro'],
  ] as const
  const sizes = [1, 999, 128_001, 200_000, 200_001, 1_000_000]

  it.each(models)('%s %s', (provider, model) => {
    for (const inputTokens of sizes)
      for (const share of [0, 0.25, 0.5]) {
        const cachedInputTokens = Math.floor(inputTokens * share)
        const cacheWriteTokens = Math.floor((inputTokens - cachedInputTokens) * share)
        const outputTokens = Math.ceil(inputTokens / 7)
        const library = calcPrice(
          {
            input_tokens: inputTokens,
            output_tokens: outputTokens,
            cache_read_tokens: cachedInputTokens,
            cache_write_tokens: cacheWriteTokens,
          },
          model,
          { providerId: provider, timestamp: at },
        )
        const ours = Number(cost(provider, model, { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens }))
        expect(Math.abs(ours - (library?.total_price ?? NaN))).toBeLessThan(1e-9)
      }
  })
})

describe('decimals', () => {
  it('scales without a float', () => {
    expect(scaled('0.075', 6)).toBe(75_000n)
    expect(scaled('15', 6)).toBe(15_000_000n)
    expect(scaled('0.0000001', 6)).toBeNull()
    expect(scaled('1e-7', 6)).toBeNull()
    expect(usdFromPico(1n)).toBe('0.000000000001')
    expect(usdFromPico(12_000_000_000_000n)).toBe('12.000000000000')
  })
})
