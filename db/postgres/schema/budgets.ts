import { bigint, index, integer, numeric, pgTable, smallint, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'

const usd = () => numeric({ precision: 24, scale: 12 })

/**
 * What may be spent in a period. Its scope is all calls, or those of one tenant, and of those one user, key, model or
 * prompt; the scope and the period never change: another scope is another budget.
 */
export const budgets = pgTable(
  'budgets',
  {
    id: uuid().primaryKey().defaultRandom(),
    name: text().notNull(),
    amountUsd: usd().notNull(),
    tenant: text(),
    userId: text(),
    keyId: uuid(),
    model: text(),
    prompt: text(),
    /** Calendar days, weeks and months of the zone, or the last `rollingDays` days. */
    period: text().$type<BudgetPeriod>().notNull(),
    rollingDays: smallint(),
    timezone: text().notNull(),
    /** Percent of the amount, ascending. */
    thresholds: smallint().array().notNull(),
    /** `tell` only says so; `refuse` answers applications that ask with "not allowed" once it is used up. */
    enforcement: text().$type<'tell' | 'refuse'>().notNull(),
    createdBy: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Kept, so that a deletion can be undone. */
    deletedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index('budgets_tenant_idx').on(t.tenant)],
)
export type BudgetPeriod = 'day' | 'week' | 'month' | 'rolling'

/** What was told of a budget: once per period, kind, threshold and amount, however many workers look (the unique key). */
export const budgetAlerts = pgTable(
  'budget_alerts',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    budgetId: uuid()
      .notNull()
      .references(() => budgets.id, { onDelete: 'cascade' }),
    /** When the period began; of a rolling one, the local day of the first alert in as many days as it is long. */
    periodFrom: timestamp({ withTimezone: true }).notNull(),
    kind: text().$type<'threshold' | 'forecast'>().notNull(),
    /** Percent; 100 of a forecast, which foresees that all of it is used up. */
    threshold: smallint().notNull(),
    amountUsd: usd().notNull(),
    spentUsd: usd().notNull(),
    /** Calls of the scope that have no price and are not in what was spent. */
    unpriced: integer().notNull(),
    /** When it will be used up, as foreseen; of forecasts only. */
    exhaustedAt: timestamp({ withTimezone: true }),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [unique('budget_alerts_once').on(t.budgetId, t.periodFrom, t.kind, t.threshold, t.amountUsd)],
)

/** What the worker counted last, for gateways that are asked whether a call is within its budgets. */
export const budgetStates = pgTable('budget_states', {
  budgetId: uuid()
    .primaryKey()
    .references(() => budgets.id, { onDelete: 'cascade' }),
  periodFrom: timestamp({ withTimezone: true }).notNull(),
  periodTo: timestamp({ withTimezone: true }).notNull(),
  spentUsd: usd().notNull(),
  unpriced: integer().notNull(),
  asOf: timestamp({ withTimezone: true }).notNull(),
  /** What the counter in Redis was found to be; null of budgets that only tell. */
  counter: text().$type<CounterFound>(),
  /** What it held beyond what was counted, or, below zero, less; null where there was nothing to compare. */
  driftUsd: usd(),
})
/** `right`, `off` by what `driftUsd` says, `begun` with this count, `lost` and begun anew, or Redis was `unreachable`. */
export type CounterFound = 'right' | 'off' | 'begun' | 'lost' | 'unreachable'

/** Counters that were not as they should be when they were reconciled, for as long as `pruneDrifts` keeps them. */
export const budgetDrifts = pgTable(
  'budget_drifts',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    budgetId: uuid()
      .notNull()
      .references(() => budgets.id, { onDelete: 'cascade' }),
    at: timestamp({ withTimezone: true }).notNull(),
    found: text().$type<'off' | 'lost'>().notNull(),
    /** Null where the counter was lost. */
    driftUsd: usd(),
    amountUsd: usd().notNull(),
  },
  (t) => [index('budget_drifts_budget_idx').on(t.budgetId, t.id)],
)
