import type { Stores } from '@/server/services/context'
import { costOf } from './cost'
import { type PriceBook, pricesOf } from './price-book'
import type { NameToPrice } from './prices.schema'

/** What a reported name is taken for, why, and what it costs at an instant. `matched` null: it is none of the known models. */
export function explainPrice(
  book: PriceBook,
  tenant: string | null,
  { provider, model }: { provider: string; model: string },
  at: Date,
) {
  const meaning = book.meaningOf(tenant, provider, model)
  const price = book.priceFrom(meaning, at)
  const { alias, match } = meaning
  const steps = alias ? [aliasText(alias), ...(match?.because ?? [])] : (match?.because ?? [])
  const one =
    price && costOf(price.rates, { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0 })
  return {
    matched: match ? { provider: match.provider.id, model: match.model.id } : null,
    aliased: alias !== null,
    because: steps,
    source: price?.source ?? null,
    rates: price?.rates ?? null,
    times: price && {
      from: price.times.from?.toISOString() ?? null,
      to: price.times.to?.toISOString() ?? null,
      dailyFrom: price.times.dailyFrom,
      dailyTo: price.times.dailyTo,
    },
    /** Why there is no exact cost in spite of a price. */
    incomplete: one && 'unpriced' in one ? one.unpriced : null,
    /** Tenants whose price for it is another one. */
    ownPrices: tenant === null ? book.tenantsWithOwn(provider, model) : [],
  }
}
export type ExplainedPrice = ReturnType<typeof explainPrice>

const aliasText = ({ tenant, target }: NonNullable<ReturnType<PriceBook['meaningOf']>['alias']>) =>
  `alias${tenant === null ? '' : ` of ${tenant}`}: ${target ? `priced as ${target.provider}/${target.model}` : 'has no price'}`

/** The same for a name that somebody is about to enter, as of now. */
export async function explainName({ db }: Pick<Stores, 'db'>, { tenant, provider, model }: NameToPrice) {
  return explainPrice(await pricesOf(db), tenant, { provider, model }, new Date())
}
