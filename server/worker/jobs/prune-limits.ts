import { deleteExpiredCounters } from '@/db/postgres/queries/limits'
import { deleteOldLimitCounts } from '@/db/postgres/queries/limit-counts'
import type { Stores } from '@/server/services/context'

const LIMIT_COUNTS_DAYS = 14

/** Drops counters of windows that ended while Redis was gone, and counts that nobody asks for any more; in steps. */
export async function pruneLimits({ db }: Pick<Stores, 'db'>, now = Date.now()): Promise<void> {
  const before = new Date(now - LIMIT_COUNTS_DAYS * 86_400_000)
  while ((await deleteExpiredCounters(db)) > 0);
  while ((await deleteOldLimitCounts(db, before)) > 0);
}
