import { and, asc, eq, ne, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { type SessionPhase, sessionNamespaces } from '@/db/postgres/schema/table-sessions'

export const MOST_SESSION_NAMESPACES = 100

const { name, store, phase, phaseSince, moved, problem, createdBy, createdAt } = sessionNamespaces
const shown = { name, store, phase, phaseSince, moved, problem, createdBy, createdAt }

export async function selectSessionNamespaces(db: Db) {
  return db.select(shown).from(sessionNamespaces).orderBy(asc(name)).limit(MOST_SESSION_NAMESPACES)
}
export type SessionNamespace = Awaited<ReturnType<typeof selectSessionNamespaces>>[number]

export async function selectMovingSessionNamespaces(db: Db): Promise<SessionNamespace[]> {
  return db
    .select(shown)
    .from(sessionNamespaces)
    .where(ne(phase, 'settled'))
    .orderBy(asc(name))
    .limit(MOST_SESSION_NAMESPACES)
}

/** All of them, held until the transaction ends: one moves at a time. */
export async function lockSessionNamespaces(tx: Db): Promise<SessionNamespace[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(7094)`)
  return selectSessionNamespaces(tx)
}

export async function insertSessionNamespace(
  tx: Db,
  row: Pick<typeof sessionNamespaces.$inferInsert, 'name' | 'store' | 'createdBy'>,
) {
  await tx.insert(sessionNamespaces).values(row)
}

export async function deleteSessionNamespace(tx: Db, which: string): Promise<void> {
  await tx.delete(sessionNamespaces).where(eq(name, which))
}

type Change = Partial<Pick<typeof sessionNamespaces.$inferInsert, 'store' | 'phase' | 'moved' | 'problem'>>

/** Changes a namespace while it is in that phase; whether it was: another worker, or an operator, may have been faster. */
export async function changeSessionNamespace(
  db: Db,
  { name: which, phase: during }: { name: string; phase: SessionPhase },
  change: Change,
): Promise<boolean> {
  const since = change.phase === undefined ? {} : { phaseSince: sql`clock_timestamp()` }
  const rows = await db
    .update(sessionNamespaces)
    .set({ ...change, ...since })
    .where(and(eq(name, which), eq(phase, during)))
    .returning({ name })
  return rows.length > 0
}

/** Milliseconds since it came into its phase, by the clock of Postgres. */
export async function sessionPhaseAgeMs(db: Db, which: string): Promise<number> {
  const [row] = await db
    .select({ age: sql<number>`extract(epoch from clock_timestamp() - ${phaseSince}) * 1000`.mapWith(Number) })
    .from(sessionNamespaces)
    .where(eq(name, which))
    .limit(1)
  return row?.age ?? 0
}
