import { and, asc, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { budgetAlerts, budgets, budgetStates } from '@/db/postgres/schema/budgets'
import { apiKeys } from '@/db/postgres/schema/keys'
import { arrayLiteral } from './array-literal'
import { callsWhere, type UsageFilter } from './usage-rows'

export const MOST_BUDGETS = 200
const MOST_ALERTS = 1_000

const shown = {
  id: budgets.id,
  name: budgets.name,
  amountUsd: sql<string>`trim_scale(${budgets.amountUsd})`,
  tenant: budgets.tenant,
  user: budgets.userId,
  key: budgets.keyId,
  model: budgets.model,
  prompt: budgets.prompt,
  period: budgets.period,
  rollingDays: budgets.rollingDays,
  timezone: budgets.timezone,
  thresholds: budgets.thresholds,
  enforcement: budgets.enforcement,
  createdBy: budgets.createdBy,
  createdAt: budgets.createdAt,
}

/** Those in force: all, or those of a tenant and those of all tenants. */
export async function selectBudgets(db: Db, { tenant = null }: { tenant?: string | null } = {}) {
  const of = tenant === null ? undefined : or(eq(budgets.tenant, tenant), isNull(budgets.tenant))
  return db
    .select({ ...shown, keyName: apiKeys.name })
    .from(budgets)
    .leftJoin(apiKeys, eq(apiKeys.id, budgets.keyId))
    .where(and(isNull(budgets.deletedAt), of))
    .orderBy(asc(budgets.name), asc(budgets.id))
    .limit(MOST_BUDGETS)
}
/** One that is in force; null where there is none. */
export async function selectBudget(db: Db, id: string): Promise<Budget | null> {
  const [row] = await db
    .select({ ...shown, keyName: apiKeys.name })
    .from(budgets)
    .leftJoin(apiKeys, eq(apiKeys.id, budgets.keyId))
    .where(and(isNull(budgets.deletedAt), eq(budgets.id, id)))
    .limit(1)
  return row ?? null
}
export type Budget = Awaited<ReturnType<typeof selectBudgets>>[number]

export async function countBudgets(db: Db): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(budgets)
    .where(isNull(budgets.deletedAt))
  return row?.count ?? 0
}

export async function insertBudget(tx: Transaction, budget: typeof budgets.$inferInsert): Promise<string> {
  const [row] = await tx.insert(budgets).values(budget).returning({ id: budgets.id })
  if (!row) throw new Error('INSERT INTO budgets returned no row')
  return row.id
}

/** Held until the transaction ends; deleted ones too. */
export async function lockBudget(tx: Transaction, id: string) {
  const [row] = await tx
    .select({ ...shown, deletedAt: budgets.deletedAt })
    .from(budgets)
    .where(eq(budgets.id, id))
    .for('update')
  return row ?? null
}

type Change = Partial<
  Pick<typeof budgets.$inferInsert, 'name' | 'amountUsd' | 'thresholds' | 'enforcement' | 'deletedAt'>
>

export async function updateBudget(tx: Transaction, id: string, change: Change): Promise<void> {
  await tx.update(budgets).set(change).where(eq(budgets.id, id))
}

/** What calls cost; `costUsd` is an exact decimal string over those with a price, `unpriced` counts the others. */
export type Spent = { requests: number; costUsd: string; unpriced: number }

/** What the calls of one key cost, by the bucket that begins at each edge. No sums are kept by key: all are read. */
export async function spentOfKey(
  db: Db,
  filter: UsageFilter,
  keyId: string,
  edges: Date[],
): Promise<Map<number, Spent>> {
  const starts = arrayLiteral(edges.map((edge) => edge.toISOString()))
  const rows = await db.execute<{ bucket: number; requests: string; cost_usd: string; unpriced: string }>(sql`
    select width_bucket(occurred_at, ${starts}::timestamptz[])::int as bucket, count(*) as requests,
      trim_scale(coalesce(sum(cost_usd), 0)) as cost_usd, count(*) filter (where cost_usd is null) as unpriced
    from llm_usage where ${callsWhere(filter)} and key_id = ${keyId}
    group by 1 order by 1 limit ${edges.length + 1}`)
  return new Map(
    rows.map(({ bucket, requests, cost_usd, unpriced }) => [
      bucket - 1,
      { requests: Number(requests), costUsd: cost_usd, unpriced: Number(unpriced) },
    ]),
  )
}

/** False where it was told already (the unique key). */
export async function insertAlert(tx: Transaction, alert: typeof budgetAlerts.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(budgetAlerts).values(alert).onConflictDoNothing().returning({ id: budgetAlerts.id })
  return rows.length > 0
}

/** What was told of these budgets since, newest first. */
export async function selectAlerts(db: Db, { ids, since }: { ids: string[]; since: Date }) {
  if (ids.length === 0) return []
  const { id, budgetId, periodFrom, kind, threshold, unpriced, exhaustedAt, at } = budgetAlerts
  const amountUsd = sql<string>`trim_scale(${budgetAlerts.amountUsd})`
  const spentUsd = sql<string>`trim_scale(${budgetAlerts.spentUsd})`
  return db
    .select({ id, budgetId, periodFrom, kind, threshold, amountUsd, spentUsd, unpriced, exhaustedAt, at })
    .from(budgetAlerts)
    .where(and(inArray(budgetId, ids), sql`${at} >= ${since.toISOString()}::timestamptz`))
    .orderBy(desc(at), desc(id))
    .limit(MOST_ALERTS)
}
export type BudgetAlert = Awaited<ReturnType<typeof selectAlerts>>[number]

/** Of two that counted, the later stands. */
export type BudgetState = typeof budgetStates.$inferInsert
export async function saveState(db: Db, state: BudgetState): Promise<void> {
  const { periodFrom, periodTo, spentUsd, unpriced, asOf, counter = null, driftUsd = null } = state
  await db
    .insert(budgetStates)
    .values(state)
    .onConflictDoUpdate({
      target: budgetStates.budgetId,
      set: { periodFrom, periodTo, spentUsd, unpriced, asOf, counter, driftUsd },
      setWhere: sql`${budgetStates.asOf} < excluded.as_of`,
    })
}

/** Its counter in Redis was let go of: the next count begins another. */
export async function noteNoCounter(tx: Transaction, budgetId: string): Promise<void> {
  await tx.update(budgetStates).set({ counter: null, driftUsd: null }).where(eq(budgetStates.budgetId, budgetId))
}

/** Every budget in force with what was counted of it last; null where it was not yet. */
export async function selectStates(db: Db) {
  const { periodFrom, periodTo, unpriced, asOf, counter } = budgetStates
  const spentUsd = sql<string>`trim_scale(${budgetStates.spentUsd})`
  const driftUsd = sql<string | null>`trim_scale(${budgetStates.driftUsd})`
  return db
    .select({ ...shown, state: { periodFrom, periodTo, spentUsd, unpriced, asOf, counter, driftUsd } })
    .from(budgets)
    .leftJoin(budgetStates, eq(budgetStates.budgetId, budgets.id))
    .where(isNull(budgets.deletedAt))
    .orderBy(asc(budgets.name), asc(budgets.id))
    .limit(MOST_BUDGETS)
}
