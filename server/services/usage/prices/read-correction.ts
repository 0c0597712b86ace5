import {
  type Correction,
  differencesOf,
  selectAppliedCorrections,
  selectCorrection,
} from '@/db/postgres/queries/price-corrections'
import type { Stores } from '@/server/services/context'
import { noSuchCorrection } from './no-such-correction'
import type { CorrectionId } from './prices.schema'

const LISTED = 50
const PARTS = 200

/** A correction, how far it is, and its differences: previewed until it is applied, then those that were applied so far. */
export async function readCorrection({ db }: Pick<Stores, 'db'>, { id }: CorrectionId) {
  const correction = await selectCorrection(db, id)
  if (!correction) throw noSuchCorrection()
  const applied = correction.appliedAt !== null
  return { ...shown(correction), differences: await differencesOf(db, id, applied, PARTS) }
}
export type ShownCorrection = Awaited<ReturnType<typeof readCorrection>>

/** The corrections that were decided, newest first, each with its total so far. */
export async function listCorrections({ db }: Pick<Stores, 'db'>) {
  const corrections = await selectAppliedCorrections(db, LISTED)
  return Promise.all(
    corrections.map(async (one) => ({ ...shown(one), total: (await differencesOf(db, one.id, true, 1)).total })),
  )
}
export type ListedCorrection = Awaited<ReturnType<typeof listCorrections>>[number]

function shown(correction: Correction) {
  const { id, tenants, models, reason, requestedBy, appliedBy, expected, scanned } = correction
  return {
    id,
    state: correction.state as 'previewing' | 'previewed' | 'applying' | 'applied',
    from: correction.fromAt.toISOString(),
    to: correction.toAt.toISOString(),
    tenants,
    models,
    reason,
    requestedBy,
    requestedAt: correction.requestedAt.toISOString(),
    appliedBy,
    appliedAt: correction.appliedAt?.toISOString() ?? null,
    finishedAt: correction.state === 'applied' ? (correction.finishedAt?.toISOString() ?? null) : null,
    expected,
    scanned,
  }
}
