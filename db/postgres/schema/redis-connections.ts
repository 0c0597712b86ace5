import { sql } from 'drizzle-orm'
import { bigint, boolean, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true })

/** What may be looked at beside Engram's own Redis, and whether it may be changed; `own` is that one. */
export const redisConnections = pgTable('redis_connections', {
  /** `own`, or a UUID. */
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** Without their password; empty for `own`, which the environment names. */
  urls: text().array().notNull(),
  /** As server/services/redis-keys/seal.ts writes it; null where there is none. */
  sealedPassword: text(),
  cluster: boolean().notNull().default(false),
  writable: boolean().notNull().default(false),
  createdBy: text().notNull(),
  createdAt: at().notNull().defaultNow(),
})

/** Keys that are deleted by pattern: asked for in the console, done by the worker. */
export const redisPatternDeletes = pgTable(
  'redis_pattern_deletes',
  {
    id: uuid().primaryKey().defaultRandom(),
    connectionId: text().notNull(),
    /** base64url: a pattern is bytes. */
    pattern: text().notNull(),
    state: text().$type<PatternDeleteState>().notNull().default('running'),
    /** Where the walk stands, as db/redis/key-scan.ts writes it; null before its first step. */
    cursor: text(),
    /** Walks from the beginning so far: one that another worker took over is followed by one more. */
    walks: bigint({ mode: 'number' }).notNull().default(1),
    takenOver: boolean().notNull().default(false),
    /** Of this walk, and how many keys there were at the start. */
    scanned: bigint({ mode: 'number' }).notNull().default(0),
    ofKeys: bigint({ mode: 'number' }).notNull(),
    deleted: bigint({ mode: 'number' }).notNull().default(0),
    /** Keys that match and are Engram's own: left alone. */
    spared: bigint({ mode: 'number' }).notNull().default(0),
    /** Why it does not go on, while it does not; why it failed, once it has. */
    problem: text(),
    by: text().notNull(),
    startedAt: at().notNull().defaultNow(),
    /** When the worker said so last; null before its first step. Another one goes on if it falls silent. */
    touchedAt: at(),
    finishedAt: at(),
  },
  (t) => [
    index('redis_pattern_deletes_started_idx').on(t.startedAt),
    index('redis_pattern_deletes_running_idx')
      .on(t.touchedAt)
      .where(sql`finished_at is null`),
  ],
)
export type PatternDeleteState = 'running' | 'done' | 'cancelled' | 'failed'
