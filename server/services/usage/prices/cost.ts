import type { PriceRates, Rate } from '@/db/postgres/schema/usage'
import { scaled } from './pico-usd'

export type Tokens = {
  /** All input tokens, cache reads and writes included (R7). */
  inputTokens: number
  outputTokens: number
  cachedInputTokens: number
  cacheWriteTokens: number
}
export type Cost = { picoUsd: bigint } | { unpriced: string }

/**
 * What one request costs, in 10^-12 US dollars, exactly (R7):
 * fresh input + cache reads + cache writes + output, each times its rate, plus a fee per request where there is one.
 * Unpriced, with the reason, when a class of tokens that was used has no rate, or one finer than 10^-12 per token.
 */
export function costOf(rates: PriceRates, tokens: Tokens): Cost {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens } = tokens
  const parts: [name: string, tokens: number, rate: Rate | null][] = [
    ['input', inputTokens - cachedInputTokens - cacheWriteTokens, rates.input],
    // No cache price published means that the provider bills those tokens as the input tokens they are.
    ['cache read', cachedInputTokens, rates.cacheRead ?? rates.input],
    ['cache write', cacheWriteTokens, rates.cacheWrite ?? rates.input],
    ['output', outputTokens, rates.output],
  ]
  let picoUsd = 0n
  for (const [name, count, rate] of parts) {
    if (count === 0) continue
    if (!rate) return { unpriced: `no price for ${name} tokens` }
    const perToken = scaled(priceInTier(rate, inputTokens), 6)
    if (perToken === null) return { unpriced: `the price of ${name} tokens has more than six decimals per million` }
    picoUsd += perToken * BigInt(count)
  }
  if (rates.request === null) return { picoUsd }
  const perRequest = scaled(rates.request, 9)
  return perRequest === null
    ? { unpriced: 'the price of a request has more than nine decimals per thousand' }
    : { picoUsd: picoUsd + perRequest }
}

/** The tier is that of the whole request, by all its input tokens, and begins above `start`, as in genai-prices. */
function priceInTier({ base, tiers }: Rate, inputTokens: number): string {
  return tiers.reduce((price, tier) => (inputTokens > tier.start ? tier.price : price), base)
}
