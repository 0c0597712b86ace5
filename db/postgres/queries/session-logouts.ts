import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { sessionLogouts } from '@/db/postgres/schema/sessions'

const { id, filter, state, examined, ofSessions, loggedOut, by, startedAt, finishedAt, undoneAt, restored, problem } =
  sessionLogouts
const shown = {
  id,
  filter,
  state,
  examined,
  ofSessions,
  loggedOut,
  by,
  startedAt,
  finishedAt,
  undoneAt,
  restored,
  problem,
}

export async function insertLogout(
  tx: Transaction,
  row: Pick<typeof sessionLogouts.$inferInsert, 'filter' | 'ofSessions' | 'by'>,
) {
  const [made] = await tx.insert(sessionLogouts).values(row).returning(shown)
  if (!made) throw new Error('INSERT INTO session_logouts returned no row')
  return made
}
export type Logout = Awaited<ReturnType<typeof insertLogout>>

export async function selectLogout(db: Db, which: string): Promise<Logout | null> {
  const [row] = await db.select(shown).from(sessionLogouts).where(eq(id, which))
  return row ?? null
}

export async function selectLogouts(db: Db, { limit }: { limit: number }): Promise<Logout[]> {
  return db.select(shown).from(sessionLogouts).orderBy(desc(startedAt), desc(id)).limit(limit)
}

/** Held until the transaction ends. */
export async function lockLogout(tx: Transaction, which: string): Promise<Logout | null> {
  const [row] = await tx.select(shown).from(sessionLogouts).where(eq(id, which)).for('update')
  return row ?? null
}

/** Says how far it is; false once somebody cancelled it. `examined` is as of this pass, `more` are those logged out since the last time. */
export async function noteProgress(db: Db, which: string, progress: { examined: number; more: number }) {
  const rows = await db
    .update(sessionLogouts)
    .set({
      examined: progress.examined,
      loggedOut: sql`${loggedOut} + ${progress.more}`,
      problem: null,
      touchedAt: sql`now()`,
    })
    .where(eq(id, which))
    .returning({ state })
  return rows[0]?.state === 'running'
}

/** `failed` says why; one that was cancelled stays so. */
export async function finishLogout(db: Db, which: string, failed: string | null = null): Promise<void> {
  const end = failed === null ? 'done' : 'failed'
  await db
    .update(sessionLogouts)
    .set({
      state: sql`case when ${state} = 'running' then ${end} else ${state} end`,
      problem: failed,
      // Where the answer of Redis was lost, what was noted is known better than what was counted.
      loggedOut: sql`greatest(${loggedOut}, (select count(*) from session_logout_keys k where k.logout_id = ${which}))`,
      finishedAt: sql`now()`,
    })
    .where(and(eq(id, which), sql`${finishedAt} is null`))
}

/** Why it does not go on right now: it is tried again. */
export async function troubleLogout(db: Db, which: string, why: string): Promise<void> {
  await db
    .update(sessionLogouts)
    .set({ problem: why, touchedAt: sql`now()` })
    .where(and(eq(id, which), sql`${finishedAt} is null`))
}

export async function updateLogout(
  tx: Transaction,
  which: string,
  change: Partial<Pick<typeof sessionLogouts.$inferInsert, 'state' | 'undoneAt' | 'restored'>>,
): Promise<void> {
  await tx.update(sessionLogouts).set(change).where(eq(id, which))
}

/** Those that go on, or can still be undone; the newest ones. */
export async function selectUndoable(db: Db, { finishedAfter, limit }: { finishedAfter: Date; limit: number }) {
  const rows = await db
    .select({ id })
    .from(sessionLogouts)
    .where(
      sql`${undoneAt} is null and (${finishedAt} is null or ${finishedAt} > ${finishedAfter.toISOString()}::timestamptz)`,
    )
    .orderBy(desc(startedAt), desc(id))
    .limit(limit)
  return rows.map((row) => row.id)
}

/** One that nobody works on any more, taken over; null where there is none. */
export async function claimSilentLogout(db: Db, silentSince: Date): Promise<Logout | null> {
  const [row] = await db
    .update(sessionLogouts)
    .set({ touchedAt: sql`now()` })
    .where(
      and(
        sql`${id} = (select id from session_logouts where finished_at is null and touched_at < ${silentSince.toISOString()}::timestamptz
          order by touched_at limit 1 for update skip locked)`,
      ),
    )
    .returning(shown)
  return row ?? null
}

export async function pruneLogouts(db: Db, before: Date): Promise<void> {
  await db.delete(sessionLogouts).where(lt(startedAt, before))
}
