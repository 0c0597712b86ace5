import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { type IndexWantedBy, memoryPartitions, memorySettings } from '@/db/postgres/schema/memory'

type Off = { tenant: string; bytes: number; wantedBy?: IndexWantedBy }

/** Before the index is dropped: from here on it is known that it shall come back. What is noted already stays. */
export async function noteIndexOff(db: Db, { tenant, bytes, wantedBy }: Off): Promise<void> {
  await db
    .update(memoryPartitions)
    .set({ indexOffAt: sql`clock_timestamp()`, indexOffBytes: bytes, indexWantedBy: wantedBy ?? null })
    .where(and(eq(memoryPartitions.tenant, tenant), isNull(memoryPartitions.indexOffAt)))
}

/** There is an index, or none shall come back. */
export async function forgetIndexOff(db: Db, tenant: string): Promise<void> {
  await db
    .update(memoryPartitions)
    .set({ indexOffAt: null, indexOffBytes: null, indexWantedBy: null })
    .where(eq(memoryPartitions.tenant, tenant))
}

/** Wakes a tenant that sleeps; of one that does not, or was woken, nothing changes. */
export async function wantIndex(db: Db, { tenant, by }: { tenant: string; by: IndexWantedBy }): Promise<void> {
  const { indexOffAt, indexWantedBy } = memoryPartitions
  await db
    .update(memoryPartitions)
    .set({ indexWantedBy: by })
    .where(and(eq(memoryPartitions.tenant, tenant), isNotNull(indexOffAt), isNull(indexWantedBy)))
}

/** Tenants whose index is to be built again, and on whose memory nobody works; the longest without it first. */
export async function indexesWanted(db: Db, { tenant, limit }: { tenant?: string; limit: number }) {
  const rows = await db.execute<{ tenant: string; by: IndexWantedBy }>(sql`
    select tenant, index_wanted_by as by from memory_partitions p
    where index_wanted_by is not null and leaving_at is null ${tenant === undefined ? sql`` : sql`and tenant = ${tenant}`}
      and not exists (select from jobs j where j.tenant = p.tenant and state in ('queued', 'running'))
    order by index_off_at, tenant limit ${limit}`)
  return [...rows]
}

type Idle = { tenants: number; bytes: number; largest: string[] }

/**
 * Indexes that nobody used for so many days: not searched, not written to, not worked on. By the last look at them, except
 * for what was done since. How many, their bytes, and the largest first, at most `limit`.
 */
export async function idleIndexes(
  db: Db,
  { days, tenant, limit }: { days: number; tenant: string | null; limit: number },
): Promise<Idle> {
  const since = sql`now() - make_interval(days => ${days}::int)`
  const [row] = await db.execute<Idle>(sql`
    with idle as (
      select s.tenant, s.index_bytes as bytes from memory_samples s join memory_partitions p using (tenant)
      where s.index_state = 'valid' and p.index_off_at is null and p.leaving_at is null and p.other_model is null
        and ${tenant === null ? sql`true` : sql`s.tenant = ${tenant}`}
        and coalesce(greatest(s.last_used_at, p.created_at), now()) < ${since}
        and not exists (select from memory_activity a where a.tenant = s.tenant and a.minute >= ${since})
        and not exists (select from jobs j where j.tenant = s.tenant and (state in ('queued', 'running') or finished_at >= ${since}))
    )
    select count(*)::int as tenants, coalesce(sum(bytes), 0)::float8 as bytes,
      coalesce(to_jsonb((array_agg(tenant order by bytes desc, tenant))[1:${sql.raw(String(Math.trunc(limit)))}]), '[]') as largest
    from idle`)
  if (!row) throw new Error('idle indexes: no row')
  return row
}

export async function selectMemorySettings(db: Db) {
  const { sleepAfterDays, keepSearches, changedAt, changedBy } = memorySettings
  const [row] = await db.select({ sleepAfterDays, keepSearches, changedAt, changedBy }).from(memorySettings).limit(1)
  if (!row) throw new Error('memory_settings has lost its row')
  return row
}

type Settings = { sleepAfterDays: number | null; keepSearches: boolean }

/** Answers what held before. */
export async function updateMemorySettings(
  tx: Transaction,
  change: Partial<Settings> & { changedBy: string },
): Promise<Settings> {
  const { sleepAfterDays, keepSearches } = memorySettings
  const [before] = await tx.select({ sleepAfterDays, keepSearches }).from(memorySettings).for('update')
  if (!before) throw new Error('memory_settings has lost its row')
  await tx.update(memorySettings).set({ ...change, changedAt: new Date() })
  return before
}
