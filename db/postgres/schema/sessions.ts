import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** A log-out of one session or of many: how far it is, and whether it was undone. */
export const sessionLogouts = pgTable(
  'session_logouts',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** As server/services/sessions/sessions.schema.ts has it. */
    filter: jsonb().notNull(),
    state: text().$type<LogoutState>().notNull().default('running'),
    /** Sessions looked at so far, and how many there were at the start. */
    examined: integer().notNull().default(0),
    ofSessions: integer().notNull(),
    loggedOut: integer().notNull().default(0),
    by: text().notNull(),
    startedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the process that works on it said so last: another one goes on if it falls silent. */
    touchedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    finishedAt: timestamp({ withTimezone: true }),
    undoneAt: timestamp({ withTimezone: true }),
    restored: integer(),
    /** Why it does not go on, while it does not; why it failed, once it has. */
    problem: text(),
  },
  (t) => [
    index('session_logouts_started_at_idx').on(t.startedAt),
    index('session_logouts_running_idx')
      .on(t.touchedAt)
      .where(sql`state = 'running'`),
  ],
)
export type LogoutState = 'running' | 'done' | 'cancelled' | 'failed'

/** Keys of other software that a log-out takes: noted before they are renamed, so that an undo knows of each. */
export const sessionLogoutKeys = pgTable(
  'session_logout_keys',
  {
    logoutId: uuid()
      .notNull()
      .references(() => sessionLogouts.id, { onDelete: 'cascade' }),
    /** SHA-256 of the name, base64url: names may be longer than an index takes. */
    digest: text().notNull(),
    /** base64url: a name is bytes. */
    key: text().notNull(),
    /** Epoch milliseconds; null where it stays. */
    expiresAt: bigint({ mode: 'number' }),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.logoutId, t.digest] }), index('session_logout_keys_at_idx').on(t.at)],
)

/** Whether the index of live sessions and the sessions themselves agree, as the worker found it. */
export const sessionChecks = pgTable('session_checks', {
  at: timestamp({ withTimezone: true }).primaryKey(),
  milliseconds: integer().notNull(),
  keysScanned: bigint({ mode: 'number' }).notNull(),
  sessions: bigint({ mode: 'number' }).notNull(),
  indexed: bigint({ mode: 'number' }).notNull(),
  /** In the index, gone from Redis before their time: evicted, or deleted by others. Taken off it. */
  indexedWithoutSession: integer().notNull(),
  /** Alive, unknown to the index: no log-out by filter would have found them. Put on it. */
  sessionsWithoutIndex: integer().notNull(),
  /** Keys of this family that hold no session of ours; left alone. */
  junk: integer().notNull(),
  /** Names of some of them. */
  junkKeys: text().array().notNull(),
  /** In the store that their namespace does not live in, and moved where they belong. */
  misplaced: integer().notNull().default(0),
})
