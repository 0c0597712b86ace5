import { sql } from 'drizzle-orm'
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

export type LimitKind = 'fixed_window' | 'sliding_window' | 'token_bucket'
/** What the policy's subjects name in `llm_usage`; null where they are something of the application's own. */
export type LimitSubject = 'user' | 'tenant'

const terms = {
  kind: text().$type<LimitKind>().notNull(),
  /** Of windows: admitted per window. Of buckets: what fits into one. */
  points: integer().notNull(),
  windowSeconds: integer().notNull(),
  /** Points that flow into a bucket per window; null of windows. */
  refillPoints: integer(),
}

/** A rate limit: one for everybody, and any number of others for single tenants under the same name. */
export const limitPolicies = pgTable(
  'limit_policies',
  {
    id: uuid().primaryKey().defaultRandom(),
    name: text().notNull(),
    tenant: text(),
    ...terms,
    subject: text().$type<LimitSubject>(),
    createdBy: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Kept, so that what it counted still has a name. */
    deletedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('limit_policies_name_key')
      .on(t.name, sql`coalesce(tenant, '')`)
      .where(sql`deleted_at is null`),
  ],
)

/** What a policy said since when, and who made it so. */
export const limitPolicyHistory = pgTable(
  'limit_policy_history',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    policyId: uuid()
      .notNull()
      .references(() => limitPolicies.id, { onDelete: 'cascade' }),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    change: text().$type<'created' | 'changed' | 'deleted'>().notNull(),
    ...terms,
    by: text().notNull(),
  },
  (t) => [index('limit_policy_history_idx').on(t.policyId, t.at)],
)

/**
 * What is counted while Redis does not answer. Unlogged (see its migration): it is emptied when Postgres crashes, as
 * the counters in Redis are. Changed only by `consume_limit`, which computes as db/redis/limits.ts does.
 */
export const limitCounters = pgTable(
  'limit_counters',
  {
    policyId: uuid().notNull(),
    /** Empty where the caller named none. */
    tenant: text().notNull(),
    subject: text().notNull(),
    /** Kind and window: with another one it is another counter. */
    shape: text().notNull(),
    /** The window, or the millisecond of the last look, that `level` belongs to. */
    at: bigint({ mode: 'number' }).notNull(),
    level: bigint({ mode: 'number' }).notNull(),
    /** Points by slot, of sliding windows. */
    slots: jsonb().$type<Record<string, number>>().notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.policyId, t.tenant, t.subject, t.shape] }),
    index('limit_counters_expires_idx').on(t.expiresAt),
  ],
)

/** What was asked of a policy, per minute and process: that process' running total, so that writing it again changes nothing. */
export const limitCounts = pgTable(
  'limit_counts',
  {
    minute: timestamp({ withTimezone: true }).notNull(),
    policyId: uuid().notNull(),
    tenant: text().notNull(),
    subject: text().notNull(),
    process: text().notNull(),
    admitted: integer().notNull(),
    admittedPoints: bigint({ mode: 'number' }).notNull(),
    refused: integer().notNull(),
    refusedPoints: bigint({ mode: 'number' }).notNull(),
    /** Of both, those that Postgres decided because Redis did not answer. */
    byPostgres: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.minute, t.policyId, t.tenant, t.subject, t.process] }),
    index('limit_counts_policy_idx').on(t.policyId, t.minute),
  ],
)
