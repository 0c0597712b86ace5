import { bigint, boolean, integer, numeric, pgTable, primaryKey, real, text, timestamp } from 'drizzle-orm/pg-core'

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
  liveSessions: big(),
  uptimeSeconds: big(),
  runId: text().notNull(),
  version: text().notNull(),
  maxMemoryPolicy: text().notNull(),
  appendOnly: boolean().notNull(),
})

/**
 * Look-ups of the answer cache, counted by the gateways themselves. One row per minute and process holds that
 * process' running total for the minute, so that writing it again after a lost reply changes nothing.
 */
export const cacheLookups = pgTable(
  'cache_lookups',
  {
    minute: timestamp({ withTimezone: true }).notNull(),
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
  (t) => [primaryKey({ columns: [t.minute, t.namespace, t.tenant, t.process, t.promptName, t.promptVersion] })],
)
