import { patiently } from '@/db/postgres/deadline'
import { countToPrice, insertCorrection } from '@/db/postgres/queries/price-corrections'
import { change, requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { refreshPrices } from './price-book'
import type { PreviewCorrection } from './prices.schema'

const COUNT_PATIENCE_MS = 30_000

/**
 * Asks what a re-pricing with today's overrides and aliases would change. The worker works it out (`runCorrections`);
 * nothing that anybody was billed changes. `expected` is how many calls it will look at.
 */
export async function previewCorrection(
  caller: Caller,
  input: PreviewCorrection,
): Promise<{ id: string; expected: number }> {
  requireRole(caller.actor, 'prices.preview-correction')
  const { revision } = await refreshPrices(caller.db)
  const expected = await patiently(COUNT_PATIENCE_MS, () => countToPrice(caller.db, input))
  return change(caller, 'prices.preview-correction', async (tx) => {
    const { from: fromAt, to: toAt, tenants, models, reason } = input
    const id = await insertCorrection(tx, {
      fromAt,
      toAt,
      tenants,
      models,
      reason,
      bookRevision: revision,
      state: 'previewing',
      requestedBy: caller.actor.name,
      expected,
    })
    return { result: { id, expected }, audit: { target: id, after: { ...input, bookRevision: revision }, reason } }
  })
}
