import { lookupsByFamily, lookupSeriesByFamily } from '@/db/postgres/queries/cache'
import { redisSampleTotals } from '@/db/postgres/queries/redis-samples'
import type { CountedFamily } from '@/db/postgres/schema/cache'
import type { Clock } from '@/server/services/clock'
import type { Stores } from '@/server/services/context'
import { lookupsByBucket } from './lookups'

const ROWS_SHOWN = 100
const MINUTE_MS = 60_000

/**
 * What the gateways looked up in Redis, exactly, by family and, of one family, by namespace and tenant; and how many
 * look-ups INFO counted beside those, where nobody is filtered for. Whole minutes, of both.
 */
export async function familyLookups(
  { db }: Pick<Stores, 'db'>,
  { from, to, before }: Pick<Clock, 'from' | 'to' | 'before'>,
  { tenant, family }: { tenant?: string; family: CountedFamily | null },
) {
  const range = { from, to, before: before.from, tenant, limit: ROWS_SHOWN }
  const whole = { from: new Date(Math.ceil(from.getTime() / MINUTE_MS) * MINUTE_MS), to }
  const [families, parts, info] = await Promise.all([
    lookupsByFamily(db, range),
    family && lookupsByFamily(db, { ...range, family }),
    tenant === undefined ? redisSampleTotals(db, whole) : null,
  ])
  return {
    families: families.rows,
    of: family,
    parts: parts?.rows ?? [],
    partsInAll: parts?.groups ?? 0,
    gap: info && gapTo(info, families.rows),
  }
}

export type FamilyLookups = Awaited<ReturnType<typeof familyLookups>>

/** Per bucket of the clock the hits out of the look-ups of each family that was asked, of one tenant or of all. */
export async function familiesByBucket({ db }: Pick<Stores, 'db'>, clock: Clock, tenant: string | undefined) {
  const { from, to, stepSeconds } = clock
  const rows = await lookupSeriesByFamily(db, { from, to, tenant, stepSeconds })
  return Array.from(new Set(rows.map(({ family }) => family)), (family) => ({
    family,
    lookups: lookupsByBucket(
      clock,
      rows.filter((row) => row.family === family),
    ),
  }))
}

/** Of INFO's look-ups those that no gateway counted. Null where Redis was not sampled. */
export function gapTo(
  { hits, misses }: { hits: number | null; misses: number | null },
  families: { hits: number; misses: number }[],
) {
  if (hits === null || misses === null) return { info: null, ours: null, others: null }
  const ours = families.reduce((sum, one) => sum + one.hits + one.misses, 0)
  return { info: hits + misses, ours, others: hits + misses - ours }
}
