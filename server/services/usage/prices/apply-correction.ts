import { differencesOf, lockCorrection, startApplying } from '@/db/postgres/queries/price-corrections'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { noSuchCorrection } from './no-such-correction'
import { refreshPrices } from './price-book'
import type { CorrectionId } from './prices.schema'

/**
 * Decides that a previewed re-pricing is carried out; the worker does it (`runCorrections`), and it cannot be done twice.
 * @throws AppError `conflict` when it is not previewed to the end, was decided before, or prices changed since the preview.
 */
export async function applyCorrection(caller: Caller, { id }: CorrectionId): Promise<{ id: string }> {
  const book = await refreshPrices(caller.db)
  return change(caller, 'prices.apply-correction', async (tx) => {
    const correction = await lockCorrection(tx, id)
    if (!correction) throw noSuchCorrection()
    if (correction.state === 'previewing') throw new AppError('conflict', 'The preview is not finished yet.')
    if (correction.state !== 'previewed') throw new AppError('conflict', 'This correction was applied already.')
    if (correction.bookRevision !== book.revision)
      throw new AppError('conflict', 'Overrides or aliases changed since this preview: preview it again.')
    const { total } = await differencesOf(tx, id, false, 1)
    await startApplying(tx, id, caller.actor.name)
    return {
      result: { id },
      audit: { target: id, before: null, after: { previewed: total }, reason: correction.reason },
    }
  })
}
