import { boolean, numeric, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** What operators say a GiB of Redis costs per month, US dollars: one row, or none before it was first entered. */
export const redisPrice = pgTable('redis_price', {
  only: boolean().primaryKey().default(true),
  usdPerGibMonth: numeric({ precision: 24, scale: 12 }),
  changedAt: timestamp({ withTimezone: true }).notNull(),
  changedBy: text().notNull(),
})
