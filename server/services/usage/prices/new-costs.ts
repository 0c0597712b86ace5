import type { CallToPrice, NewCost } from '@/db/postgres/queries/price-corrections'
import type { Stores } from '@/server/services/context'
import { priceEvent } from '@/server/services/usage/price-event'
import { scaled } from './pico-usd'
import { bookAt, type PriceBook } from './price-book'
import { materialisePrices } from './price-ids'

/** The book of the correction under way. */
let kept: { db: Stores['db']; book: PriceBook } | null = null

async function bookOf(db: Stores['db'], revision: number): Promise<PriceBook> {
  if (kept?.db !== db || kept.book.revision !== revision) kept = { db, book: await bookAt(db, revision) }
  return kept.book
}

/** The calls whose cost or price is another at a revision of the price book, in their order: as ingest would cost them. */
export async function newCosts(
  db: Stores['db'],
  revision: number,
  calls: CallToPrice[],
): Promise<(NewCost & { provider: string; model: string })[]> {
  const book = await bookOf(db, revision)
  const priced = calls.map((call) => ({ call, ...priceEvent(eventOf(call), book) }))
  const idOf = await materialisePrices(
    db,
    priced.flatMap(({ price }) => price ?? []),
  )
  return priced.flatMap(({ call, costUsd, price }) => {
    const { provider, model, event_id, occurred_at, cost_usd: cost_before, price_id: price_before } = call
    const price_after = price && idOf(price)
    if (price_after === price_before && sameCost(costUsd, cost_before)) return []
    return { provider, model, event_id, occurred_at, cost_before, price_before, cost_after: costUsd, price_after }
  })
}

const eventOf = (call: CallToPrice) => ({
  tenant: call.tenant,
  provider: call.provider,
  model: call.model,
  occurredAt: new Date(call.occurred_at),
  cached: false,
  inputTokens: call.input_tokens,
  outputTokens: call.output_tokens,
  cachedInputTokens: call.cached_input_tokens,
  cacheWriteTokens: call.cache_write_tokens,
})

const sameCost = (a: string | null, b: string | null) =>
  a === null || b === null ? a === b : scaled(a, 12) === scaled(b, 12)
