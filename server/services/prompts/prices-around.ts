import { modelsUsed } from '@/db/postgres/queries/reported-versions'
import type { Stores } from '@/server/services/context'
import { pricesOf } from '@/server/services/usage/prices/price-book'
import { AROUND_MS } from './reported-around'
import type { LiveAnswer } from './what-was-live.schema'

const HOUR_MS = 3_600_000
const MOST_MODELS = 50

/**
 * What the models in use around an instant cost at it. Of one tenant: half an hour on either side, from its calls; of all:
 * the whole hours that hold this stretch, from the rollup, so that the answer does not slow down as traffic grows.
 */
export async function pricesAround(
  db: Stores['db'],
  { at, tenant }: { at: Date; tenant: string | undefined },
): Promise<LiveAnswer['prices']> {
  const [start, end] = [at.getTime() - AROUND_MS, at.getTime() + AROUND_MS]
  const whole = tenant === undefined ? HOUR_MS : 1
  const from = new Date(Math.floor(start / whole) * whole)
  const to = new Date(Math.ceil(end / whole) * whole)
  const book = await pricesOf(db)
  const models = await modelsUsed(db, { from, to, tenant, limit: MOST_MODELS })
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    total: models[0]?.total ?? 0,
    models: models.map(({ provider, model, calls }) => ({
      provider,
      model,
      calls,
      rates: book.priceOf(tenant ?? null, provider, model, at)?.rates ?? null,
    })),
  }
}
