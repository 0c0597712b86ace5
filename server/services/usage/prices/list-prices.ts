import { selectAliases, selectOverrides } from '@/db/postgres/queries/price-book'
import { modelsInUse, unpricedModels } from '@/db/postgres/queries/price-usage'
import type { Stores } from '@/server/services/context'
import { type Scope, windowOf } from '@/server/services/scope.schema'
import { explainPrice } from './explain-price'
import { pricesOf } from './price-book'

const LISTED = 200

/** Every model reported in the range, with what it was taken for and its price at the end of the range. */
export async function pricesInUse({ db }: Pick<Stores, 'db'>, scope: Scope) {
  const window = windowOf(scope)
  const book = await pricesOf(db)
  const { models, total } = await modelsInUse(
    db,
    { ...window, ...(scope.tenant !== null && { tenant: scope.tenant }) },
    LISTED,
  )
  const at = new Date(Math.min(window.to.getTime(), Date.now()))
  const priced = models.map((model) => ({ ...model, ...explainPrice(book, scope.tenant, model, at) }))
  return { models: priced, total, at: at.toISOString(), asOf: new Date().toISOString() }
}
export type PricedModel = Awaited<ReturnType<typeof pricesInUse>>['models'][number]

/** What was called without a price, in all the time that single calls are kept. */
export async function listUnpriced({ db }: Pick<Stores, 'db'>, { tenant }: { tenant: string | null }) {
  const book = await pricesOf(db)
  const { models, total } = await unpricedModels(db, tenant, LISTED)
  const now = new Date()
  // One that has a price by now waits for a re-pricing, not for a price.
  const waiting = models.map((model) => ({ ...model, ...explainPrice(book, tenant, model, now) }))
  return { models: waiting, total, asOf: now.toISOString() }
}
export type WaitingModel = Awaited<ReturnType<typeof listUnpriced>>['models'][number]

/** Those in use first, then what was superseded or ended; each newest first. */
export async function listOverrides({ db }: Pick<Stores, 'db'>) {
  const rows = await selectOverrides(db, LISTED)
  return rows.map(({ effectiveFrom, effectiveTo, ...row }) => ({
    ...row,
    ...stamps(row),
    effectiveFrom: effectiveFrom.toISOString(),
    effectiveTo: effectiveTo?.toISOString() ?? null,
  }))
}
export type ListedOverride = Awaited<ReturnType<typeof listOverrides>>[number]

export async function listAliases({ db }: Pick<Stores, 'db'>) {
  return (await selectAliases(db, LISTED)).map((row) => ({ ...row, ...stamps(row) }))
}
export type ListedAlias = Awaited<ReturnType<typeof listAliases>>[number]

const stamps = ({ enteredAt, endedAt }: { enteredAt: Date; endedAt: Date | null }) => ({
  enteredAt: enteredAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
})
