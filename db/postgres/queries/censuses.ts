import { and, desc, gte, lt, lte, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { redisCensuses } from '@/db/postgres/schema/cache'

const { startedAt, finishedAt, keys, examined, measured, report } = redisCensuses

export async function insertCensus(db: Db, census: typeof redisCensuses.$inferInsert): Promise<void> {
  await db.insert(redisCensuses).values(census)
}

/** When the last one began and ended; null when there was never one. */
export async function newestCensusTimes(db: Db) {
  const [newest] = await db.select({ startedAt, finishedAt }).from(redisCensuses).orderBy(desc(finishedAt)).limit(1)
  return newest ?? null
}

/** The last one that was finished by an instant; null when there is none. */
export async function newestCensus(db: Db, { before }: { before: Date }) {
  const [newest] = await db
    .select({ startedAt, finishedAt, keys, examined, measured, report })
    .from(redisCensuses)
    .where(lte(finishedAt, before))
    .orderBy(desc(finishedAt))
    .limit(1)
  return newest ?? null
}

/** The first one of a range, to compare the last with. */
export async function oldestCensus(db: Db, { from, to }: { from: Date; to: Date }) {
  const [oldest] = await db
    .select({ finishedAt, report })
    .from(redisCensuses)
    .where(and(gte(finishedAt, from), lt(finishedAt, to)))
    .orderBy(finishedAt)
    .limit(1)
  return oldest ?? null
}

/** Forgets those from before `before`, and of those from before `thinBefore` all but the first of each hour. */
export async function pruneCensuses(db: Db, { before, thinBefore }: { before: Date; thinBefore: Date }) {
  const gone = await db.execute(sql`
    delete from redis_censuses where finished_at < ${before.toISOString()}::timestamptz
      or id in (
        select id from (
          select id, row_number() over (
            partition by floor(extract(epoch from finished_at) / 3600) order by finished_at) as place
          from redis_censuses where finished_at < ${thinBefore.toISOString()}::timestamptz) as hours
        where place > 1)`)
  return gone.count
}
