import { boolean, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** A customer of the applications. The slug is its name in both memories: in Redis keys and in every tenant column. */
export const tenants = pgTable('tenants', {
  slug: text().primaryKey(),
  name: text().notNull(),
  /** First seen through a key of the simulated application; the console says so next to its figures. */
  simulated: boolean().notNull().default(false),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})
