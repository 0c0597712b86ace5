import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { kvDuels, storeMarks } from '@/db/postgres/schema/kv'

const KEPT_DUELS = 10
/** A running duel says so several times a second; one that was silent for so long has lost its worker. */
const SILENT_SECONDS = 15

const shown = {
  id: kvDuels.id,
  state: kvDuels.state,
  against: kvDuels.against,
  operations: kvDuels.operations,
  clients: kvDuels.clients,
  valueBytes: kvDuels.valueBytes,
  readShare: kvDuels.readShare,
  done: kvDuels.done,
  sides: kvDuels.sides,
  problem: kvDuels.problem,
  startedBy: kvDuels.startedBy,
  createdAt: kvDuels.createdAt,
  endedAt: kvDuels.endedAt,
}

/** Newest first. */
export async function selectDuels(db: Db) {
  return db.select(shown).from(kvDuels).orderBy(desc(kvDuels.createdAt), desc(kvDuels.id)).limit(KEPT_DUELS)
}
export type KvDuel = Awaited<ReturnType<typeof selectDuels>>[number]

const open = inArray(kvDuels.state, ['waiting', 'running'])

/** Those that wait or run, held until the transaction ends. */
export async function lockOpenDuels(tx: Db) {
  await tx.execute(sql`select pg_advisory_xact_lock(7092)`)
  return tx.select({ id: kvDuels.id }).from(kvDuels).where(open).orderBy(kvDuels.createdAt).limit(1)
}

export async function insertDuel(tx: Db, duel: typeof kvDuels.$inferInsert): Promise<string> {
  const [row] = await tx.insert(kvDuels).values(duel).returning({ id: kvDuels.id })
  if (!row) throw new Error('INSERT INTO kv_duels returned no row')
  return row.id
}

/** The oldest duel that waits, for this worker alone; null where there is none. */
export async function claimDuel(db: Db): Promise<KvDuel | null> {
  const [row] = await db
    .update(kvDuels)
    .set({ state: 'running', heardAt: sql`now()` })
    .where(
      sql`${kvDuels.id} = (select id from kv_duels where state = 'waiting' order by created_at limit 1 for update skip locked)`,
    )
    .returning(shown)
  return row ?? null
}

/** Says how far a running duel is; false once it was stopped. */
export async function reportDuel(db: Db, id: string, change: Pick<KvDuel, 'done' | 'sides'>): Promise<boolean> {
  const rows = await db
    .update(kvDuels)
    .set({ ...change, heardAt: sql`now()` })
    .where(and(eq(kvDuels.id, id), eq(kvDuels.state, 'running')))
    .returning({ id: kvDuels.id })
  return rows.length > 0
}

/** False where it had ended already. */
export async function endDuel(
  db: Db,
  id: string,
  end: { state: 'done' | 'stopped' | 'failed'; problem?: string | null },
) {
  const rows = await db
    .update(kvDuels)
    .set({ ...end, endedAt: sql`now()` })
    .where(and(eq(kvDuels.id, id), open))
    .returning({ id: kvDuels.id })
  return rows.length > 0
}

/** Duels whose worker was killed end as failed. */
export async function endSilentDuels(db: Db): Promise<void> {
  await db
    .update(kvDuels)
    .set({ state: 'failed', problem: 'Its worker ended.', endedAt: sql`now()` })
    .where(and(eq(kvDuels.state, 'running'), sql`heard_at < now() - ${SILENT_SECONDS} * interval '1 second'`))
}

/** The memories that are marked as production. */
export async function productionStores(db: Db): Promise<('redis' | 'postgres')[]> {
  const rows = await db
    .select({ store: storeMarks.store })
    .from(storeMarks)
    .where(eq(storeMarks.production, true))
    .orderBy(desc(storeMarks.store))
    .limit(2)
  return rows.map(({ store }) => store)
}

export async function markStore(tx: Db, mark: { store: 'redis' | 'postgres'; production: boolean; changedBy: string }) {
  const { production, changedBy } = mark
  await tx
    .insert(storeMarks)
    .values(mark)
    .onConflictDoUpdate({ target: storeMarks.store, set: { production, changedBy, changedAt: sql`now()` } })
}
