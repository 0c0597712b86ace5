import { index, pgTable, real, text, timestamp } from 'drizzle-orm/pg-core'

/** Who is alive: Engram's own processes with the share of each store's time that they take, and applications' SDKs. */
export const processes = pgTable(
  'processes',
  {
    id: text().primaryKey(),
    /** `console`, `gateway`, `worker`, or `sdk`. */
    role: text().notNull(),
    /** What people call it; an SDK's is the application's own choice. */
    name: text().notNull().default(''),
    /** The gateway process that an SDK's stream goes through. */
    via: text(),
    host: text().notNull(),
    version: text().notNull(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    seenAt: timestamp({ withTimezone: true }).notNull(),
    /** Milliseconds of work asked of the store per second, as measured by the process over its last report. */
    redisMsPerSecond: real().notNull(),
    postgresMsPerSecond: real().notNull(),
  },
  (t) => [index('processes_seen_at_idx').on(t.seenAt)],
)
