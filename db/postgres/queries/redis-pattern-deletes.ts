import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { redisPatternDeletes as deletes } from '@/db/postgres/schema/redis-connections'

export type PatternDeleteRow = typeof deletes.$inferSelect

export async function insertPatternDelete(
  tx: Transaction,
  row: Pick<typeof deletes.$inferInsert, 'connectionId' | 'pattern' | 'ofKeys' | 'by'>,
): Promise<PatternDeleteRow> {
  const [made] = await tx.insert(deletes).values(row).returning()
  if (!made) throw new Error('INSERT INTO redis_pattern_deletes returned no row')
  return made
}

/** The last ones, newest first. */
export function selectPatternDeletes(db: Db, { limit }: { limit: number }): Promise<PatternDeleteRow[]> {
  return db.select().from(deletes).orderBy(desc(deletes.startedAt), desc(deletes.id)).limit(limit)
}

/** Asks for the end of one that is under way; null where it is over, or none. */
export async function cancelPatternDelete(tx: Transaction, id: string): Promise<PatternDeleteRow | null> {
  const [row] = await tx
    .update(deletes)
    .set({ state: 'cancelled' })
    .where(and(eq(deletes.id, id), isNull(deletes.finishedAt)))
    .returning()
  return row ?? null
}

/** One that waits, or whose worker fell silent, taken over; null where there is none. */
export async function claimPatternDelete(db: Db, silentSince: Date): Promise<PatternDeleteRow | null> {
  const next = sql`(select id from redis_pattern_deletes where finished_at is null
    and (touched_at is null or touched_at < ${silentSince.toISOString()}::timestamptz)
    order by touched_at nulls first, id limit 1 for update skip locked)`
  const [row] = await db
    .update(deletes)
    .set({ touchedAt: sql`clock_timestamp()`, takenOver: sql`${deletes.takenOver} or ${deletes.cursor} is not null` })
    .where(eq(deletes.id, next))
    .returning()
  return row ?? null
}

type Progress = { cursor: string | null; walks: number; scanned: number; deleted: number; spared: number }

/** Says how far it is: `deleted` and `spared` since the last time. False once somebody cancelled it. */
export async function notePatternDelete(db: Db, id: string, progress: Progress): Promise<boolean> {
  const [row] = await db
    .update(deletes)
    .set({
      cursor: progress.cursor,
      walks: progress.walks,
      scanned: progress.scanned,
      deleted: sql`${deletes.deleted} + ${progress.deleted}`,
      spared: sql`${deletes.spared} + ${progress.spared}`,
      problem: null,
      touchedAt: sql`clock_timestamp()`,
    })
    .where(and(eq(deletes.id, id), isNull(deletes.finishedAt)))
    .returning({ state: deletes.state })
  return row?.state === 'running'
}

/** Why it does not go on right now: it is tried again. */
export async function troublePatternDelete(db: Db, id: string, problem: string): Promise<void> {
  await db
    .update(deletes)
    .set({ problem, touchedAt: sql`clock_timestamp()` })
    .where(and(eq(deletes.id, id), isNull(deletes.finishedAt)))
}

/** `failed` says why; one that was cancelled stays so. */
export async function finishPatternDelete(db: Db, id: string, problem: string | null): Promise<void> {
  const end = problem === null ? 'done' : 'failed'
  await db
    .update(deletes)
    .set({
      state: sql`case when ${deletes.state} = 'running' then ${end} else ${deletes.state} end`,
      problem,
      finishedAt: sql`clock_timestamp()`,
    })
    .where(and(eq(deletes.id, id), isNull(deletes.finishedAt)))
}

export async function prunePatternDeletes(db: Db, before: Date): Promise<void> {
  await db.delete(deletes).where(lt(deletes.finishedAt, before))
}
