import { createHash } from 'node:crypto'
import type { ConditionalPrice, ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices'
import type { PriceRates, Rate } from '@/db/postgres/schema/usage'

/** When a price is in force: from (included) to (not included), and between two times of day in UTC, as 00:30:00Z. */
export type PriceTimes = { from: Date | null; to: Date | null; dailyFrom: string | null; dailyTo: string | null }
/**
 * `provider` and `model` as the library calls them; they, the source and the digest name a row of `prices`. `id` is the
 * row's where it is known already.
 */
export type Price = {
  id?: number
  source: 'genai-prices' | 'override'
  provider: string
  model: string
  digest: string
  rates: PriceRates
  times: PriceTimes
}

export const LIBRARY = 'genai-prices'
const ALWAYS: PriceTimes = { from: null, to: null, dailyFrom: null, dailyTo: null }
/** By what the library holds, and by provider: one that resells shares the object with the maker. */
const known = new WeakMap<ModelPrice, Map<string, Price | null>>()

/**
 * The published price of a model at an instant; null when the library lists it without any price per token. Of several
 * conditions the last that holds decides, as in the library; without any that holds, the first price.
 */
export function libraryPrice(provider: Provider, model: ModelInfo, at: Date): Price | null {
  const { prices } = model
  if (!Array.isArray(prices)) return priceFrom(provider, model, prices, ALWAYS)
  const held = prices.findLastIndex(({ constraint }) => constraint === undefined || holds(constraint, at))
  const place = Math.max(held, 0)
  const conditional = prices[place]
  return conditional ? priceFrom(provider, model, conditional.prices, timesOf(prices, place)) : null
}

function holds(constraint: NonNullable<ConditionalPrice['constraint']>, at: Date): boolean {
  if ('start_date' in constraint) return at.getTime() >= Date.parse(constraint.start_date)
  const [start, end] = [secondOfDay(constraint.start_time), secondOfDay(constraint.end_time)]
  const second = (at.getTime() % DAY_MS) / 1_000
  return start <= end ? second >= start && second < end : second >= start || second < end
}

const DAY_MS = 86_400_000
const secondOfDay = (time: string) => (((Date.parse(`1970-01-01T${time}`) % DAY_MS) + DAY_MS) % DAY_MS) / 1_000

function timesOf(prices: ConditionalPrice[], place: number): PriceTimes {
  const own = prices[place]?.constraint
  const next = prices
    .slice(place + 1)
    .flatMap(({ constraint }) => (constraint && 'start_date' in constraint ? constraint.start_date : []))
  const to = next.sort()[0]
  return {
    from: own && 'start_date' in own ? new Date(`${own.start_date}T00:00:00Z`) : null,
    to: to === undefined ? null : new Date(`${to}T00:00:00Z`),
    dailyFrom: own && 'start_time' in own ? own.start_time : null,
    dailyTo: own && 'start_time' in own ? own.end_time : null,
  }
}

/** Null when the library lists the model without any price per token: that is not knowing, not free of charge. */
function priceFrom(provider: Provider, model: ModelInfo, price: ModelPrice, times: PriceTimes): Price | null {
  const found = known.get(price)?.get(provider.id)
  if (found !== undefined) return found
  const rates: PriceRates = {
    input: rateFrom(price.input_mtok),
    output: rateFrom(price.output_mtok),
    cacheRead: rateFrom(price.cache_read_mtok),
    cacheWrite: rateFrom(price.cache_write_mtok),
    request: typeof price.requests_kcount === 'number' ? String(price.requests_kcount) : null,
  }
  const made = rates.input || rates.output ? priceOf(provider, model, rates, times) : null
  known.set(price, (known.get(price) ?? new Map<string, Price | null>()).set(provider.id, made))
  return made
}

function priceOf({ id: provider }: Provider, { id: model }: ModelInfo, rates: PriceRates, times: PriceTimes): Price {
  // A price without conditions keeps the digest of its rates alone, so that rows from before there were times stay its rows.
  const told = times === ALWAYS ? rates : { rates, times }
  const digest = createHash('sha256').update(JSON.stringify(told)).digest('hex')
  return { source: LIBRARY, provider, model, digest, rates, times }
}

/** The library's numbers were parsed from published decimals; the shortest string that parses back is that decimal. */
function rateFrom(price: ModelPrice[string]): Rate | null {
  if (price === undefined) return null
  if (typeof price === 'number') return { base: String(price), tiers: [] }
  const tiers = [...price.tiers].sort((a, b) => a.start - b.start)
  return { base: String(price.base), tiers: tiers.map((tier) => ({ start: tier.start, price: String(tier.price) })) }
}
