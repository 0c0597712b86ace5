import { currentAlias, endAliasRow, insertAlias, nextBookRevision } from '@/db/postgres/queries/price-book'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { requireRoom, requireTenantRow } from './add-override'
import { refreshPrices } from './price-book'
import type { SetAlias } from './prices.schema'

/**
 * Says what a reported name is priced as, or that it has no price; replaces the alias that the name had.
 * @throws AppError `bad_request` for a target without a price, or a tenant that there is none of.
 */
export async function setAlias(caller: Caller, input: SetAlias): Promise<{ id: number }> {
  const book = await refreshPrices(caller.db)
  return change(caller, 'prices.set-alias', async (tx) => {
    const { tenant, provider, model, target, reason } = input
    if (target && !book.knows(tenant, target))
      throw new AppError('bad_request', `Nothing is priced as ${target.provider}/${target.model}.`, { field: 'target' })
    await requireRoom(tx)
    if (tenant !== null) await requireTenantRow(tx, tenant)
    const revision = await nextBookRevision(tx)
    const by = caller.actor.name
    const before = await currentAlias(tx, { tenant, provider, model })
    if (before) await endAliasRow(tx, { id: before.id, revision, by })
    const row = {
      tenant,
      provider,
      model,
      reason,
      targetProvider: target?.provider ?? null,
      targetModel: target?.model ?? null,
    }
    const id = await insertAlias(tx, { ...row, revision, enteredBy: by })
    return { result: { id }, audit: { target: `${provider}/${model}`, before, after: { ...row, id }, reason } }
  })
}
