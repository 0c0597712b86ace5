import { sql } from 'drizzle-orm'
import { integer, jsonb, pgTable, real, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true })

/** Long work that an operator asked for and the worker does: with progress, and to be cancelled. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid().primaryKey().defaultRandom(),
    kind: text().$type<JobKind>().notNull(),
    tenant: text().notNull(),
    params: jsonb().$type<Record<string, unknown>>().notNull(),
    state: text().$type<JobState>().notNull().default('queued'),
    phase: text(),
    /** 0 to 1; null where nobody can tell. */
    progress: real(),
    /** Milliseconds that it was expected to take when it was asked for; null where nobody could tell. */
    estimateMs: integer(),
    requestedBy: text().notNull(),
    requestedAt: at().notNull().defaultNow(),
    startedAt: at(),
    finishedAt: at(),
    cancelRequestedAt: at(),
    /** The worker that does it writes this every second; one that is silent was killed, and another takes over. */
    beatAt: at(),
    worker: uuid(),
    attempts: integer().notNull().default(0),
    error: text(),
  },
  (t) => [
    uniqueIndex('jobs_one_per_tenant')
      .on(t.tenant)
      .where(sql`state in ('queued', 'running')`),
  ],
)
export type JobKind =
  | 'memory.build-index'
  | 'memory.drop-index'
  | 'memory.sleep'
  | 'memory.vacuum'
  | 'memory.load'
  | 'memory.re-embed'
  | 'memory.clear-embedding'
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
