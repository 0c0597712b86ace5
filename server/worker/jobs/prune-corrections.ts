import { forgetPreviews, forgetRowsOfDroppedMonths } from '@/db/postgres/queries/price-corrections'
import type { Stores } from '@/server/services/context'

const KEPT_HOURS = 24
const BATCH = 10_000

/** Forgets previews of corrections that nobody applied, and single costs of calls that are gone. */
export async function pruneCorrections({ db }: Pick<Stores, 'db'>): Promise<void> {
  await forgetPreviews(db, KEPT_HOURS)
  while ((await forgetRowsOfDroppedMonths(db, BATCH)) === BATCH);
}
