import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'

const big = () => bigint({ mode: 'number' }).notNull()

/**
 * What Redis did between two readings of INFO, and where it stood at the second. Deltas are null for the first
 * reading after a restart of either side: there is nothing honest to subtract from.
 */
export const redisSamples = pgTable('redis_samples', {
  at: timestamp({ withTimezone: true }).primaryKey(),
  /** Seconds since the reading before; null where the deltas are. */
  seconds: real(),
  keyspaceHits: bigint({ mode: 'number' }),
  keyspaceMisses: bigint({ mode: 'number' }),
  commands: bigint({ mode: 'number' }),
  evictedKeys: bigint({ mode: 'number' }),
  expiredKeys: bigint({ mode: 'number' }),
  commandUsec: bigint({ mode: 'number' }),
  usedMemoryBytes: big(),
  maxMemoryBytes: big(),
  rssBytes: big(),
  fragmentationRatio: real(),
  keys: big(),
  expiringKeys: big(),
  clients: integer().notNull(),
  /** In Redis; those of `tableSessions` are in the unlogged table, null where Postgres was not asked. */
  liveSessions: big(),
  tableSessions: bigint({ mode: 'number' }),
  uptimeSeconds: big(),
  runId: text().notNull(),
  version: text().notNull(),
  maxMemoryPolicy: text().notNull(),
  appendOnly: boolean().notNull(),
  /** Hits of our own census, taken off `keyspaceHits`; null in samples from before there was one. */
  ownReads: bigint({ mode: 'number' }),
  /** A delta like those above. What follows is null in samples from before it was read. */
  rejectedConnections: bigint({ mode: 'number' }),
  maxClients: integer(),
  blockedClients: integer(),
  /** Null where Redis has saved no snapshot since it started. */
  lastSaveAt: timestamp({ withTimezone: true }),
  lastSaveOk: boolean(),
  changesSinceSave: bigint({ mode: 'number' }),
  /** Whether the last write to the append-only file went well. */
  appendOnlyOk: boolean(),
  role: text().$type<'master' | 'slave' | 'mixed'>(),
  replicas: integer(),
  /** Bytes that the replica furthest behind lacks; null without replicas. */
  replicaLagBytes: bigint({ mode: 'number' }),
  /** Whether a replica hears from its primary; null on a primary. */
  primaryLinkUp: boolean(),
})

/** The families of Redis whose look-ups the gateways count: those that are asked for one entry, and have it or not. */
export type CountedFamily = 'answers' | 'prompts' | 'sessions' | 'flags' | 'kv' | 'memory'

/**
 * Look-ups in Redis, counted by the gateways themselves. One row per minute and process holds that process' running total
 * for the minute, so that writing it again after a lost reply changes nothing.
 */
export const cacheLookups = pgTable(
  'cache_lookups',
  {
    minute: timestamp({ withTimezone: true }).notNull(),
    family: text().$type<CountedFamily>().notNull().default('answers'),
    /** Empty where the family, or the caller, knows none; the tenant of a session that was not found is nobody. */
    namespace: text().notNull(),
    tenant: text().notNull(),
    process: text().notNull(),
    /** What made the answers that were hit; empty and 0 where nobody said so, and for misses. */
    promptName: text().notNull().default(''),
    promptVersion: integer().notNull().default(0),
    hits: big(),
    misses: big(),
    /** Sum of `costUsd` of the entries that were hit. */
    savedUsd: numeric({ precision: 24, scale: 12 }).notNull(),
    /** Hits of entries without `costUsd`; null where it was not counted yet. */
    hitsWithoutCost: bigint({ mode: 'number' }),
  },
  (t) => [
    primaryKey({
      name: 'cache_lookups_pk',
      columns: [t.minute, t.family, t.namespace, t.tenant, t.process, t.promptName, t.promptVersion],
    }),
  ],
)

/** Calls of each command per minute, from the differences of INFO commandstats. */
export const redisCommandMinutes = pgTable(
  'redis_command_minutes',
  {
    minute: timestamp({ withTimezone: true }).notNull(),
    /** As Redis names it: `get`, `config|get`. */
    command: text().notNull(),
    /** How much of the minute the differences cover. */
    seconds: real().notNull(),
    calls: big(),
    usec: big(),
    /** Refused or ended in an error. */
    failed: big(),
  },
  (t) => [primaryKey({ columns: [t.minute, t.command] })],
)

/** The slow log, kept: Redis' own holds 128 entries, and a restart counts its ids from 0 again. */
export const redisSlowCommands = pgTable(
  'redis_slow_commands',
  {
    runId: text().notNull(),
    id: big(),
    at: timestamp({ withTimezone: true }).notNull(),
    usec: big(),
    command: text().notNull(),
    /** The first arguments, cut: what a command writes is nobody's business here. */
    args: text().notNull(),
    /** The client's name, or its address where it has none. */
    client: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.id, t.at] }), index('redis_slow_commands_at_idx').on(t.at)],
)

/** What one walk over the keys found: see server/services/cache/census/census.schema.ts for the report. */
export const redisCensuses = pgTable(
  'redis_censuses',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    finishedAt: timestamp({ withTimezone: true }).notNull(),
    /** How many keys there were, of how many the name was read, and how many were measured. */
    keys: big(),
    examined: big(),
    measured: big(),
    report: jsonb().notNull(),
  },
  (t) => [index('redis_censuses_finished_idx').on(t.finishedAt)],
)

/** Keys that other software wrote, under a name of their own. */
export const keyFamilies = pgTable('key_families', {
  name: text().primaryKey(),
  /** As SCAN MATCH takes it. */
  pattern: text().notNull().unique(),
  kind: text().$type<'session' | 'leaderboard' | 'cache' | 'limit' | 'queue' | 'flag' | 'other'>().notNull(),
  decode: text().$type<'json' | 'hash' | 'text' | 'number' | 'opaque'>().notNull(),
  /** Where the user is: a path in the value such as `passport.user`, or a field of the hash; null where nobody knows. */
  userAt: text(),
  /** What wrote them, where that was recognised. */
  software: text(),
  createdBy: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})
