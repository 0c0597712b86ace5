import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { actorKind } from './prompts'

/** Who gets a flag. Everybody named does, and of the others a share, always the same ones. */
const rules = {
  enabled: boolean().notNull(),
  /** In hundredths of a percent: how many of the 10,000 buckets, from the first. */
  share: integer().notNull(),
  users: text().array().notNull(),
  groups: text().array().notNull(),
}
export type FlagRules = { enabled: boolean; share: number; users: string[]; groups: string[] }

export const flags = pgTable('flags', {
  name: text().primaryKey(),
  description: text(),
  ...rules,
  /** With a subject it gives the bucket; never changed, so that a wider share keeps whom it had. */
  salt: text().notNull(),
  /** One more with every change, also of a flag that was deleted and made again. */
  revision: integer().notNull(),
  createdBy: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  changedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})

/** What holds for one tenant instead of the flag's own rules. */
export const flagOverrides = pgTable(
  'flag_overrides',
  {
    flag: text()
      .notNull()
      .references(() => flags.name, { onDelete: 'cascade' }),
    tenant: text().notNull(),
    ...rules,
  },
  (t) => [primaryKey({ columns: [t.flag, t.tenant] }), index('flag_overrides_tenant_idx').on(t.tenant)],
)

/** Who changed what; null rules: not there. Outlives the flag. */
export const flagChanges = pgTable(
  'flag_changes',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    flag: text().notNull(),
    revision: integer().notNull(),
    /** Whose rules were changed; null: the flag's own. */
    tenant: text(),
    before: jsonb().$type<FlagRules>(),
    after: jsonb().$type<FlagRules>(),
    reason: text(),
    actorKind: actorKind().notNull(),
    actorId: text().notNull(),
    actorName: text().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [index('flag_changes_flag_idx').on(t.flag, t.id), index('flag_changes_tenant_idx').on(t.tenant)],
)
