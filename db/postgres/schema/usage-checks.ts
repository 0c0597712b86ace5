import { bigint, index, integer, jsonb, pgTable, timestamp } from 'drizzle-orm/pg-core'

/** A difference that a check found: what it compared, the question that shows it, and the first rows of the answer. */
export type UsageDifference = { check: string; query: string; rows: Record<string, unknown>[] }

/** Looks at whether the figures of a window add up, kept for a week. */
export const usageChecks = pgTable(
  'usage_checks',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    checkedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    from: timestamp({ withTimezone: true }).notNull(),
    to: timestamp({ withTimezone: true }).notNull(),
    calls: integer().notNull(),
    tookMs: integer().notNull(),
    differences: jsonb().$type<UsageDifference[]>().notNull(),
  },
  (t) => [index('usage_checks_checked_at_idx').on(t.checkedAt)],
)
