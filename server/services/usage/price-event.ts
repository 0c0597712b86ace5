import { costOf } from './prices/cost'
import { usdFromPico } from './prices/pico-usd'
import type { PriceBook } from './prices/price-book'
import type { Price } from './prices/rates-in-force'
import type { UsageEvent } from './usage.schema'

/** What pricing a call needs to know of it. */
export type PricedCall = Pick<
  UsageEvent,
  | 'tenant'
  | 'provider'
  | 'model'
  | 'occurredAt'
  | 'cached'
  | 'inputTokens'
  | 'outputTokens'
  | 'cachedInputTokens'
  | 'cacheWriteTokens'
>

/**
 * What a call costs at the price in force when it occurred (R7); null is unpriced, which is not zero. Waits for nothing:
 * `book` is what `pricesOf(db)` gave at the beginning of the batch.
 */
export function priceEvent(event: PricedCall, book: PriceBook): { costUsd: string | null; price: Price | null } {
  if (event.cached) return { costUsd: '0', price: null }
  const price = book.priceOf(event.tenant, event.provider, event.model, event.occurredAt)
  const cost = price && costOf(price.rates, event)
  return cost && 'picoUsd' in cost ? { costUsd: usdFromPico(cost.picoUsd), price } : { costUsd: null, price: null }
}
