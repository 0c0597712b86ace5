import { and, desc, eq, gte, inArray, lt, sql, type SQL } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { cacheLookups, type CountedFamily } from '@/db/postgres/schema/cache'

/** Look-ups are counted by whole minutes: a minute belongs to the range in which it begins. */
type Range = { from: Date; to: Date }
/** Undefined means all. */
type Filter = { tenant?: string; namespace?: string }
type FamilyFilter = { tenant?: string; family?: CountedFamily }

const insideAny = ({ from, to, tenant, namespace, family }: Range & Filter & FamilyFilter) =>
  and(
    gte(cacheLookups.minute, from),
    lt(cacheLookups.minute, to),
    family && eq(cacheLookups.family, family),
    tenant === undefined ? undefined : eq(cacheLookups.tenant, tenant),
    namespace === undefined ? undefined : eq(cacheLookups.namespace, namespace),
  )

/** Of the answer cache. */
const inside = (filter: Range & Filter) => insideAny({ ...filter, family: 'answers' })

const figures = {
  hits: sql`coalesce(sum(${cacheLookups.hits}), 0)`.mapWith(Number),
  misses: sql`coalesce(sum(${cacheLookups.misses}), 0)`.mapWith(Number),
  /** Decimal string, US dollars. */
  savedUsd: sql<string>`coalesce(sum(${cacheLookups.savedUsd}), 0)::text`,
}

const only = (column: unknown, when: SQL) => sql`coalesce(sum(${column}) filter (where ${when}), 0)`.mapWith(Number)

export type LookupFigures = { hits: number; misses: number; savedUsd: string }

export async function lookupTotals(db: Db, filter: Range & Filter): Promise<LookupFigures> {
  const [totals] = await db.select(figures).from(cacheLookups).where(inside(filter))
  if (!totals) throw new Error('an aggregate without a row')
  return totals
}

export const lookupGroups = { namespace: cacheLookups.namespace, tenant: cacheLookups.tenant } as const
export type LookupGroup = keyof typeof lookupGroups

/** The busiest first, with the look-ups of the window `before` beside; `groups` says how many there are in all. */
export async function lookupsBy(
  db: Db,
  { by, before, limit, ...filter }: Range & Filter & { by: LookupGroup; before: Date; limit: number },
) {
  const key = lookupGroups[by]
  const during = gte(cacheLookups.minute, filter.from)
  const rows = await db
    .select({
      key,
      hits: only(cacheLookups.hits, during),
      misses: only(cacheLookups.misses, during),
      savedUsd: sql<string>`coalesce(sum(${cacheLookups.savedUsd}) filter (where ${during}), 0)::text`,
      hitsBefore: only(cacheLookups.hits, lt(cacheLookups.minute, filter.from)),
      missesBefore: only(cacheLookups.misses, lt(cacheLookups.minute, filter.from)),
      groups: sql`count(*) over ()`.mapWith(Number),
    })
    .from(cacheLookups)
    .where(inside({ ...filter, from: before }))
    .groupBy(key)
    .having(sql`count(*) filter (where ${during}) > 0`)
    .orderBy(desc(sql`sum(${cacheLookups.hits} + ${cacheLookups.misses}) filter (where ${during})`), key)
    .limit(limit)
  return { rows: rows.map(({ groups: _, ...row }) => row), groups: rows[0]?.groups ?? 0 }
}

/**
 * By family or, of one family, by namespace and tenant, the busiest first, with the look-ups of the window `before` beside;
 * `groups` says how many there are in all.
 */
export async function lookupsByFamily(
  db: Db,
  { from, to, tenant, family, before, limit }: Range & FamilyFilter & { before: Date; limit: number },
) {
  const during = gte(cacheLookups.minute, from)
  const [namespace, owner] = [cacheLookups.namespace, cacheLookups.tenant]
  const none = sql<string>`''`
  const rows = await db
    .select({
      family: cacheLookups.family,
      namespace: family ? namespace : none,
      tenant: family ? owner : none,
      hits: only(cacheLookups.hits, during),
      misses: only(cacheLookups.misses, during),
      hitsBefore: only(cacheLookups.hits, lt(cacheLookups.minute, from)),
      missesBefore: only(cacheLookups.misses, lt(cacheLookups.minute, from)),
      groups: sql`count(*) over ()`.mapWith(Number),
    })
    .from(cacheLookups)
    .where(insideAny({ from: before, to, tenant, family }))
    .groupBy(cacheLookups.family, ...(family ? [namespace, owner] : []))
    .having(sql`count(*) filter (where ${during}) > 0`)
    .orderBy(
      desc(sql`sum(${cacheLookups.hits} + ${cacheLookups.misses}) filter (where ${during})`),
      cacheLookups.family,
      ...(family ? [namespace, owner] : []),
    )
    .limit(limit)
  return { rows: rows.map(({ groups: _, ...row }) => row), groups: rows[0]?.groups ?? 0 }
}

/** By family, namespace and tenant, the busiest first, with the look-ups from `from` to `at` beside those from `at` to `to`. */
export function lookupsAround(
  db: Db,
  { at, limit, ...filter }: Range & Filter & FamilyFilter & { at: Date; limit: number },
) {
  const [earlier, later] = [lt(cacheLookups.minute, at), gte(cacheLookups.minute, at)]
  const key = [cacheLookups.family, cacheLookups.namespace, cacheLookups.tenant]
  return db
    .select({
      family: cacheLookups.family,
      namespace: cacheLookups.namespace,
      tenant: cacheLookups.tenant,
      hits: only(cacheLookups.hits, later),
      misses: only(cacheLookups.misses, later),
      hitsBefore: only(cacheLookups.hits, earlier),
      missesBefore: only(cacheLookups.misses, earlier),
      /** Dollars that a hit spared on average; to estimate with, not to account for. */
      usdPerHit: sql`coalesce(sum(${cacheLookups.savedUsd}) / nullif(sum(${cacheLookups.hits}), 0), 0)`.mapWith(Number),
    })
    .from(cacheLookups)
    .where(insideAny(filter))
    .groupBy(...key)
    .orderBy(desc(sql`sum(${cacheLookups.hits} + ${cacheLookups.misses})`), ...key)
    .limit(limit)
}

/** By stretches of `stepSeconds` since 1970, numbered; those without a look-up are absent. */
export function lookupSeries(db: Db, { stepSeconds, ...filter }: Range & Filter & { stepSeconds: number }) {
  return db
    .select({ bucket: bucketOf(stepSeconds), hits: figures.hits, misses: figures.misses })
    .from(cacheLookups)
    .where(inside(filter))
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .limit(1_000)
}

/** The same for each family that gateways count. */
export function lookupSeriesByFamily(
  db: Db,
  { stepSeconds, ...filter }: Range & FamilyFilter & { stepSeconds: number },
) {
  return db
    .select({ family: cacheLookups.family, bucket: bucketOf(stepSeconds), hits: figures.hits, misses: figures.misses })
    .from(cacheLookups)
    .where(insideAny(filter))
    .groupBy(cacheLookups.family, sql`2`)
    .orderBy(cacheLookups.family, sql`2`)
    .limit(10_000)
}

/** The same for each of the groups named. */
export function lookupSeriesBy(
  db: Db,
  { by, among, stepSeconds, ...filter }: Range & Filter & { by: LookupGroup; among: string[]; stepSeconds: number },
) {
  const key = lookupGroups[by]
  return db
    .select({ key, bucket: bucketOf(stepSeconds), hits: figures.hits, misses: figures.misses })
    .from(cacheLookups)
    .where(and(inside(filter), inArray(key, among)))
    .groupBy(key, sql`2`)
    .orderBy(key, sql`2`)
    .limit(10_000)
}

const bucketOf = (stepSeconds: number) =>
  sql`floor(extract(epoch from ${cacheLookups.minute}) / ${sql.raw(String(stepSeconds))})`.mapWith(Number)
