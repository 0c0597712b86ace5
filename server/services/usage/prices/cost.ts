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

/** Rates as integers: 10^-12 US dollars per token and per request; null where one has more decimals than that. */
type Scaled = {
  input: ScaledRate | null
  output: ScaledRate | null
  cacheRead: ScaledRate | null
  cacheWrite: ScaledRate | null
  request: bigint | null
}
type ScaledRate = { base: bigint | null; tiers: { start: number; price: bigint | null }[] }
/** Rates are read once, not for every call: that is most of the work. */
const scaledRates = new WeakMap<PriceRates, Scaled>()

/**
 * What one request costs, in 10^-12 US dollars, exactly (R7):
 * fresh input + cache reads + cache writes + output, each times its rate, plus a fee per request where there is one.
 * Unpriced, with the reason, when a class of tokens that was used has no rate, or one finer than 10^-12 per token.
 */
export function costOf(rates: PriceRates, tokens: Tokens): Cost {
  const { input, output, cacheRead, cacheWrite, request } = scaledOf(rates)
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens } = tokens
  let picoUsd = request ?? 0n
  const classes: [name: string, count: number, rate: ScaledRate | null][] = [
    ['input', inputTokens - cachedInputTokens - cacheWriteTokens, input],
    // No cache price published means that the provider bills those tokens as the input tokens they are.
    ['cache read', cachedInputTokens, cacheRead ?? input],
    ['cache write', cacheWriteTokens, cacheWrite ?? input],
    ['output', outputTokens, output],
  ]
  for (const [name, count, rate] of classes) {
    if (count === 0) continue
    if (!rate) return { unpriced: `no price for ${name} tokens` }
    const perToken = inTier(rate, inputTokens)
    if (perToken === null) return { unpriced: `the price of ${name} tokens has more than six decimals per million` }
    picoUsd += perToken * BigInt(count)
  }
  if (rates.request !== null && request === null)
    return { unpriced: 'the price of a request has more than nine decimals per thousand' }
  return { picoUsd }
}

/** The tier is that of the whole request, by all its input tokens, and begins above `start`, as in genai-prices. */
function inTier({ base, tiers }: ScaledRate, inputTokens: number): bigint | null {
  let price = base
  for (const tier of tiers) if (inputTokens > tier.start) price = tier.price
  return price
}

function scaledOf(rates: PriceRates): Scaled {
  const known = scaledRates.get(rates)
  if (known) return known
  const rate = (one: Rate | null) =>
    one && {
      base: scaled(one.base, 6),
      tiers: one.tiers.map(({ start, price }) => ({ start, price: scaled(price, 6) })),
    }
  const made = {
    input: rate(rates.input),
    output: rate(rates.output),
    cacheRead: rate(rates.cacheRead),
    cacheWrite: rate(rates.cacheWrite),
    request: rates.request === null ? null : scaled(rates.request, 9),
  }
  scaledRates.set(rates, made)
  return made
}
