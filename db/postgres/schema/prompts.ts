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

export const activationKind = pgEnum('activation_kind', ['activate', 'rollback'])
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
    message: text(),
    createdBy: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.promptId, t.version] })],
)

/** R1: the pointer. One row per prompt and channel, moved by compare-and-swap on `revision`. */
export const promptDeployments = pgTable(
  'prompt_deployments',
  {
    promptId: integer().notNull(),
    channel: text().notNull(),
    version: integer().notNull(),
    revision: bigint({ mode: 'number' }).notNull(),
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
    actorKind: actorKind().notNull(),
    actorId: text().notNull(),
    actorName: text().notNull(),
    reason: text(),
    committedAt: timestamp({ withTimezone: true }).notNull(),
    /** When Redis forgot the version before; null while that is still outstanding. */
    appliedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    unique('prompt_activations_revision_key').on(t.promptId, t.channel, t.revision),
    index('prompt_activations_committed_at_idx').on(t.committedAt),
    foreignKey({ columns: [t.promptId, t.version], foreignColumns: [promptVersions.promptId, promptVersions.version] }),
  ],
)
