import type { Db } from '@/db/postgres/client'
import { announceMonths, selectRetention, selectUsageMonths } from '@/db/postgres/queries/usage-retention'
import { monthsBeyond, NOTICE_DAYS } from './retention.schema'

/** Announces the months of raw calls that are older than is kept, and calls off those that are not. */
export async function announceUsageMonths(db: Db, now = new Date()): Promise<void> {
  const { keepMonths } = await selectRetention(db)
  const beyond = monthsBeyond(await selectUsageMonths(db), keepMonths, now)
  await announceMonths(db, beyond, { dueAt: new Date(now.getTime() + NOTICE_DAYS * 24 * 3_600_000) })
}
