import { costOf } from './prices/cost'
import { usdFromPico } from './prices/pico-usd'
import { type Price, priceInForce } from './prices/rates-in-force'
import type { UsageEvent } from './usage.schema'

/** What an event costs at the price in force when it occurred (R7); null is unpriced, which is not zero. */
export function priceEvent(event: UsageEvent): { costUsd: string | null; price: Price | null } {
  if (event.cached) return { costUsd: '0', price: null }
  const price = priceInForce(event.provider, event.model, event.occurredAt)
  const cost = price && costOf(price.rates, event)
  return cost && 'picoUsd' in cost ? { costUsd: usdFromPico(cost.picoUsd), price } : { costUsd: null, price: null }
}
