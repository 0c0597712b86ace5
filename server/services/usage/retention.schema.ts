import { z } from 'zod'

export const KEEP_AT_MOST = 120
/** How long a month is announced before its calls are dropped. */
export const NOTICE_DAYS = 7

/** Whole months that raw calls are kept beside the one that runs; null is for ever. */
export const SetRetention = z.strictObject({
  keepMonths: z.int('must be a whole number of months').min(1).max(KEEP_AT_MOST).nullable(),
})
export type SetRetention = z.output<typeof SetRetention>

type Month = { until: number; droppedAt: number | null }

/** The months, instants in epoch milliseconds, that are older than is kept. Months are those of UTC. */
export function monthsBeyond<M extends Month>(months: readonly M[], keepMonths: number | null, now: Date): M[] {
  if (keepMonths === null) return []
  const oldest = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - keepMonths, 1)
  return months.filter(({ until, droppedAt }) => droppedAt === null && until <= oldest)
}
