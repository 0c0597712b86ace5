import { eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { budgets } from '@/db/postgres/schema/budgets'
import { cacheLookups } from '@/db/postgres/schema/cache'
import { conversations, messages } from '@/db/postgres/schema/conversations'
import { kvLogged, kvUnlogged } from '@/db/postgres/schema/kv'
import { limitCounters, limitCounts, limitPolicies } from '@/db/postgres/schema/limits'
import type { UsagePolicy } from '@/db/postgres/schema/erasures'
import { jobs } from '@/db/postgres/schema/jobs'
import {
  memoryActivity,
  memoryPartitions,
  memoryRecalls,
  memoryReEmbeddings,
  memorySamples,
  memorySearches,
} from '@/db/postgres/schema/memory'
import { flagChanges, flagOverrides } from '@/db/postgres/schema/flags'
import { leaderboards } from '@/db/postgres/schema/leaderboards'
import { priceAliases, priceCorrectionRows, priceCorrectionSlices, priceOverrides } from '@/db/postgres/schema/prices'
import { sessionsUnlogged } from '@/db/postgres/schema/table-sessions'
import { tenants } from '@/db/postgres/schema/tenants'
import {
  llmUsage,
  usageDaily,
  usageDailyStatuses,
  usageDailyUsers,
  usageDeltas,
  usageHourly,
  usageHourlyLatencies,
  usageHourlyStatuses,
  usageHourlyUsers,
} from '@/db/postgres/schema/usage'
import { anonymiseUsage } from './usage-anonymise'
import { dropLoadTablesOf } from './vectors-load'
import { dropPartition } from './vectors-partitions'

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
 * all; to be called before anything else. Nobody folds usage, sums it up or writes turns until it ends; ingest and questions go on.
 */
export async function seeOneMoment(tx: Transaction): Promise<void> {
  await tx.execute(sql`set transaction isolation level repeatable read`)
  // LOCK sees no moment itself: what was folded before it is there for the deletes that follow. In the fold's own order.
  await tx.execute(sql`lock table usage_hourly, usage_stale_hours, usage_stale_days, messages in exclusive mode`)
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
  memoryActivity,
  memorySearches,
  memorySamples,
  memoryRecalls,
  memoryReEmbeddings,
  memoryPartitions,
  jobs,
  usageDeltas,
  usageHourly,
  usageHourlyUsers,
  usageHourlyStatuses,
  usageHourlyLatencies,
  usageDaily,
  usageDailyUsers,
  usageDailyStatuses,
  llmUsage,
  cacheLookups,
  priceOverrides,
  priceAliases,
  priceCorrectionSlices,
  priceCorrectionRows,
  budgets,
  leaderboards,
  flagOverrides,
  flagChanges,
  limitCounters,
  limitCounts,
  limitPolicies,
  kvLogged,
  kvUnlogged,
  sessionsUnlogged,
  conversations,
  messages,
}
/** What a policy may keep: calls, their sums, and what corrections made of them. */
const usageTables = [
  'usageDeltas',
  'usageHourly',
  'usageHourlyUsers',
  'usageHourlyStatuses',
  'usageHourlyLatencies',
  'usageDaily',
  'usageDailyUsers',
  'usageDailyStatuses',
  'llmUsage',
] as const satisfies (keyof typeof tablesOfTenant)[]
const correctionTables = ['priceCorrectionSlices', 'priceCorrectionRows'] as const

type Table = keyof typeof tablesOfTenant | 'usageEvents' | 'memory' | 'apiKeys' | 'tenants'
export type RowsOfTenant = Record<Table, number>

/** The families that stay under `policy`, whether under the tenant's name or under one that says nothing. */
export function keptTables(policy: UsagePolicy): Table[] {
  if (policy === 'erase') return []
  return [...usageTables, 'usageEvents', ...(policy === 'keep' ? correctionTables : [])]
}

/** Erases a tenant and says how many rows went, by table, and how many were kept as `policy` has it. */
export async function deleteRowsOfTenant(
  tx: Transaction,
  slug: string,
  policy: UsagePolicy,
): Promise<{ deleted: RowsOfTenant; kept: Partial<RowsOfTenant> }> {
  await dropLoadTablesOf(tx, slug)
  const deleted: Partial<RowsOfTenant> = { memory: await dropPartition(tx, slug), usageEvents: 0 }
  const keeping = keptTables(policy)
  const kept = keeping.length > 0 ? await countIn(tx, keeping, slug) : {}
  if (policy === 'erase') {
    // Their sums over all tenants hold this one's calls too.
    await tx.execute(sql`
      insert into usage_stale_hours select distinct hour from usage_hourly where tenant = ${slug} on conflict do nothing`)
    deleted.usageEvents = (await tx.execute(sql`delete ${eventsOfTenant(slug)}`)).count
  } else if (policy === 'anonymise') await anonymiseUsage(tx, slug)
  for (const [name, table] of Object.entries(tablesOfTenant))
    deleted[name as Table] = keeping.includes(name as Table)
      ? 0
      : (await tx.delete(table).where(eq(table.tenant, slug))).count
  deleted.apiKeys = await takeFromKeys(tx, slug)
  const { count: gone } = await tx.delete(tenants).where(eq(tenants.slug, slug))
  return { deleted: { ...(deleted as RowsOfTenant), tenants: gone }, kept }
}

/** A key that is bound to this tenant alone is revoked; one of several may not act for it any more. */
async function takeFromKeys(tx: Transaction, slug: string): Promise<number> {
  const { count: keys } = await tx.execute(sql`
    update api_keys set tenants = case when cardinality(tenants) > 1 then array_remove(tenants, ${slug}) else tenants end,
      revoked_at = case when cardinality(tenants) > 1 then revoked_at else now() end
    where ${slug} = any(tenants) and revoked_at is null`)
  return keys
}

/** The ledger knows calls by a digest only: those of a tenant are found by its calls. */
const eventsOfTenant = (slug: string) => sql`
  from usage_events where id in (select usage_event_id(tenant, event_id) from llm_usage where tenant = ${slug})`

const rowsOf = (name: Table, slug: string) => {
  if (name in tablesOfTenant) {
    const table = tablesOfTenant[name as keyof typeof tablesOfTenant]
    return sql`from ${table} where ${table.tenant} = ${slug}`
  }
  if (name === 'usageEvents') return eventsOfTenant(slug)
  if (name === 'apiKeys') return sql`from api_keys where ${slug} = any(tenants) and revoked_at is null`
  return sql`from tenants where slug = ${slug}`
}

/** In one statement: dozens of them would take long where others ask too. */
async function countIn<Name extends Table>(db: Db, names: readonly Name[], slug: string) {
  const counts = names.map((name) => sql`(select count(*)::int ${rowsOf(name, slug)}) as ${sql.identifier(name)}`)
  const [row] = await db.execute<Record<Name, number>>(sql`select ${sql.join(counts, sql`, `)}`)
  if (!row) throw new Error('the count of a tenant returned no row')
  return row
}

/** How many rows still name the tenant, by table; `memory` is counted by whoever may see it (R11). */
export async function countRowsOfTenant(db: Db, slug: string, memory = 0): Promise<RowsOfTenant> {
  const names = Object.keys(tablesOfTenant) as (keyof typeof tablesOfTenant)[]
  return { memory, ...(await countIn(db, [...names, 'usageEvents', 'apiKeys', 'tenants'], slug)) }
}
