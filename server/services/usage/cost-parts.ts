import type { PriceRates, Rate } from '@/db/postgres/schema/usage'
import { costOf, type Tokens } from './prices/cost'
import { scaled, usdFromPico } from './prices/pico-usd'

/** One line of what a call cost; amounts are exact decimal strings in US dollars. */
export type CostPart = {
  name: 'input' | 'cache read' | 'cache write' | 'output' | 'request'
  tokens: number
  /** Per million tokens; of `request`, per thousand requests. */
  rate: string
  /** Input tokens above which the rate holds; null for the base rate. */
  above: number | null
  costUsd: string
}

/**
 * How the cost of a call is made up at these rates, class by class: tokens times the rate of the tier that the whole
 * request falls into, as in `costOf`. Null where it cannot be made up: a class that was used has no rate.
 */
export function costParts(rates: PriceRates, tokens: Tokens): { parts: CostPart[]; totalUsd: string } | null {
  const whole = costOf(rates, tokens)
  if (!('picoUsd' in whole)) return null
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens } = tokens
  const classes: [CostPart['name'], number, Rate | null][] = [
    ['input', inputTokens - cachedInputTokens - cacheWriteTokens, rates.input],
    ['cache read', cachedInputTokens, rates.cacheRead ?? rates.input],
    ['cache write', cacheWriteTokens, rates.cacheWrite ?? rates.input],
    ['output', outputTokens, rates.output],
  ]
  const parts = classes.flatMap(([name, count, rate]): CostPart[] => {
    if (count === 0 || !rate) return []
    const tier = rate.tiers.findLast(({ start }) => inputTokens > start)
    const price = tier?.price ?? rate.base
    const pico = (scaled(price, 6) ?? 0n) * BigInt(count)
    return [{ name, tokens: count, rate: price, above: tier?.start ?? null, costUsd: usdFromPico(pico) }]
  })
  if (rates.request !== null && rates.request !== '0') {
    const pico = scaled(rates.request, 9) ?? 0n
    parts.push({ name: 'request', tokens: 1, rate: rates.request, above: null, costUsd: usdFromPico(pico) })
  }
  return { parts, totalUsd: usdFromPico(whole.picoUsd) }
}
