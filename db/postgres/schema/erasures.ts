import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true })

/**
 * Tenants that left, and how far those are that leave. What a killed process had done already is written here, so that
 * whoever goes on can say it in the receipt. Kept for good: it is the proof.
 */
export const erasures = pgTable(
  'erasures',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** Not a column named tenant: it stays when the tenant is gone. */
    slug: text().notNull(),
    name: text().notNull(),
    usage: text().$type<UsagePolicy>().notNull(),
    reason: text(),
    state: text().$type<ErasureState>().notNull().default('queued'),
    phase: text().$type<ErasurePhase>(),
    /** Who asked, as the audit names it. */
    actor: jsonb().$type<ErasureActor>().notNull(),
    requestedAt: at().notNull().defaultNow(),
    startedAt: at(),
    finishedAt: at(),
    /** Whoever does it writes this every second; one that is silent was killed, and another goes on. */
    beatAt: at(),
    runner: uuid(),
    attempts: integer().notNull().default(0),
    /** Counts by family: before anything went, what went so far, and what is kept. Null until known. */
    found: jsonb().$type<{ redis: Counts; postgres: Counts }>(),
    redis: jsonb().$type<Counts>(),
    postgres: jsonb().$type<Counts>(),
    kept: jsonb().$type<Counts>(),
    /** The whole receipt with its signature. */
    receipt: jsonb().$type<Record<string, unknown>>(),
    verified: boolean(),
    error: text(),
  },
  (t) => [
    uniqueIndex('erasures_one_per_tenant')
      .on(t.slug)
      .where(sql`state in ('queued', 'running')`),
    index('erasures_requested_at_idx').on(t.requestedAt),
  ],
)
export type UsagePolicy = 'erase' | 'anonymise' | 'keep'
export type ErasureState = 'queued' | 'running' | 'done' | 'failed'
export type ErasurePhase = 'counting' | 'redis' | 'partition' | 'postgres' | 'verifying'
export type ErasureActor = { kind: 'operator' | 'key' | 'system'; id: string; name: string }
export type Counts = Record<string, number>

/** What signs receipts. The first process that needs one makes it; a key is never taken away, so that old receipts can be checked. */
export const signingKeys = pgTable('signing_keys', {
  /** The first 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER). */
  id: text().primaryKey(),
  /** PEM. */
  publicKey: text().notNull(),
  /** PEM (PKCS 8), kept as it is, like the secrets of webhooks: never shown. */
  privateKey: text().notNull(),
  createdAt: at().notNull().defaultNow(),
})
