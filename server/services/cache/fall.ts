import { lookupsAround } from '@/db/postgres/queries/cache'
import { redisSampleTotals } from '@/db/postgres/queries/redis-samples'
import type { Stores } from '@/server/services/context'
import type { Verdict } from '@/server/services/overview/verdicts'
import { extraMisses, familyOf, GROUPS_LOOKED_AT } from './culprit'
import { hitRateOf } from './lookups'

const ROWS_SHOWN = 8

/**
 * What a fall of the hit rate is made of (J4): by family, namespace and tenant the misses that the hit rate
 * before the fall would not have had, of all tenants, so that a page narrowed to one still says how much of the whole it
 * is; how many more of those Redis itself counted; and how many keys it evicted. Null where the verdicts name no fall.
 */
export async function fallReport(
  { db }: Pick<Stores, 'db'>,
  found: Verdict[],
  { from, to, ...filter }: { from: Date; to: Date; tenant?: string; namespace?: string },
) {
  const fall = found.find((verdict) => verdict.kind === 'hit-rate-fell')
  if (!fall) return null
  const at = new Date(fall.at)
  const [groups, before, after] = await Promise.all([
    lookupsAround(db, { from, at, to, family: familyOf(fall, filter), limit: GROUPS_LOOKED_AT }),
    redisSampleTotals(db, { from, to: at }),
    redisSampleTotals(db, { from: at, to }),
  ])
  const rows = groups
    .map((row) => ({
      family: row.family,
      namespace: row.namespace,
      tenant: row.tenant,
      was: hitRateOf({ hits: row.hitsBefore, misses: row.missesBefore }),
      now: hitRateOf(row),
      lookups: row.hits + row.misses,
      extraMisses: extraMisses(row),
      usd: extraMisses(row) * row.usdPerHit,
    }))
    .filter((row) => row.extraMisses >= 1)
    .sort((a, b) => b.extraMisses - a.extraMisses)
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    at: fall.at,
    seconds: (to.getTime() - at.getTime()) / 1000,
    rows: rows.slice(0, ROWS_SHOWN),
    groups: rows.length,
    extraMisses: sum((row) => row.extraMisses),
    /** US dollars, estimated from what a hit spared on average; 0 where no entry says what it had cost. */
    usd: sum((row) => row.usd),
    redisExtraMisses: redisExtra(before, after),
    evictions: evictionsOf(before, after),
  }
}

export type Fall = NonNullable<Awaited<ReturnType<typeof fallReport>>>
type Totals = Pick<Awaited<ReturnType<typeof redisSampleTotals>>, 'hits' | 'misses' | 'evicted' | 'seconds'>

/** Null where Redis was not sampled on both sides of the fall. */
function redisExtra(before: Totals, after: Totals): number | null {
  if (before.hits === null || before.misses === null || after.hits === null || after.misses === null) return null
  if (before.hits + before.misses === 0) return null
  return extraMisses({
    hits: after.hits,
    misses: after.misses,
    hitsBefore: before.hits,
    missesBefore: before.misses,
  })
}

/** Keys evicted since the fall, and how many the pace before it would have come to; null where Redis was not sampled on both sides. */
function evictionsOf(before: Totals, after: Totals) {
  if (before.evicted === null || !before.seconds || after.evicted === null || !after.seconds) return null
  return { since: after.evicted, atPaceBefore: (before.evicted / before.seconds) * after.seconds }
}
