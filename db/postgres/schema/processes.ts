import { index, pgTable, real, text, timestamp } from 'drizzle-orm/pg-core'

/** Engram's own running processes: who is alive, and what share of each store's time it takes. */
export const processes = pgTable(
  'processes',
  {
    id: text().primaryKey(),
    role: text().notNull(),
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
