import { createHash, randomUUID } from 'node:crypto'
import type { Transaction } from '@/db/postgres/client'
import { countBook, endOverrideRow, insertOverride, nextBookRevision } from '@/db/postgres/queries/price-book'
import { idsOfPrices } from '@/db/postgres/queries/prices'
import { selectTenant } from '@/db/postgres/queries/tenants'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { ratesFrom } from './entered-rates'
import { noSuchEntry } from './no-such-entry'
import type { AddOverride } from './prices.schema'

/** Every process holds them all in memory. */
const MOST_ENTRIES = 5_000

/**
 * Enters a price. Where several are in force at an instant the one entered last is; one is never edited, only superseded.
 * Calls costed before keep their cost until they are re-priced.
 * @throws AppError `bad_request` for a tenant that there is none of, `not_found` when what it supersedes has ended already.
 */
export async function addOverride(caller: Caller, input: AddOverride): Promise<{ id: number }> {
  return change(caller, 'prices.override', async (tx) => {
    await requireRoom(tx)
    if (input.tenant !== null) await requireTenantRow(tx, input.tenant)
    const revision = await nextBookRevision(tx)
    const by = caller.actor.name
    const before = input.supersedes === null ? null : await endOverrideRow(tx, { id: input.supersedes, revision, by })
    if (input.supersedes !== null && !before) throw noSuchEntry('override', 'supersedes')
    const { tenant, provider, model, from: effectiveFrom, to: effectiveTo, reason } = input
    const rates = ratesFrom(input.rates)
    const times = { from: effectiveFrom, to: effectiveTo, dailyFrom: null, dailyTo: null }
    // Its own row of `prices`, also where another override has the same rates: usage names the override by it.
    const digest = createHash('sha256').update(randomUUID()).digest('hex')
    const [priceId] = await idsOfPrices(tx, [{ source: 'override', provider, model, digest, rates, times }])
    if (priceId === undefined) throw new Error('the price of an override has no row')
    const row = { tenant, provider, model, reason, rates, effectiveFrom, effectiveTo, priceId }
    const id = await insertOverride(tx, { ...row, revision, enteredBy: by })
    const after = { ...row, id, from: effectiveFrom, to: effectiveTo }
    return { result: { id }, audit: { target: `${provider}/${model}`, before, after, reason } }
  })
}

export async function requireRoom(tx: Transaction): Promise<void> {
  if ((await countBook(tx)) >= MOST_ENTRIES)
    throw new AppError('conflict', `There are ${MOST_ENTRIES} overrides and aliases already: end some first.`)
}

export async function requireTenantRow(tx: Transaction, slug: string): Promise<void> {
  if (!(await selectTenant(tx, slug)))
    throw new AppError('bad_request', `There is no tenant ${slug}.`, { field: 'tenant' })
}
