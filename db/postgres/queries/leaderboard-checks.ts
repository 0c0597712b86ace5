import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { leaderboardChecks } from '@/db/postgres/schema/leaderboards'

const { boardId, id, finishedAt } = leaderboardChecks
const shown = {
  id,
  boardId,
  kind: leaderboardChecks.kind,
  status: leaderboardChecks.status,
  askedBy: leaderboardChecks.askedBy,
  queuedAt: leaderboardChecks.queuedAt,
  finishedAt,
  progress: leaderboardChecks.progress,
  ledgerMembers: leaderboardChecks.ledgerMembers,
  redisMembers: leaderboardChecks.redisMembers,
  missing: leaderboardChecks.missing,
  extra: leaderboardChecks.extra,
  different: leaderboardChecks.different,
  displaced: leaderboardChecks.displaced,
  farthest: leaderboardChecks.farthest,
  error: leaderboardChecks.error,
}

export async function insertCheck(
  db: Db,
  check: Pick<typeof leaderboardChecks.$inferInsert, 'boardId' | 'kind' | 'askedBy' | 'status' | 'aliveAt'>,
) {
  const [row] = await db.insert(leaderboardChecks).values(check).returning(shown)
  if (!row) throw new Error('INSERT INTO leaderboard_checks returned no row')
  return row
}

/** One that waits to be done; another check of the board that waits already is as good. */
export async function selectWaiting(db: Db, board: string, kind: 'check' | 'reconcile') {
  const [row] = await db
    .select(shown)
    .from(leaderboardChecks)
    .where(and(eq(boardId, board), eq(leaderboardChecks.kind, kind), eq(leaderboardChecks.status, 'queued')))
    .orderBy(id)
    .limit(1)
  return row ?? null
}

/** Takes the oldest that waits, or whose worker has been silent; null when there is none. */
export async function claimCheck(db: Db, { silentSeconds }: { silentSeconds: number }) {
  const due = db
    .select({ id })
    .from(leaderboardChecks)
    .where(
      and(
        isNull(finishedAt),
        sql`(${leaderboardChecks.status} = 'queued'
          or ${leaderboardChecks.aliveAt} < clock_timestamp() - ${silentSeconds} * interval '1 second')`,
      ),
    )
    .orderBy(id)
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await db
    .update(leaderboardChecks)
    .set({ status: 'running', aliveAt: sql`clock_timestamp()`, progress: 0 })
    .where(sql`${id} = (${due})`)
    .returning(shown)
  return row ?? null
}
export type Check = Awaited<ReturnType<typeof insertCheck>>

export async function noteProgress(db: Db, check: number, progress: number): Promise<void> {
  await db
    .update(leaderboardChecks)
    .set({ progress, aliveAt: sql`clock_timestamp()` })
    .where(eq(id, check))
}

type Result = Partial<
  Pick<
    typeof leaderboardChecks.$inferInsert,
    | 'ledgerMembers'
    | 'redisMembers'
    | 'missing'
    | 'extra'
    | 'different'
    | 'displaced'
    | 'farthest'
    | 'differences'
    | 'error'
  >
>

export async function finishCheck(
  db: Db,
  check: number,
  { status, ...result }: Result & { status: 'done' | 'failed' },
): Promise<void> {
  await db
    .update(leaderboardChecks)
    .set({ ...result, status, finishedAt: sql`clock_timestamp()` })
    .where(eq(id, check))
}

/** With the members that differ. */
export async function selectCheck(db: Db, board: string, check: number) {
  const [row] = await db
    .select({ ...shown, differences: leaderboardChecks.differences })
    .from(leaderboardChecks)
    .where(and(eq(boardId, board), eq(id, check)))
    .limit(1)
  return row ?? null
}

/** The history of a board, newest first. */
export async function selectChecks(db: Db, board: string, limit: number): Promise<Check[]> {
  return db.select(shown).from(leaderboardChecks).where(eq(boardId, board)).orderBy(desc(id)).limit(limit)
}

/** The newest that was done, by board. */
export async function selectLastDone(db: Db, boards: readonly string[]): Promise<Map<string, Check>> {
  const found = await Promise.all(
    boards.map(async (board) => {
      const [row] = await db
        .select(shown)
        .from(leaderboardChecks)
        .where(and(eq(boardId, board), eq(leaderboardChecks.status, 'done')))
        .orderBy(desc(id))
        .limit(1)
      return row
    }),
  )
  return new Map(found.flatMap((row) => (row ? [[row.boardId, row] as const] : [])))
}

/** Boards whose ranking was not its ledger when they were compared last, those scored last first; of one tenant or all. */
export async function selectDrifted(db: Db, { tenant, limit }: { tenant?: string; limit: number }) {
  return db.execute<{ name: string; tenant: string | null; members: number; at: string }>(sql`
    select boards.name, boards.tenant, last.members::int, last.finished_at as at
    from leaderboards as boards cross join lateral (
      select kind, finished_at, missing + extra + different as members from leaderboard_checks
      where board_id = boards.id and status = 'done' order by id desc limit 1
    ) as last
    where last.kind = 'check' and last.members > 0 and ${tenant === undefined ? sql`true` : sql`boards.tenant = ${tenant}`}
    order by boards.last_scored_at desc nulls last, boards.id limit ${limit}`)
}

/**
 * Boards to be compared: scored since they were last, that having been some time ago, or not compared for long.
 * Those that were never compared come first.
 */
export async function selectDueBoards(db: Db, { activeSeconds, idleSeconds, limit }: Record<string, number>) {
  return db.execute<{ id: string }>(sql`
    select boards.id from leaderboards as boards
    left join lateral (
      select queued_at, finished_at from leaderboard_checks where board_id = boards.id order by id desc limit 1
    ) as last on true
    where (boards.settled_at is null or last.queued_at is null)
      and (last.queued_at is null or last.queued_at < now() - ${idleSeconds} * interval '1 second'
        or (boards.last_scored_at > last.queued_at and last.queued_at < now() - ${activeSeconds} * interval '1 second'))
      and (last.queued_at is null or last.finished_at is not null)
    order by last.queued_at nulls first, boards.id limit ${limit}`)
}

export async function deleteChecks(db: Db, { before }: { before: Date }): Promise<number> {
  return (
    await db
      .delete(leaderboardChecks)
      .where(and(isNotNull(finishedAt), sql`${finishedAt} < ${before.toISOString()}::timestamptz`))
  ).count
}
