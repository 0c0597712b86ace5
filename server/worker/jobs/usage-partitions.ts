import type { Stores } from '@/server/services/context'
import { ensureMonths } from '@/server/services/usage/ensure-months'

const MONTH_MS = 31 * 24 * 3_600_000

/** Adds the partitions of this month and the next ahead of need; ingest adds any other on demand. */
export async function ensureUsagePartitions({ db }: Pick<Stores, 'db'>): Promise<void> {
  await ensureMonths(db, [new Date(), new Date(Date.now() + MONTH_MS)])
}
