import { and, asc, eq, ne, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { kvNamespaces, type KvPhase } from '@/db/postgres/schema/kv'

export const MOST_NAMESPACES = 500

const shown = {
  name: kvNamespaces.name,
  store: kvNamespaces.store,
  other: kvNamespaces.other,
  phase: kvNamespaces.phase,
  phaseSince: kvNamespaces.phaseSince,
  cursor: kvNamespaces.cursor,
  copied: kvNamespaces.copied,
  verified: kvNamespaces.verified,
  differed: kvNamespaces.differed,
  problem: kvNamespaces.problem,
  createdBy: kvNamespaces.createdBy,
  createdAt: kvNamespaces.createdAt,
}

export async function selectNamespaces(db: Db) {
  return db.select(shown).from(kvNamespaces).orderBy(asc(kvNamespaces.name)).limit(MOST_NAMESPACES)
}
export type KvNamespace = Awaited<ReturnType<typeof selectNamespaces>>[number]

/** Those that move. */
export async function selectMovingNamespaces(db: Db) {
  return db
    .select(shown)
    .from(kvNamespaces)
    .where(ne(kvNamespaces.phase, 'settled'))
    .orderBy(asc(kvNamespaces.name))
    .limit(MOST_NAMESPACES)
}

export async function selectNamespace(db: Db, name: string): Promise<KvNamespace | null> {
  const [row] = await db.select(shown).from(kvNamespaces).where(eq(kvNamespaces.name, name)).limit(1)
  return row ?? null
}

/** Held until the transaction ends. */
export async function lockNamespace(tx: Db, name: string): Promise<KvNamespace | null> {
  const [row] = await tx.select(shown).from(kvNamespaces).where(eq(kvNamespaces.name, name)).limit(1).for('update')
  return row ?? null
}

/** False where there is no room for another one; one that is there already stays as it is. */
export async function insertNamespace(db: Db, namespace: typeof kvNamespaces.$inferInsert): Promise<boolean> {
  const [{ count = 0 } = {}] = await db.select({ count: sql<number>`count(*)::int` }).from(kvNamespaces)
  if (count >= MOST_NAMESPACES) return (await selectNamespace(db, namespace.name)) !== null
  await db.insert(kvNamespaces).values(namespace).onConflictDoNothing()
  return true
}

type Change = Partial<
  Pick<
    typeof kvNamespaces.$inferInsert,
    'store' | 'other' | 'phase' | 'cursor' | 'copied' | 'verified' | 'differed' | 'problem'
  >
>

/** Changes a namespace while it is in that phase since then; says whether it was: another worker may have gone on. */
export async function changeNamespace(
  db: Db,
  { name, phase, phaseSince }: { name: string; phase: KvPhase; phaseSince: Date },
  change: Change,
): Promise<boolean> {
  const moved = change.phase === undefined ? {} : { phaseSince: sql`clock_timestamp()` }
  // Milliseconds, because that is all a Date has of what Postgres keeps.
  const same = sql`date_trunc('milliseconds', ${kvNamespaces.phaseSince}) = ${phaseSince.toISOString()}::timestamptz`
  const rows = await db
    .update(kvNamespaces)
    .set({ ...change, ...moved })
    .where(and(eq(kvNamespaces.name, name), eq(kvNamespaces.phase, phase), same))
    .returning({ name: kvNamespaces.name })
  return rows.length > 0
}

/** Milliseconds since a namespace came into its phase, by the clock of Postgres. */
export async function phaseAgeMs(db: Db, name: string): Promise<number> {
  const [row] = await db
    .select({ ms: sql<number>`(extract(epoch from clock_timestamp() - ${kvNamespaces.phaseSince}) * 1000)::float8` })
    .from(kvNamespaces)
    .where(eq(kvNamespaces.name, name))
    .limit(1)
  return row?.ms ?? 0
}
