import { lookupsAround } from '@/db/postgres/queries/cache'
import type { CountedFamily } from '@/db/postgres/schema/cache'
import type { Stores } from '@/server/services/context'
import type { Verdict } from '@/server/services/overview/verdicts'

const HOUR_MS = 3_600_000
export const GROUPS_LOOKED_AT = 1_000
/** One that makes up less than this is not the reason. */
const LEAST_SHARE = 0.5

/** Whose look-ups miss more than before, and what that costs, as far as entries said what they had cost to make. */
export type Culprit = { family: CountedFamily; namespace: string; tenant: string; share: number; usdPerHour: number }
type Row = Awaited<ReturnType<typeof lookupsAround>>[number]
type Counted = { hits: number; misses: number; hitsBefore: number; missesBefore: number }

/** Misses that the hit rate of before would not have had; 0 where there is nothing to compare with. */
export function extraMisses({ hits, misses, hitsBefore, missesBefore }: Counted): number {
  const [now, was] = [hits + misses, hitsBefore + missesBefore]
  return now > 0 && was > 0 ? Math.max(0, misses - (missesBefore / was) * now) : 0
}

/** The one family, namespace and tenant behind most of the misses that the old hit rate would not have had; null for none. */
export function culpritOf(rows: Row[], hours: number): Culprit | null {
  const extra = rows.map((row) => ({ row, misses: extraMisses(row) }))
  const all = extra.reduce((sum, { misses }) => sum + misses, 0)
  const worst = extra.reduce<(typeof extra)[number] | null>(
    (most, one) => (one.misses > (most?.misses ?? 0) ? one : most),
    null,
  )
  if (!worst || worst.misses < Math.max(1, LEAST_SHARE * all) || hours <= 0) return null
  const { row, misses } = worst
  return {
    family: row.family,
    namespace: row.namespace,
    tenant: row.tenant,
    share: misses / all,
    usdPerHour: (misses * row.usdPerHit) / hours,
  }
}

type Filter = { tenant?: string; namespace?: string }
type Fell = Extract<Verdict, { kind: 'hit-rate-fell' }>

/** The family that a fall is of; undefined for all. Of one tenant or namespace the line that is judged is the answer cache's. */
export const familyOf = (fall: Fell, { tenant, namespace }: Filter): CountedFamily | undefined =>
  fall.family ?? (tenant === undefined && namespace === undefined ? undefined : 'answers')

/** Adds to a fall of the hit rate who is behind it. */
export async function withCulprit(
  { db }: Pick<Stores, 'db'>,
  found: Verdict[],
  { from, to, ...filter }: { from: Date; to: Date } & Filter,
): Promise<Verdict[]> {
  const fall = found.find((verdict) => verdict.kind === 'hit-rate-fell')
  if (!fall) return found
  const at = new Date(fall.at)
  const family = familyOf(fall, filter)
  const rows = await lookupsAround(db, { from, at, to, ...filter, family, limit: GROUPS_LOOKED_AT })
  const culprit = culpritOf(rows, (to.getTime() - at.getTime()) / HOUR_MS)
  return found.map((verdict) => (verdict === fall && culprit ? { ...fall, culprit } : verdict))
}
