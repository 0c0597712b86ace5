import { boolean, index, pgEnum, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

export const operatorRole = pgEnum('operator_role', ['viewer', 'operator', 'admin'])

const createdAt = timestamp({ withTimezone: true }).notNull().defaultNow()
const updatedAt = timestamp({ withTimezone: true })
  .notNull()
  .defaultNow()
  .$onUpdate(() => new Date())

/** The people who use the console. Columns beyond role and disabled are those that better-auth expects. */
export const operators = pgTable('operators', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  role: operatorRole().notNull().default('viewer'),
  disabledAt: timestamp({ withTimezone: true }),
  createdAt,
  updatedAt,
})

export const operatorSessions = pgTable(
  'operator_sessions',
  {
    id: text().primaryKey(),
    token: text().notNull().unique(),
    userId: text()
      .notNull()
      .references(() => operators.id, { onDelete: 'cascade' }),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    ipAddress: text(),
    userAgent: text(),
    createdAt,
    updatedAt,
  },
  (t) => [index('operator_sessions_user_id_idx').on(t.userId)],
)

export const operatorAccounts = pgTable(
  'operator_accounts',
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: text()
      .notNull()
      .references(() => operators.id, { onDelete: 'cascade' }),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: timestamp({ withTimezone: true }),
    refreshTokenExpiresAt: timestamp({ withTimezone: true }),
    scope: text(),
    password: text(),
    createdAt,
    updatedAt,
  },
  (t) => [index('operator_accounts_user_id_idx').on(t.userId)],
)

export const operatorVerifications = pgTable(
  'operator_verifications',
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    createdAt,
    updatedAt,
  },
  (t) => [index('operator_verifications_identifier_idx').on(t.identifier)],
)
