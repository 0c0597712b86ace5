import { and, asc, desc, eq, inArray, or, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { erasures, type ErasurePhase, signingKeys } from '@/db/postgres/schema/erasures'

/** Whoever has not said for so long that the erasure goes on was killed. */
const SILENCE_SECONDS = 15
const LISTED = 500

const shown = {
  id: erasures.id,
  slug: erasures.slug,
  name: erasures.name,
  usage: erasures.usage,
  reason: erasures.reason,
  state: erasures.state,
  phase: erasures.phase,
  actor: erasures.actor,
  requestedAt: erasures.requestedAt,
  startedAt: erasures.startedAt,
  finishedAt: erasures.finishedAt,
  attempts: erasures.attempts,
  found: erasures.found,
  redis: erasures.redis,
  postgres: erasures.postgres,
  kept: erasures.kept,
  receipt: erasures.receipt,
  verified: erasures.verified,
  error: erasures.error,
}

type NewErasure = Pick<typeof erasures.$inferInsert, 'slug' | 'name' | 'usage' | 'reason' | 'actor'>

/**
 * Null where the tenant is being erased already: once at a time (the unique index). With a `runner` it is that one's from
 * the beginning, else it waits to be claimed.
 */
export async function insertErasure(tx: Transaction, erasure: NewErasure, runner?: string) {
  const now = sql`clock_timestamp()`
  const claimed = runner && { state: 'running' as const, runner, attempts: 1, startedAt: now, beatAt: now }
  const [row] = await tx
    .insert(erasures)
    .values({ ...erasure, ...claimed })
    .onConflictDoNothing()
    .returning(shown)
  return row ?? null
}
export type Erasure = NonNullable<Awaited<ReturnType<typeof insertErasure>>>

export async function selectErasure(db: Db, id: string): Promise<Erasure | null> {
  const [row] = await db.select(shown).from(erasures).where(eq(erasures.id, id)).limit(1)
  return row ?? null
}

/** The one that is under way for a tenant. */
export async function liveErasure(db: Db, slug: string): Promise<Erasure | null> {
  const live = inArray(erasures.state, ['queued', 'running'])
  const [row] = await db
    .select(shown)
    .from(erasures)
    .where(and(eq(erasures.slug, slug), live))
    .limit(1)
  return row ?? null
}

/** Newest first, of all tenants or of one; `total` counts those beyond the limit too. */
export async function selectErasures(db: Db, { slug, limit = LISTED }: { slug: string | null; limit?: number }) {
  const of = slug === null ? undefined : eq(erasures.slug, slug)
  const [rows, total] = await Promise.all([
    db.select(shown).from(erasures).where(of).orderBy(desc(erasures.requestedAt), asc(erasures.id)).limit(limit),
    db
      .select({ n: sql<number>`count(*)::int` })
      .from(erasures)
      .where(of),
  ])
  return { rows, total: total[0]?.n ?? 0 }
}

const silent = sql`(${erasures.state} = 'running' and ${erasures.beatAt} < clock_timestamp() - ${sql.raw(`interval '${SILENCE_SECONDS} s'`)})`

/** Takes on an erasure that waits, or whose runner fell silent: the one with this id, or the oldest. Null where there is none. */
export async function claimErasure(db: Db, runner: string, id?: string): Promise<Erasure | null> {
  const free = or(eq(erasures.state, 'queued'), silent)
  const next = db
    .select({ id: erasures.id })
    .from(erasures)
    .where(id === undefined ? free : and(eq(erasures.id, id), free))
    .orderBy(asc(erasures.requestedAt), asc(erasures.id))
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await db
    .update(erasures)
    .set({
      state: 'running',
      runner,
      attempts: sql`${erasures.attempts} + 1`,
      startedAt: sql`coalesce(${erasures.startedAt}, clock_timestamp())`,
      beatAt: sql`clock_timestamp()`,
    })
    .where(eq(erasures.id, sql`(${next})`))
    .returning(shown)
  return row ?? null
}

type Own = { id: string; runner: string }
type Progress = Partial<Pick<Erasure, 'found' | 'redis' | 'postgres' | 'kept'>> & { phase?: ErasurePhase }

/** Says that it goes on, and how far it is. False when it is another runner's by now, or over. */
export async function noteErasure(db: Db, { id, runner }: Own, progress: Progress = {}): Promise<boolean> {
  const { count } = await db
    .update(erasures)
    .set({ ...progress, beatAt: sql`clock_timestamp()` })
    .where(and(eq(erasures.id, id), eq(erasures.runner, runner), eq(erasures.state, 'running')))
  return count === 1
}

type End =
  | { state: 'done'; receipt: Record<string, unknown>; verified: boolean }
  | { state: 'failed'; error: string }
  | { state: 'queued' }

/** Ends an erasure, or gives it back (`queued`). False when it is another runner's by now. */
export async function endErasure(db: Db, { id, runner }: Own, end: End): Promise<boolean> {
  const { count } = await db
    .update(erasures)
    .set({ ...end, ...(end.state !== 'queued' && { phase: null, finishedAt: sql`clock_timestamp()` }) })
    .where(and(eq(erasures.id, id), eq(erasures.runner, runner), eq(erasures.state, 'running')))
  return count === 1
}

export type SigningKey = typeof signingKeys.$inferSelect

/** The oldest first; the first is the one that signs. */
export function selectSigningKeys(db: Db): Promise<SigningKey[]> {
  return db.select().from(signingKeys).orderBy(asc(signingKeys.createdAt), asc(signingKeys.id)).limit(100)
}

export async function insertSigningKey(db: Db, key: Omit<SigningKey, 'createdAt'>): Promise<void> {
  await db.insert(signingKeys).values(key).onConflictDoNothing()
}
