import { addUsageMonths, monthOf } from '@/db/postgres/queries/usage-partitions'
import type { Stores } from '@/server/services/context'

/** Months known to have their partition; per database. */
const known = new WeakMap<Stores['db'], Set<string>>()

/** Makes sure, in a transaction of its own, that `llm_usage` has a partition for each of these instants. */
export async function ensureMonths(db: Stores['db'], instants: Iterable<Date>): Promise<void> {
  const there = known.get(db) ?? new Set<string>()
  known.set(db, there)
  const missing = new Set<string>()
  let last = NaN
  for (const at of instants) {
    // To write an instant out costs more than all else here, and most are of one month.
    const number = at.getUTCFullYear() * 12 + at.getUTCMonth()
    if (number === last) continue
    last = number
    const month = monthOf(at)
    if (!there.has(month)) missing.add(month)
  }
  if (missing.size === 0) return
  await db.transaction((tx) => addUsageMonths(tx, [...missing].sort()))
  for (const month of missing) there.add(month)
}
