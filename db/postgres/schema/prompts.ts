import { sql } from 'drizzle-orm'
import {
  bigint,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'

export const activationKind = pgEnum('activation_kind', ['activate', 'rollback', 'rollout'])
export const actorKind = pgEnum('actor_kind', ['operator', 'key', 'system'])

export const prompts = pgTable('prompts', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull().unique(),
  description: text(),
  createdBy: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})

/** R2: rows are never updated or deleted; a trigger in the migration refuses it. */
export const promptVersions = pgTable(
  'prompt_versions',
  {
    promptId: integer()
      .notNull()
      .references(() => prompts.id),
    version: integer().notNull(),
    content: text().notNull(),
    model: text(),
    config: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** Names of the `{{variables}}` in the content, in order of first use. */
    variables: text()
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    /** Names of the prompts that the content includes as `{{> name}}`, in order of first use. */
    includes: text()
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    /** Tokens of the content, and the tokenizer that counted them; null for versions older than the count. */
    tokens: integer(),
    tokenizer: text(),
    message: text(),
    createdBy: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When it came from a file, with the author and date that it had there; null for one that was written here. */
    importedAt: timestamp({ withTimezone: true }),
  },
  (t) => [primaryKey({ columns: [t.promptId, t.version] })],
)

/**
 * Several versions served at once, by subject. Each arm holds half-open ranges of the buckets 0 to 9,999; together the
 * arms hold all of them, and an arm's weight in percent is its buckets / 100.
 */
export type Rollout = { salt: string; arms: RolloutArm[] }
export type RolloutArm = { version: number; weight: number; buckets: [from: number, to: number][] }

/** R1: the pointer. One row per prompt and channel, moved by compare-and-swap on `revision`. */
export const promptDeployments = pgTable(
  'prompt_deployments',
  {
    promptId: integer().notNull(),
    channel: text().notNull(),
    version: integer().notNull(),
    revision: bigint({ mode: 'number' }).notNull(),
    /** Null while every subject gets `version`. */
    rollout: jsonb().$type<Rollout>(),
    activatedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.promptId, t.channel] }),
    foreignKey({ columns: [t.promptId, t.version], foreignColumns: [promptVersions.promptId, promptVersions.version] }),
  ],
)

/** One row per move of the pointer, gapless by revision. */
export const promptActivations = pgTable(
  'prompt_activations',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    promptId: integer().notNull(),
    channel: text().notNull(),
    revision: bigint({ mode: 'number' }).notNull(),
    version: integer().notNull(),
    previousVersion: integer(),
    /** The revision that a rollback from here returns to; null when nothing was live before. */
    rollbackRevision: bigint({ mode: 'number' }),
    kind: activationKind().notNull(),
    /** What subjects get from here on, where they do not all get `version`. */
    rollout: jsonb().$type<Rollout>(),
    actorKind: actorKind().notNull(),
    actorId: text().notNull(),
    actorName: text().notNull(),
    reason: text(),
    committedAt: timestamp({ withTimezone: true }).notNull(),
    /** When Redis forgot the version before; null while that is still outstanding. */
    appliedAt: timestamp({ withTimezone: true }),
    /** When it came from a file: it moved a pointer elsewhere, and nobody was told of it here. */
    importedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    unique('prompt_activations_revision_key').on(t.promptId, t.channel, t.revision),
    index('prompt_activations_committed_at_idx').on(t.committedAt),
    index('prompt_activations_live_at_idx').on(t.promptId, t.channel, t.committedAt),
    foreignKey({ columns: [t.promptId, t.version], foreignColumns: [promptVersions.promptId, promptVersions.version] }),
  ],
)

/**
 * The processes that were alive at a move of the pointer, and when each was known to serve it. A later revision confirms
 * the earlier ones.
 */
export const promptConfirmations = pgTable(
  'prompt_confirmations',
  {
    promptId: integer().notNull(),
    channel: text().notNull(),
    revision: bigint({ mode: 'number' }).notNull(),
    process: text().notNull(),
    role: text().notNull(),
    name: text().notNull(),
    confirmedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    primaryKey({ columns: [t.promptId, t.channel, t.revision, t.process] }),
    index('prompt_confirmations_open_idx')
      .on(t.process)
      .where(sql`confirmed_at is null`),
  ],
)
