import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'

export type KvStore = 'redis' | 'unlogged' | 'logged'
/** See server/services/kv/phases.ts. */
export type KvPhase = 'settled' | 'preparing' | 'copying' | 'verifying' | 'switching' | 'cleaning' | 'cancelling'

/** Where the entries of a namespace live, and how far a move has come. */
export const kvNamespaces = pgTable('kv_namespaces', {
  name: text().primaryKey(),
  store: text().$type<KvStore>().notNull(),
  /** Where it moves to; after the switch, where it came from. Null while it does not move. */
  other: text().$type<KvStore>(),
  phase: text().$type<KvPhase>().notNull().default('settled'),
  phaseSince: timestamp({ withTimezone: true }).notNull().defaultNow(),
  /** How far the phase has come: what lies before it is done. */
  cursor: text(),
  copied: bigint({ mode: 'number' }).notNull().default(0),
  verified: bigint({ mode: 'number' }).notNull().default(0),
  /** Entries that differed when they were verified; they were put right. */
  differed: bigint({ mode: 'number' }).notNull().default(0),
  /** Why the phase does not go on, while it does not. */
  problem: text(),
  createdBy: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})

const entry = {
  namespace: text().notNull(),
  /** Empty where the caller named none. */
  tenant: text().notNull(),
  key: text().notNull(),
  /** JSON as text, as Redis holds it. */
  value: text().notNull(),
  expiresAt: timestamp({ withTimezone: true }),
}

/** Entries that survive a crash. */
export const kvLogged = pgTable('kv_logged', entry, (t) => [
  primaryKey({ columns: [t.namespace, t.tenant, t.key] }),
  index('kv_logged_expires_idx').on(t.expiresAt),
  index('kv_logged_tenant_idx').on(t.tenant),
])

/** Entries that are emptied when Postgres crashes (unlogged, see its migration), and cost no WAL. */
export const kvUnlogged = pgTable('kv_unlogged', entry, (t) => [
  primaryKey({ columns: [t.namespace, t.tenant, t.key] }),
  index('kv_unlogged_expires_idx').on(t.expiresAt),
  index('kv_unlogged_tenant_idx').on(t.tenant),
])

/** Calls per minute and process: that process' running total, so that writing it again changes nothing. */
export const kvCounts = pgTable(
  'kv_counts',
  {
    minute: timestamp({ withTimezone: true }).notNull(),
    namespace: text().notNull(),
    process: text().notNull(),
    reads: integer().notNull(),
    writes: integer().notNull(),
    deletes: integer().notNull(),
    /** Calls of the busiest second of the minute. */
    peakPerSecond: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.minute, t.namespace, t.process] }),
    index('kv_counts_namespace_idx').on(t.namespace, t.minute),
  ],
)

export type DuelSide = {
  store: KvStore
  operations: number
  seconds: number
  perSecond: number
  p50Ms: number
  p99Ms: number
}

/** The same operations against both memories, asked for in the console and run by the worker. */
export const kvDuels = pgTable(
  'kv_duels',
  {
    id: uuid().primaryKey().defaultRandom(),
    state: text().$type<'waiting' | 'running' | 'done' | 'stopped' | 'failed'>().notNull(),
    against: text().$type<'unlogged' | 'logged'>().notNull(),
    operations: integer().notNull(),
    clients: integer().notNull(),
    valueBytes: integer().notNull(),
    readShare: real().notNull(),
    /** Of both sides together. */
    done: integer().notNull().default(0),
    /** Seen by its worker lately; another one may take it on after that. */
    heardAt: timestamp({ withTimezone: true }),
    sides: jsonb().$type<DuelSide[]>().notNull().default([]),
    problem: text(),
    startedBy: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    endedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index('kv_duels_created_idx').on(t.createdAt)],
)

/** Which of the two memories serve production: a duel against them is asked about twice. */
export const storeMarks = pgTable('store_marks', {
  store: text().$type<'redis' | 'postgres'>().primaryKey(),
  production: boolean().notNull(),
  changedBy: text().notNull(),
  changedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})
