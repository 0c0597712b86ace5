import { idleIndexes as idle } from '@/db/postgres/queries/vectors-sleep'
import type { Stores } from '@/server/services/context'

const MOST_NAMED = 5

/** What would be given up if indexes slept after so many days without use: how many, their bytes, the largest ones. */
export const idleIndexes = ({ db }: Pick<Stores, 'db'>, { days }: { days: number }) =>
  idle(db, { days, tenant: null, limit: MOST_NAMED })
