import { index, pgTable, real, text, timestamp, uuid } from 'drizzle-orm/pg-core'

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
    /** The key that an SDK's stream came with: only with it the SDK may speak for this process. */
    keyId: uuid(),
    /** Empty for SDKs, which do not say, as is their version. */
    host: text().notNull(),
    version: text().notNull(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    seenAt: timestamp({ withTimezone: true }).notNull(),
    /** Milliseconds of work asked of the store per second, over the last report; null before it, and for SDKs. */
    redisMsPerSecond: real(),
    postgresMsPerSecond: real(),
  },
  (t) => [index('processes_seen_at_idx').on(t.seenAt)],
)
