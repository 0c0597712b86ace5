import { createHash } from 'node:crypto'
import { calcPrice, type ModelInfo, type ModelPrice, type Provider } from '@pydantic/genai-prices'
import type { PriceRates, Rate } from '@/db/postgres/schema/usage'

/** `provider` and `model` as the library calls them; they and the digest of the rates name a row of `prices`. */
export type Price = { provider: string; model: string; digest: string; rates: PriceRates }
type Match = { provider: Provider; model: ModelInfo }

/** Providers that OpenTelemetry names in a way that the library does not know. */
const aliases = new Map([
  ['x_ai', 'x-ai'],
  ['azure.ai.inference', 'azure'],
  ['moonshot_ai', 'moonshotai'],
])
/** Names come from applications, so what is remembered of them is bounded. */
const REMEMBERED = 5_000
const matches = new Map<string, Match | null>()
const prices = new WeakMap<ModelPrice, Price | null>()

/**
 * The published price of a model, in force when the request was made; null when the library knows none.
 * Dated suffixes, aliases and `provider/model` forms match as the library (genai-prices, bundled) matches them.
 */
export function priceInForce(provider: string, model: string, at: Date): Price | null {
  const match = matchOf(provider, model)
  if (!match) return null
  const modelPrice = Array.isArray(match.model.prices) ? modelPriceAt(match, model, at) : match.model.prices
  const known = prices.get(modelPrice)
  if (known !== undefined) return known
  const price = priceFrom(match, modelPrice)
  prices.set(modelPrice, price)
  return price
}

function matchOf(provider: string, model: string): Match | null {
  const name = `${provider}\n${model}`
  const known = matches.get(name)
  if (known !== undefined) return known
  const found = calcPrice({}, model, { providerId: aliases.get(provider) ?? provider })
  const match = found && { provider: found.provider, model: found.model }
  const oldest = matches.size >= REMEMBERED ? matches.keys().next().value : undefined
  if (oldest !== undefined) matches.delete(oldest)
  matches.set(name, match)
  return match
}

/** Prices that change by date or hour: the library decides, over this one model, which is a tenth of a full search. */
function modelPriceAt({ provider, model }: Match, name: string, at: Date): ModelPrice {
  const alone = { ...provider, models: [{ ...model, match: { contains: '' } }] }
  const found = calcPrice({}, name, { provider: alone, timestamp: at })
  if (!found) throw new Error(`genai-prices does not find ${provider.id}/${model.id}, which it matched before`)
  return found.model_price
}

/** Null when the library lists the model without any price per token: that is not knowing, not free of charge. */
function priceFrom({ provider, model }: Match, price: ModelPrice): Price | null {
  const rates: PriceRates = {
    input: rateFrom(price.input_mtok),
    output: rateFrom(price.output_mtok),
    cacheRead: rateFrom(price.cache_read_mtok),
    cacheWrite: rateFrom(price.cache_write_mtok),
    request: typeof price.requests_kcount === 'number' ? String(price.requests_kcount) : null,
  }
  if (!rates.input && !rates.output) return null
  const digest = createHash('sha256').update(JSON.stringify(rates)).digest('hex')
  return { provider: provider.id, model: model.id, digest, rates }
}

/** The library's numbers were parsed from published decimals; the shortest string that parses back is that decimal. */
function rateFrom(price: ModelPrice[string]): Rate | null {
  if (price === undefined) return null
  if (typeof price === 'number') return { base: String(price), tiers: [] }
  const tiers = [...price.tiers].sort((a, b) => a.start - b.start)
  return { base: String(price.base), tiers: tiers.map((tier) => ({ start: tier.start, price: String(tier.price) })) }
}
