import { type UsageFigures, usageByTime } from '@/db/postgres/queries/usage'
import { type Dearest, dearestByTime } from '@/db/postgres/queries/usage-dearest'
import type { Stores } from '@/server/services/context'
import { activationMarks } from '@/server/services/overview/activation-marks'
import { scaled } from '@/server/services/usage/prices/pico-usd'
import { bucketEdges, localDay } from '@/server/services/usage/time-buckets'
import { type DaysInput, SHOWN_DAYS } from './days.schema'

const DAY_MS = 24 * 3_600_000
const none: UsageFigures = {
  requests: 0,
  errors: 0,
  cacheHits: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  costUsd: '0',
  unpriced: 0,
}

/**
 * The last days of a zone, the newest first, each with its figures, what it cost beside the day before (a ratio, null
 * where that cost nothing), who cost most and how many prompts went live. The day that runs is `whole: false`, and
 * stands beside no other.
 */
export async function summariesOfDays(
  stores: Pick<Stores, 'db'>,
  { tenant, timezone }: DaysInput,
  now = new Date(),
  days = SHOWN_DAYS,
) {
  // One more, to compare the oldest that is shown with.
  const edges = bucketEdges(new Date(now.getTime() - days * DAY_MS), now, '1d', timezone)
  const from = edges[0] ?? now
  const filter = { from, to: now, tenant: tenant ?? undefined }
  const [{ buckets }, tenants, models, marks] = await Promise.all([
    usageByTime(stores.db, filter, edges),
    tenant === null ? dearestByTime(stores.db, filter, edges, 'tenant') : new Map<number, Dearest>(),
    dearestByTime(stores.db, filter, edges, 'model'),
    activationMarks(stores, { from, to: now }),
  ])
  const all = edges.map((start, index) => {
    const until = edges[index + 1] ?? null
    const figures = buckets.get(index) ?? none
    const before = buckets.get(index - 1)
    return {
      day: localDay(start, timezone),
      from: start.toISOString(),
      to: (until ?? now).toISOString(),
      whole: until !== null,
      ...figures,
      change: until === null ? null : changeOf(figures, before),
      dearestTenant: tenants.get(index) ?? null,
      dearestModel: models.get(index) ?? null,
      activations: marks.filter(({ at }) => at >= start.toISOString() && at < (until ?? now).toISOString()).length,
    }
  })
  return { asOf: now.toISOString(), days: all.slice(1).reverse() }
}
export type DaySummary = Awaited<ReturnType<typeof summariesOfDays>>['days'][number]

/** 0.25 is a quarter more; for reading, so a float will do. */
function changeOf({ costUsd }: UsageFigures, before: UsageFigures | undefined): number | null {
  const was = Number(scaled(before?.costUsd ?? '0', 12) ?? 0n)
  return was === 0 ? null : Number(scaled(costUsd, 12) ?? 0n) / was - 1
}
