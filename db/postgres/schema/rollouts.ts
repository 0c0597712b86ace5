import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { actorKind, prompts } from './prompts'

/** How much worse the new version may be than the old one; null: not watched. */
export type RolloutLimits = {
  /** Percent more per request. */
  costPercent: number | null
  /** Percent more. */
  latencyP95Percent: number | null
  /** Percentage points more. */
  errorRatePoints: number | null
  /** Percentage points less. */
  hitRatePoints: number | null
}

/** A rollout that is watched: it widens by itself, or rolls back and writes why. */
export const guardedRollouts = pgTable(
  'guarded_rollouts',
  {
    id: uuid().primaryKey().defaultRandom(),
    promptId: integer()
      .notNull()
      .references(() => prompts.id),
    channel: text().notNull(),
    version: integer().notNull(),
    baseVersion: integer().notNull(),
    /** Share of `version` at each step, in percent, rising to 100. */
    steps: integer().array().notNull(),
    /** Index of the step that is served. */
    step: integer().notNull().default(0),
    stepStartedAt: timestamp({ withTimezone: true }).notNull(),
    observeSeconds: integer().notNull(),
    /** Of each version and step, before anything is judged. */
    minRequests: integer().notNull(),
    limits: jsonb().$type<RolloutLimits>().notNull(),
    /** The revision that the rollout made last: moved by anyone else, it is over. */
    revision: bigint({ mode: 'number' }).notNull(),
    /** `running`, `completed`, `rolled_back` or `stopped`. */
    state: text().notNull().default('running'),
    /** The figures and the judgement of the newest look. */
    verdict: jsonb().$type<Record<string, unknown>>(),
    judgedAt: timestamp({ withTimezone: true }),
    startedByKind: actorKind().notNull(),
    startedById: text().notNull(),
    startedBy: text().notNull(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    endedAt: timestamp({ withTimezone: true }),
    endedReason: text(),
  },
  (t) => [
    uniqueIndex('guarded_rollouts_running_key')
      .on(t.promptId, t.channel)
      .where(sql`state = 'running'`),
    index('guarded_rollouts_prompt_idx').on(t.promptId, t.channel, t.startedAt),
  ],
)
