import { idsOfPrices } from '@/db/postgres/queries/prices'
import type { Stores } from '@/server/services/context'
import type { Price } from './rates-in-force'

/** Rows of `prices` are never changed or removed, so an id once seen holds; per database. */
const known = new WeakMap<Stores['db'], WeakMap<Price, number>>()

/** Gives every price its row in `prices`, written at its first use, and returns how to find the row's id. */
export async function materialisePrices(db: Stores['db'], prices: Iterable<Price>): Promise<(price: Price) => number> {
  const ids = known.get(db) ?? new WeakMap<Price, number>()
  known.set(db, ids)
  const missing = [...new Set(prices)].filter((price) => price.id === undefined && !ids.has(price))
  const added = missing.length > 0 ? await idsOfPrices(db, missing) : []
  for (const [index, id] of added.entries()) {
    const price = missing[index]
    if (price) ids.set(price, id)
  }
  return (price) => {
    const id = price.id ?? ids.get(price)
    if (id === undefined) throw new Error(`${price.provider}/${price.model} was not materialised`)
    return id
  }
}
