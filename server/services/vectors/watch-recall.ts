import { nextToMeasure, recallCostSince } from '@/db/postgres/queries/vectors-recall'
import { AppError } from '@/server/errors'
import { type Stores, system } from '@/server/services/context'
import { measureRecall } from './measure-recall'

/** What measuring by itself may cost the database: one percent of its time. */
const BUDGET_MS_PER_HOUR = 36_000
const HOUR_MS = 3_600_000
const EVERY_MS = 24 * HOUR_MS
const SAMPLE = 20

/** Measures recall where it is due, busiest tenants first, one per run. Answers whose; null where nothing is due, or it would cost too much. */
export async function watchRecall(stores: Stores, { tenant: of }: { tenant?: string } = {}): Promise<string | null> {
  const now = Date.now()
  if ((await recallCostSince(stores.db, new Date(now - HOUR_MS))) >= BUDGET_MS_PER_HOUR) return null
  const tenant = await nextToMeasure(stores.db, new Date(now - EVERY_MS), of)
  if (tenant === null) return null
  try {
    await measureRecall({ ...stores, actor: system }, { tenant, k: 10, sample: SAMPLE, scheduled: true })
  } catch (error) {
    // Its index went meanwhile.
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
  }
  return tenant
}
