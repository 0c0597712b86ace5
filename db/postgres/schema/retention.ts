import { bigint, boolean, pgTable, smallint, text, timestamp } from 'drizzle-orm/pg-core'

/** How long raw calls are kept: one row. Hourly figures are kept for ever. */
export const usageRetention = pgTable('usage_retention', {
  only: boolean().primaryKey().default(true),
  /** Whole months beside the one that runs; null is for ever. */
  keepMonths: smallint(),
  changedAt: timestamp({ withTimezone: true }),
  changedBy: text(),
})

/** Months whose raw calls are to be dropped, or were: announced first, so that nobody is surprised. */
export const usageMonths = pgTable('usage_months', {
  /** The month's first instant, UTC. */
  month: timestamp({ withTimezone: true }).primaryKey(),
  /** The first instant after it. */
  until: timestamp({ withTimezone: true }).notNull(),
  announcedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  dueAt: timestamp({ withTimezone: true }).notNull(),
  /** From then on, reports of calls of this month are refused: they could not be told from repeats. */
  droppedAt: timestamp({ withTimezone: true }),
  rows: bigint({ mode: 'number' }),
  bytes: bigint({ mode: 'number' }),
})
