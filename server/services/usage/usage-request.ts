import { callById, type UsageCallStory } from '@/db/postgres/queries/usage-requests'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { costParts } from './cost-parts'
import { costOf } from './prices/cost'
import { scaled } from './prices/pico-usd'
import { type PriceBook, pricesOf } from './prices/price-book'
import { promptKey } from './usage-key'
import type { UsageRequestId } from './usage.schema'

/**
 * The whole story of one call: what was reported, what it cost and how that is made up, or why it has no price.
 * @throws AppError `not_found`
 */
export async function requestOfUsage({ db }: Pick<Stores, 'db'>, which: UsageRequestId) {
  const call = await callById(db, which)
  if (!call) throw new AppError('not_found', `No call ${which.id} of ${which.tenant} is known.`, { field: 'id' })
  const { promptName, promptVersion, promptKnown, price, ...rest } = call
  return {
    ...rest,
    occurredAt: call.occurredAt.toISOString(),
    receivedAt: call.receivedAt.toISOString(),
    key: call.key && { ...call.key, revokedAt: call.key.revokedAt?.toISOString() ?? null },
    prompt:
      promptName === null
        ? null
        : {
            name: promptName,
            version: promptVersion,
            key: promptKey(promptName, promptVersion) ?? promptName,
            known: promptKnown,
          },
    price: price && { provider: price.provider, model: price.model, source: price.source },
    cost: await costStory({ db }, call),
  }
}
export type UsageRequest = Awaited<ReturnType<typeof requestOfUsage>>

export type CostStory =
  | { kind: 'parts'; parts: NonNullable<ReturnType<typeof costParts>>['parts']; totalUsd: string; adds: boolean }
  | { kind: 'no cost'; why: string }
  | { kind: 'unpriced'; why: string }

async function costStory({ db }: Pick<Stores, 'db'>, call: UsageCallStory): Promise<CostStory> {
  if (call.cached) return { kind: 'no cost', why: "Answered from the application's own cache: no model was called." }
  if (call.costUsd === null) return { kind: 'unpriced', why: whyUnpriced(call, await pricesOf(db)) }
  const made = call.price && costParts(call.price.rates, call)
  if (!made) return { kind: 'no cost', why: 'The cost was set without a price of ours.' }
  return { kind: 'parts', ...made, adds: scaled(made.totalUsd, 12) === scaled(call.costUsd, 12) }
}

/** As far as it can be said today: the price list may have learnt since. */
function whyUnpriced(call: UsageCallStory, book: PriceBook): string {
  const { tenant, provider, model, occurredAt } = call
  const price = book.priceOf(tenant, provider, model, occurredAt)
  if (!price) return `No price per token is known for ${model} of ${provider} at that time.`
  const cost = costOf(price.rates, call)
  if ('unpriced' in cost) return `${price.provider}/${price.model} has ${cost.unpriced}.`
  return `A price for ${price.provider}/${price.model} is known by now; it was not when this call was reported.`
}
