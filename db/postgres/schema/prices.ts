import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { type PriceRates, prices } from './usage'

const at = () => timestamp({ withTimezone: true })
const usd = () => numeric({ precision: 24, scale: 12 })

/** One row: the revision of the overrides and aliases. Each change of them takes the next, one after the other. */
export const priceBook = pgTable('price_book', {
  id: integer().primaryKey(),
  revision: integer().notNull(),
  changedAt: at().notNull().defaultNow(),
})

/** What an operator entered. In the book from `revision` on, until `endRevision`; nothing else ever changes. */
const entered = {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  /** Null: for all tenants. */
  tenant: text(),
  provider: text().notNull(),
  model: text().notNull(),
  reason: text(),
  revision: integer().notNull(),
  enteredBy: text().notNull(),
  enteredAt: at().notNull().defaultNow(),
  endRevision: integer(),
  endedBy: text(),
  endedAt: at(),
}

/** Prices entered by operators. Where several are in force at an instant, the one entered last is. */
export const priceOverrides = pgTable('price_overrides', {
  ...entered,
  rates: jsonb().$type<PriceRates>().notNull(),
  effectiveFrom: at().notNull(),
  effectiveTo: at(),
  /** The row that usage refers to: this override's alone. */
  priceId: integer()
    .notNull()
    .unique()
    .references(() => prices.id),
})

/** What a reported name is priced as; without a target it has no price. */
export const priceAliases = pgTable(
  'price_aliases',
  { ...entered, targetProvider: text(), targetModel: text() },
  (t) => [
    uniqueIndex('price_aliases_current_key')
      .on(sql`coalesce(tenant, '')`, sql`lower(provider)`, sql`lower(model)`)
      .where(sql`${t.endRevision} is null`),
  ],
)

/** A re-pricing: previewed, then applied slice by slice. */
export const priceCorrections = pgTable('price_corrections', {
  id: uuid().primaryKey().defaultRandom(),
  fromAt: at().notNull(),
  toAt: at().notNull(),
  /** Null: all. */
  tenants: jsonb().$type<string[]>(),
  models: jsonb().$type<{ provider: string; model: string }[]>(),
  reason: text().notNull(),
  bookRevision: integer().notNull(),
  /** `previewing`, `previewed`, `applying` or `applied`. */
  state: text().notNull(),
  requestedBy: text().notNull(),
  requestedAt: at().notNull().defaultNow(),
  appliedBy: text(),
  appliedAt: at(),
  finishedAt: at(),
  /** Requests in the range when it was asked for, by the rollup. */
  expected: bigint({ mode: 'number' }).notNull(),
  /** Progress of the state it is in: the last call looked at, how many were, and in how many slices. */
  cursorTenant: text(),
  cursorAt: at(),
  cursorId: text(),
  scanned: bigint({ mode: 'number' }).notNull().default(0),
  slices: integer().notNull().default(0),
})

/** What a slice found (preview) or changed (applied), by tenant, model and pair of prices. */
export const priceCorrectionSlices = pgTable(
  'price_correction_slices',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    correctionId: uuid()
      .notNull()
      .references(() => priceCorrections.id, { onDelete: 'cascade' }),
    applied: boolean().notNull(),
    slice: integer().notNull(),
    tenant: text().notNull(),
    provider: text().notNull(),
    model: text().notNull(),
    priceBefore: integer(),
    priceAfter: integer(),
    requests: bigint({ mode: 'number' }).notNull(),
    newlyPriced: bigint({ mode: 'number' }).notNull(),
    newlyUnpriced: bigint({ mode: 'number' }).notNull(),
    costBefore: usd().notNull(),
    costAfter: usd().notNull(),
  },
  (t) => [
    index('price_correction_slices_correction_idx').on(t.correctionId),
    index('price_correction_slices_tenant_idx').on(t.tenant),
  ],
)

/** What each call that a correction changed had cost before it; what it cost after is in the next row, or in the call. */
export const priceCorrectionRows = pgTable(
  'price_correction_rows',
  {
    tenant: text().notNull(),
    eventId: text().notNull(),
    correctionId: uuid()
      .notNull()
      .references(() => priceCorrections.id, { onDelete: 'cascade' }),
    occurredAt: at().notNull(),
    costBefore: usd(),
    priceBefore: integer(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.eventId, t.correctionId] })],
)
