import { date, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** A view of usage that operators look at again: the path and the search of its address, so that a range moves on. */
export const savedQuestions = pgTable('saved_questions', {
  id: uuid().primaryKey().defaultRandom(),
  name: text().notNull().unique(),
  path: text().notNull(),
  search: text().notNull(),
  createdBy: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})

/** The days (UTC) whose summary webhooks were told of: once, however many workers look. */
export const toldDays = pgTable('usage_told_days', {
  day: date().primaryKey(),
  at: timestamp({ withTimezone: true }).notNull().defaultNow(),
})
