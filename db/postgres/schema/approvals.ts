import { sql } from 'drizzle-orm'
import { bigint, boolean, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { actorKind, prompts } from './prompts'

/** What holds for a channel of every prompt; a channel without a row needs no approval. */
export const promptChannels = pgTable('prompt_channels', {
  name: text().primaryKey(),
  requiresApproval: boolean().notNull(),
  changedBy: text().notNull(),
  changedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})

/** A change of what a channel serves that waits for, or was decided by, a second person. */
export const promptApprovals = pgTable(
  'prompt_approvals',
  {
    id: uuid().primaryKey().defaultRandom(),
    promptId: integer()
      .notNull()
      .references(() => prompts.id),
    channel: text().notNull(),
    /** `activate` or `rollout`. */
    kind: text().notNull(),
    version: integer().notNull(),
    /** The call as it was asked for, to be made when it is approved. */
    request: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The revision that was live when it was asked for; 0 when none was. */
    liveRevision: bigint({ mode: 'number' }).notNull(),
    reason: text(),
    requestedByKind: actorKind().notNull(),
    requestedById: text().notNull(),
    requestedBy: text().notNull(),
    /** Id of the operator behind it: whoever asked, or whoever made the key that asked. */
    requestedByPerson: text().notNull(),
    requestedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** `pending`, `approved`, `rejected`, `withdrawn` or `overtaken`. */
    state: text().notNull().default('pending'),
    decidedBy: text(),
    decidedAt: timestamp({ withTimezone: true }),
    note: text(),
    /** The revision that its approval made. */
    revision: bigint({ mode: 'number' }),
  },
  (t) => [
    uniqueIndex('prompt_approvals_pending_key')
      .on(t.promptId, t.channel)
      .where(sql`state = 'pending'`),
  ],
)
