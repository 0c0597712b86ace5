import { forgetPreviews } from '@/db/postgres/queries/price-corrections'
import type { Stores } from '@/server/services/context'

const KEPT_HOURS = 24

/** Forgets previews of corrections that nobody applied. */
export const pruneCorrections = ({ db }: Pick<Stores, 'db'>) => forgetPreviews(db, KEPT_HOURS)
