import type { PriceRates, Rate } from '@/db/postgres/schema/usage'
import { type EnteredRates, tokenClasses } from './prices.schema'

/** The rates as prices are kept. */
export function ratesFrom(entered: EnteredRates): PriceRates {
  const rateOf = (name: (typeof tokenClasses)[number]): Rate | null => {
    const base = entered[name]
    if (base === null) return null
    const tiers = entered.tiers.flatMap((tier) => {
      const price = tier[name]
      return price === null ? [] : { start: tier.above, price }
    })
    return { base, tiers }
  }
  const [input, output, cacheRead, cacheWrite] = tokenClasses.map(rateOf)
  return {
    input: input ?? null,
    output: output ?? null,
    cacheRead: cacheRead ?? null,
    cacheWrite: cacheWrite ?? null,
    request: entered.request,
  }
}
