import { sql } from 'drizzle-orm'
import {
  bigint,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const count = () => bigint({ mode: 'number' }).notNull().default(0)

/** A ranking. Its truth is the ledger of its scores; Redis holds the live ranking. Null tenant: of all tenants. */
export const leaderboards = pgTable(
  'leaderboards',
  {
    id: uuid().primaryKey().defaultRandom(),
    name: text().notNull(),
    tenant: text(),
    /** `durable`: ledger first. `live`: sorted set first, the ledger within a second. */
    mode: text().$type<BoardMode>().notNull(),
    /** Sequence number of the newest event of the ledger, gapless from 1; so also how many there are. */
    lastSeq: count(),
    members: count(),
    /** Events that Redis took although the ledger knew their id; they were taken back. */
    lateRepeats: count(),
    lastScoredAt: timestamp({ withTimezone: true }),
    createdBy: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    closedAt: timestamp({ withTimezone: true }),
    /** Closed, and all that Redis had accepted before is in the ledger: the result is final. */
    settledAt: timestamp({ withTimezone: true }),
  },
  (t) => [unique('leaderboards_name_key').on(t.tenant, t.name).nullsNotDistinct()],
)
export type BoardMode = 'durable' | 'live'

const boardId = () =>
  uuid()
    .notNull()
    .references(() => leaderboards.id, { onDelete: 'cascade' })

/**
 * The ledger: every score event once (R6's rule, by board and id). What Redis accepted first carries the entry of Redis'
 * stream that brought it here; what came here first has none, and is applied to Redis in the order of `seq`.
 * Members are compared byte by byte (the migration says COLLATE "C"), as Redis does.
 */
export const leaderboardEvents = pgTable(
  'leaderboard_events',
  {
    boardId: boardId(),
    eventId: text().notNull(),
    seq: bigint({ mode: 'number' }).notNull(),
    member: text().notNull(),
    delta: numeric({ precision: 19, scale: 3 }).notNull(),
    entryMs: bigint({ mode: 'number' }),
    entryN: integer(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.boardId, t.eventId] }),
    uniqueIndex('leaderboard_events_seq_idx').on(t.boardId, t.seq),
  ],
)

/** The ledger summed up by member, in the transaction that adds to it. */
export const leaderboardScores = pgTable(
  'leaderboard_scores',
  {
    boardId: boardId(),
    member: text().notNull(),
    score: numeric().notNull(),
    events: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.boardId, t.member] }),
    index('leaderboard_scores_ranking_idx').on(t.boardId, t.score.desc(), t.member.desc()),
  ],
)

/** Comparisons of Redis with the ledger, and rebuilds from it: asked for, under way, or done and kept as history. */
export const leaderboardChecks = pgTable(
  'leaderboard_checks',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    boardId: boardId(),
    kind: text().$type<'check' | 'reconcile' | 'rebuild'>().notNull(),
    status: text().$type<'queued' | 'running' | 'done' | 'failed'>().notNull().default('queued'),
    askedBy: text().notNull(),
    queuedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When the worker last said that it is at it. */
    aliveAt: timestamp({ withTimezone: true }),
    finishedAt: timestamp({ withTimezone: true }),
    /** Members compared or written so far. */
    progress: count(),
    ledgerMembers: count(),
    redisMembers: count(),
    missing: count(),
    extra: count(),
    different: count(),
    /** Of the first hundred by the ledger: how many stand elsewhere in Redis, and by how many places at most. */
    displaced: count(),
    farthest: count(),
    differences: jsonb().$type<BoardDifference[]>().notNull().default([]),
    error: text(),
  },
  (t) => [
    index('leaderboard_checks_board_idx').on(t.boardId, t.id.desc()),
    index('leaderboard_checks_open_idx')
      .on(t.id)
      .where(sql`finished_at is null`),
  ],
)
/** Null: not there. Scores as exact decimal text. */
export type BoardDifference = { member: string; ledger: string | null; redis: string | null }

/** The first of a board at a minute, best first: what movement is measured against. */
export const leaderboardSnapshots = pgTable(
  'leaderboard_snapshots',
  {
    boardId: boardId(),
    at: timestamp({ withTimezone: true }).notNull(),
    top: text().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.boardId, t.at] })],
)
