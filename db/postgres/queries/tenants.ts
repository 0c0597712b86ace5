import { count, eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { budgets } from '@/db/postgres/schema/budgets'
import { cacheLookups } from '@/db/postgres/schema/cache'
import { priceAliases, priceCorrectionRows, priceCorrectionSlices, priceOverrides } from '@/db/postgres/schema/prices'
import { tenants } from '@/db/postgres/schema/tenants'
import {
  llmUsage,
  usageDaily,
  usageDailyUsers,
  usageDeltas,
  usageEvents,
  usageHourly,
  usageHourlyLatencies,
  usageHourlyStatuses,
  usageHourlyUsers,
} from '@/db/postgres/schema/usage'

export type Tenant = { slug: string; name: string; simulated: boolean; createdAt: Date }

const shown = {
  slug: tenants.slug,
  name: tenants.name,
  simulated: tenants.simulated,
  createdAt: tenants.createdAt,
}

export async function selectTenant(db: Db, slug: string): Promise<Tenant | null> {
  const [row] = await db.select(shown).from(tenants).where(eq(tenants.slug, slug)).limit(1)
  return row ?? null
}

/** Null when the tenant is there already; it is left as it is then. */
export async function insertTenant(db: Db, tenant: Omit<Tenant, 'createdAt'>): Promise<Tenant | null> {
  const [row] = await db.insert(tenants).values(tenant).onConflictDoNothing().returning(shown)
  return row ?? null
}

/** Adds those that are missing, in one order, so that two batches never wait for each other in a circle. */
export async function insertMissingTenants(db: Db, slugs: string[], simulated: boolean): Promise<void> {
  const rows = slugs.toSorted().map((slug) => ({ slug, name: slug, simulated }))
  await db.insert(tenants).values(rows).onConflictDoNothing()
}

/**
 * Lets all that this transaction asks see the same moment, so that a batch of usage is erased with all its sums or not at
 * all; to be called before anything else. Nobody folds usage or sums it up until it ends; ingest and questions go on.
 */
export async function seeOneMoment(tx: Transaction): Promise<void> {
  await tx.execute(sql`set transaction isolation level repeatable read`)
  // LOCK sees no moment itself: what was folded before it is there for the deletes that follow. In the fold's own order.
  await tx.execute(sql`lock table usage_hourly, usage_stale_hours, usage_stale_days in exclusive mode`)
}

/** Whether a transaction of one moment failed because another one was faster: it changed nothing and may be tried again. */
export function isOvertaken(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const { code } = (cause ?? {}) as { code?: unknown }
  return code === '40001' || code === '40P01'
}

/** Two erasures of one tenant at once: the second waits here, and finds nothing. */
export async function lockTenant(tx: Transaction, slug: string): Promise<Tenant | null> {
  const [row] = await tx.select(shown).from(tenants).where(eq(tenants.slug, slug)).limit(1).for('update')
  return row ?? null
}

/** Every table that names a tenant, in the order in which they are emptied: first those that others change all the time. */
const tablesOfTenant = {
  usageDeltas,
  usageHourly,
  usageHourlyUsers,
  usageHourlyStatuses,
  usageHourlyLatencies,
  usageDaily,
  usageDailyUsers,
  llmUsage,
  usageEvents,
  cacheLookups,
  priceOverrides,
  priceAliases,
  priceCorrectionSlices,
  priceCorrectionRows,
  budgets,
}
type Table = keyof typeof tablesOfTenant | 'tenants'
export type RowsOfTenant = Record<Table, number>

/** Erases a tenant and says how many rows went, by table. */
export async function deleteRowsOfTenant(tx: Transaction, slug: string): Promise<RowsOfTenant> {
  const deleted: Partial<RowsOfTenant> = {}
  // Their sums over all tenants hold this one's calls too.
  await tx.execute(sql`
    insert into usage_stale_hours select distinct hour from usage_hourly where tenant = ${slug} on conflict do nothing`)
  for (const [name, table] of Object.entries(tablesOfTenant))
    deleted[name as Table] = (await tx.delete(table).where(eq(table.tenant, slug))).count
  const { count: gone } = await tx.delete(tenants).where(eq(tenants.slug, slug))
  return { ...(deleted as RowsOfTenant), tenants: gone }
}

/** How many rows still name the tenant, by table. */
export async function countRowsOfTenant(db: Db, slug: string): Promise<RowsOfTenant> {
  const counted: Partial<RowsOfTenant> = {}
  for (const [name, table] of Object.entries(tablesOfTenant)) {
    const [row] = await db.select({ rows: count() }).from(table).where(eq(table.tenant, slug))
    counted[name as Table] = row?.rows ?? 0
  }
  return { ...(counted as RowsOfTenant), tenants: (await selectTenant(db, slug)) ? 1 : 0 }
}
