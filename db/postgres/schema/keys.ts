import { boolean, jsonb, pgEnum, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** The first data call that came with a key, as the console shows it to whoever connects an application. */
export type FirstCall = { call: 'usage' | 'prompt' | 'cache'; tenant: string | null; model: string | null }

export const keyScope = pgEnum('key_scope', ['app', 'operator'])

/** A key of the gateway. Only its SHA-256 is kept; `prefix` is what the console can show of it afterwards. */
export const apiKeys = pgTable('api_keys', {
  id: uuid().primaryKey().defaultRandom(),
  name: text().notNull(),
  prefix: text().notNull(),
  hash: text().notNull().unique(),
  scope: keyScope().notNull(),
  /** Tenants that the key may act for; null means all. */
  tenants: text().array(),
  /** The demo's own key: tenants that it brings are marked as simulated. */
  simulated: boolean().notNull().default(false),
  createdBy: text().notNull(),
  /** The actor's id: names can be the same. */
  createdById: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  lastUsedAt: timestamp({ withTimezone: true }),
  firstEventAt: timestamp({ withTimezone: true }),
  firstCall: jsonb().$type<FirstCall>(),
  revokedAt: timestamp({ withTimezone: true }),
})
