import { bigint, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

/** What was said under one session id; goes on when a later session takes the same id. */
export const conversations = pgTable(
  'conversations',
  {
    tenant: text().notNull(),
    id: text().notNull(),
    userId: text().notNull(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    lastAt: timestamp({ withTimezone: true }).notNull(),
    turns: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    index('conversations_last_at_idx').on(t.lastAt),
    index('conversations_tenant_last_at_idx').on(t.tenant, t.lastAt),
  ],
)

/** One turn, written behind Redis. The key says which turn it is, so that writing it again changes nothing. */
export const messages = pgTable(
  'messages',
  {
    tenant: text().notNull(),
    conversation: text().notNull(),
    /** Which session of this id, by when it began: microseconds of Redis' clock. */
    begun: bigint({ mode: 'number' }).notNull(),
    /** From 1 in each session. */
    ordinal: integer().notNull(),
    role: text().notNull(),
    content: text().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
    /** The usage event of the call that made it, where the application said so. */
    usageId: text(),
    writtenAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.conversation, t.begun, t.ordinal] })],
)
