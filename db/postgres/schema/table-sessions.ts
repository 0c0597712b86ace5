import { sql } from 'drizzle-orm'
import {
  bigint,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

export type SessionStoreName = 'redis' | 'unlogged'
/** See server/services/sessions/places.ts. */
export type SessionPhase = 'settled' | 'preparing' | 'moving'

/** Where the sessions live whose id begins with `<name>:`; all others live in Redis. */
export const sessionNamespaces = pgTable('session_namespaces', {
  name: text().primaryKey(),
  /** While it moves: where it moves from. There are two, so the other one is where to. */
  store: text().$type<SessionStoreName>().notNull(),
  phase: text().$type<SessionPhase>().notNull().default('settled'),
  phaseSince: timestamp({ withTimezone: true }).notNull().defaultNow(),
  /** Sessions that the worker has moved; those that are touched meanwhile move by themselves. */
  moved: bigint({ mode: 'number' }).notNull().default(0),
  /** Why the move does not go on, while it does not. */
  problem: text(),
  createdBy: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})

/** Sessions in Postgres: emptied when it crashes (unlogged, see its migration), and without cost in WAL. */
export const sessionsUnlogged = pgTable(
  'sessions_unlogged',
  {
    id: text().notNull(),
    /** Which life of the id, in microseconds since 1970. */
    begun: bigint({ mode: 'number' }).notNull(),
    namespace: text().notNull(),
    tenant: text().notNull(),
    userId: text().notNull(),
    ttlSeconds: integer().notNull(),
    /** JSON as text, as Redis holds it. */
    data: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    /** All turns that it ever had, and what those that are kept weigh. */
    turns: integer().notNull().default(0),
    turnBytes: integer().notNull().default(0),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    /** The log-out that took it; it waits aside until `keptUntil` for an undo. */
    loggedOut: uuid(),
    keptUntil: timestamp({ withTimezone: true }),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.begun] }),
    uniqueIndex('sessions_unlogged_live_idx')
      .on(t.id)
      .where(sql`logged_out is null`),
    index('sessions_unlogged_expires_idx').on(t.expiresAt),
    index('sessions_unlogged_tenant_idx').on(t.tenant, t.userId),
    index('sessions_unlogged_logged_out_idx')
      .on(t.loggedOut)
      .where(sql`logged_out is not null`),
  ],
)

/** The last turns of those sessions; all turns are in `messages`. */
export const sessionTurnsUnlogged = pgTable(
  'session_turns_unlogged',
  {
    session: text().notNull(),
    begun: bigint({ mode: 'number' }).notNull(),
    ordinal: integer().notNull(),
    /** The id that its sender gave it, and the digest of what it says. */
    ownId: text(),
    digest: text(),
    turn: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.session, t.begun, t.ordinal] }),
    foreignKey({
      name: 'session_turns_unlogged_session_fk',
      columns: [t.session, t.begun],
      foreignColumns: [sessionsUnlogged.id, sessionsUnlogged.begun],
    }).onDelete('cascade'),
  ],
)
