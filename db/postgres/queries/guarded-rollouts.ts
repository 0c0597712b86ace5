import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { prompts } from '@/db/postgres/schema/prompts'
import { guardedRollouts, type RolloutLimits } from '@/db/postgres/schema/rollouts'

export type GuardState = 'running' | 'completed' | 'rolled_back' | 'stopped'
export type NewGuard = Omit<
  typeof guardedRollouts.$inferInsert,
  'id' | 'step' | 'state' | 'verdict' | 'judgedAt' | 'endedAt' | 'endedReason'
>
type OnChannel = { promptId: number; channel: string }

const columns = {
  id: guardedRollouts.id,
  promptId: guardedRollouts.promptId,
  name: prompts.name,
  channel: guardedRollouts.channel,
  version: guardedRollouts.version,
  baseVersion: guardedRollouts.baseVersion,
  steps: guardedRollouts.steps,
  step: guardedRollouts.step,
  stepStartedAt: guardedRollouts.stepStartedAt,
  observeSeconds: guardedRollouts.observeSeconds,
  minRequests: guardedRollouts.minRequests,
  limits: guardedRollouts.limits,
  revision: guardedRollouts.revision,
  state: sql<GuardState>`${guardedRollouts.state}`,
  verdict: guardedRollouts.verdict,
  startedBy: guardedRollouts.startedBy,
  startedAt: guardedRollouts.startedAt,
  endedAt: guardedRollouts.endedAt,
  endedReason: guardedRollouts.endedReason,
}

const joined = (db: Db) =>
  db.select(columns).from(guardedRollouts).innerJoin(prompts, eq(prompts.id, guardedRollouts.promptId))
export type GuardRow = Awaited<ReturnType<typeof joined>>[number]
export type { RolloutLimits }

const isRunning = eq(guardedRollouts.state, 'running')
const on = ({ promptId, channel }: OnChannel) =>
  and(eq(guardedRollouts.promptId, promptId), eq(guardedRollouts.channel, channel))

export async function insertGuard(db: Db, guard: NewGuard): Promise<void> {
  await db.insert(guardedRollouts).values(guard)
}

/** The guard that runs on a channel, held until the transaction ends. */
export async function lockRunningGuard(db: Db, at: OnChannel): Promise<GuardRow | null> {
  const [row] = await joined(db)
    .where(and(on(at), isRunning))
    .for('update', { of: guardedRollouts })
  return row ?? null
}

/** The guard that runs on a channel, or that ran last. */
export async function selectNewestGuard(db: Db, at: OnChannel): Promise<GuardRow | null> {
  const [row] = await joined(db)
    .where(on(at))
    .orderBy(desc(guardedRollouts.startedAt), desc(guardedRollouts.id))
    .limit(1)
  return row ?? null
}

/** Looks at a step are this far apart at least, in seconds, and a sixtieth of the time that it runs up to a minute. */
const PAUSE_SECONDS = { least: 4, most: 60 }

/** Takes the running guards that are due for a look, each for one worker (R1: none is looked at twice at once). */
export async function claimDueGuards(db: Db, { now, limit }: { now: Date; limit: number }): Promise<GuardRow[]> {
  const at = sql`${now.toISOString()}::timestamptz`
  const pause = sql`make_interval(secs => least(${PAUSE_SECONDS.most}, greatest(${PAUSE_SECONDS.least},
    extract(epoch from ${at} - step_started_at) / 60)))`
  const due = sql`select id from guarded_rollouts
    where state = 'running' and (judged_at is null or judged_at <= ${at} - ${pause})
    order by judged_at nulls first limit ${limit} for update skip locked`
  return db
    .update(guardedRollouts)
    .set({ judgedAt: now })
    .from(prompts)
    .where(and(sql`${guardedRollouts.id} in (${due})`, eq(prompts.id, guardedRollouts.promptId)))
    .returning(columns)
}

/** Where a guard must still stand for a change of it to count. */
export type Seen = Pick<GuardRow, 'id' | 'revision' | 'step'>
const stillAt = ({ id, revision, step }: Seen) =>
  and(eq(guardedRollouts.id, id), isRunning, eq(guardedRollouts.revision, revision), eq(guardedRollouts.step, step))

type Change = Partial<
  Pick<
    typeof guardedRollouts.$inferInsert,
    'step' | 'stepStartedAt' | 'revision' | 'state' | 'verdict' | 'endedAt' | 'endedReason'
  >
>

/** Compare-and-swap; false when the guard ended, or another worker was faster. */
export async function updateGuard(db: Db, seen: Seen, change: Change): Promise<boolean> {
  const rows = await db.update(guardedRollouts).set(change).where(stillAt(seen)).returning({ id: guardedRollouts.id })
  return rows.length === 1
}
