import { and, desc, eq, inArray, notInArray, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { type JobKind, jobs, type JobState } from '@/db/postgres/schema/jobs'
import type { IndexMethod } from '@/db/postgres/schema/memory'

/** A worker that has not said for so long that it still does a job was killed. */
const SILENCE_SECONDS = 15

const shown = {
  id: jobs.id,
  kind: jobs.kind,
  tenant: jobs.tenant,
  params: jobs.params,
  state: jobs.state,
  phase: jobs.phase,
  progress: jobs.progress,
  estimateMs: jobs.estimateMs,
  requestedBy: jobs.requestedBy,
  requestedAt: jobs.requestedAt,
  startedAt: jobs.startedAt,
  finishedAt: jobs.finishedAt,
  cancelRequestedAt: jobs.cancelRequestedAt,
  attempts: jobs.attempts,
  error: jobs.error,
}

type NewJob = {
  kind: JobKind
  tenant: string
  params: Record<string, unknown>
  estimateMs: number | null
  requestedBy: string
}

/** Null where the tenant has one under way already: one at a time (the unique index). */
export async function insertJob(tx: Transaction, job: NewJob) {
  const [row] = await tx.insert(jobs).values(job).onConflictDoNothing().returning(shown)
  return row ?? null
}
export type Job = NonNullable<Awaited<ReturnType<typeof insertJob>>>

/** A job that this process begins at once, as `insertJob`; it has to beat. */
export async function beginJob(tx: Transaction, { worker, ...job }: NewJob & { worker: string }) {
  const now = sql`clock_timestamp()`
  const begun = { ...job, worker, state: 'running' as const, startedAt: now, beatAt: now }
  const [row] = await tx.insert(jobs).values(begun).onConflictDoNothing().returning(shown)
  return row ?? null
}

/** The oldest job that waits, or whose worker fell silent, of all tenants or of one; it is this worker's from now on. */
export async function claimJob(
  db: Db,
  worker: string,
  tenant?: string,
  kinds: { only?: readonly JobKind[]; except?: readonly JobKind[] } = {},
): Promise<Job | null> {
  const of = and(
    tenant === undefined ? sql`true` : eq(jobs.tenant, tenant),
    kinds.only && inArray(jobs.kind, [...kinds.only]),
    kinds.except && notInArray(jobs.kind, [...kinds.except]),
  )
  const next = sql`(select id from jobs where ${of} and (state = 'queued' or (state = 'running' and beat_at < clock_timestamp() - ${sql.raw(`interval '${SILENCE_SECONDS} s'`)}))
    order by requested_at, id limit 1 for update skip locked)`
  const [row] = await db
    .update(jobs)
    .set({
      state: 'running',
      worker,
      attempts: sql`${jobs.attempts} + 1`,
      startedAt: sql`coalesce(${jobs.startedAt}, clock_timestamp())`,
      beatAt: sql`clock_timestamp()`,
    })
    .where(eq(jobs.id, next))
    .returning(shown)
  return row ?? null
}

const own = (id: string, worker: string) =>
  and(eq(jobs.id, id), eq(jobs.worker, worker), eq(jobs.state, 'running' satisfies JobState))

/** Says how far it is. `cancelled` once somebody asked for its end; null when it is another worker's, or gone. */
export async function beat(
  db: Db,
  { id, worker, phase, progress }: { id: string; worker: string; phase?: string | null; progress?: number | null },
): Promise<{ cancelled: boolean } | null> {
  const [row] = await db
    .update(jobs)
    .set({ beatAt: sql`clock_timestamp()`, ...(phase !== undefined && { phase, progress: progress ?? null }) })
    .where(own(id, worker))
    .returning({ cancelRequestedAt: jobs.cancelRequestedAt })
  return row ? { cancelled: row.cancelRequestedAt !== null } : null
}

const merged = (note: object) => sql`${jobs.params} || ${JSON.stringify(note)}::text::jsonb`

/** Adds to what a job is known by. */
export async function addToJob(db: Db, { id, note }: { id: string; note: object }): Promise<void> {
  await db
    .update(jobs)
    .set({ params: merged(note) })
    .where(eq(jobs.id, id))
}

/** Gives a job that was begun to the workers, with a note. False when it is another's by now, or gone. */
export async function handJob(db: Db, { id, worker, note }: { id: string; worker: string; note: object }) {
  const { count } = await db
    .update(jobs)
    .set({ params: merged(note), state: 'queued', phase: null, progress: null })
    .where(own(id, worker))
  return count === 1
}

type End = { id: string; worker: string; state: Exclude<JobState, 'running'>; error?: string | null }

/** Ends a job, or gives it back (`queued`). False when it is another worker's by now, or gone. */
export async function endJob(db: Db, { id, worker, state, error = null }: End): Promise<boolean> {
  const { count } = await db
    .update(jobs)
    .set({
      state,
      error,
      phase: null,
      progress: null,
      ...(state !== 'queued' && { finishedAt: sql`clock_timestamp()` }),
    })
    .where(own(id, worker))
  return count === 1
}

/** A job that waits is cancelled at once, one that runs by its worker. Null where it is neither. */
export async function cancelJob(tx: Transaction, id: string): Promise<Job | null> {
  const [row] = await tx
    .update(jobs)
    .set({
      cancelRequestedAt: sql`coalesce(${jobs.cancelRequestedAt}, clock_timestamp())`,
      state: sql`case ${jobs.state} when 'queued' then 'cancelled' else ${jobs.state} end`,
      finishedAt: sql`case ${jobs.state} when 'queued' then clock_timestamp() end`,
    })
    .where(and(eq(jobs.id, id), inArray(jobs.state, ['queued', 'running'])))
    .returning(shown)
  return row ?? null
}

/** Asks for the end of what is under way for a tenant; answers how many there are. */
export async function cancelJobsOfTenant(db: Db, tenant: string): Promise<number> {
  const { count } = await db
    .update(jobs)
    .set({
      cancelRequestedAt: sql`coalesce(${jobs.cancelRequestedAt}, clock_timestamp())`,
      state: sql`case ${jobs.state} when 'queued' then 'cancelled' else ${jobs.state} end`,
    })
    .where(and(eq(jobs.tenant, tenant), eq(jobs.state, 'running')))
  return count
}

/** A tenant's job of a kind; null where there is none of that id. */
export async function selectJob(
  db: Db,
  { id, tenant, kind }: Pick<Job, 'id' | 'tenant' | 'kind'>,
): Promise<Job | null> {
  const [row] = await db
    .select(shown)
    .from(jobs)
    .where(and(eq(jobs.id, id), eq(jobs.tenant, tenant), eq(jobs.kind, kind)))
    .limit(1)
  return row ?? null
}

/** The last ones of a tenant, newest first. */
export function jobsOfTenant(db: Db, { tenant, limit }: { tenant: string; limit: number }): Promise<Job[]> {
  return db
    .select(shown)
    .from(jobs)
    .where(eq(jobs.tenant, tenant))
    .orderBy(desc(jobs.requestedAt), desc(jobs.id))
    .limit(limit)
}

/** Milliseconds per row and dimension (and list of IVFFlat) of the last builds by a method; null before the first. */
export async function buildPace(db: Db, method: IndexMethod): Promise<number | null> {
  const [row] = await db.execute<{ pace: number | null }>(sql`
    select percentile_cont(0.5) within group (order by ms / (rows * dimensions * lists)) as pace from (
      select extract(epoch from finished_at - started_at)::float8 * 1000 as ms, (params->>'rows')::float8 as rows,
        (params->>'dimensions')::float8 as dimensions, coalesce((params->>'lists')::float8, 1) as lists
      from jobs where kind = 'memory.build-index' and state = 'done' and attempts = 1 and (params->>'rows')::int > 0
        and coalesce(params->>'indexMethod', 'hnsw') = ${method}
      order by finished_at desc limit 10) as last`)
  return row?.pace ?? null
}
