import { asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { type IndexMethod, type MemoryColumn, memoryPartitions, memorySettings } from '@/db/postgres/schema/memory'
import { tenants } from '@/db/postgres/schema/tenants'
import { holdToSpaces } from './vectors-spaces'
import { isOnColumn } from './vectors-space'

export const partitionName = (number: number) => `memory_t${number}`

const shown = {
  tenant: memoryPartitions.tenant,
  number: memoryPartitions.number,
  model: memoryPartitions.model,
  dimensions: memoryPartitions.dimensions,
  activeColumn: memoryPartitions.activeColumn,
  otherModel: memoryPartitions.otherModel,
  otherDimensions: memoryPartitions.otherDimensions,
  otherIndexType: memoryPartitions.otherIndexType,
  metric: memoryPartitions.metric,
  indexType: memoryPartitions.indexType,
  indexMethod: memoryPartitions.indexMethod,
  m: memoryPartitions.m,
  efConstruction: memoryPartitions.efConstruction,
  efSearch: memoryPartitions.efSearch,
  probes: memoryPartitions.probes,
  recallTarget: memoryPartitions.recallTarget,
  /** The index was taken off; while nothing asks for it the tenant sleeps. */
  indexOff: sql<boolean>`${memoryPartitions.indexOffAt} is not null`,
  indexWantedBy: memoryPartitions.indexWantedBy,
  indexKinds: memoryPartitions.indexKinds,
  /** Holds for all tenants. */
  keepSearches: sql<boolean>`(select ${memorySettings.keepSearches} from ${memorySettings})`,
}

type Indexes = { indexed: boolean; methods: IndexMethod[]; lists: number | null }

/**
 * With whether there is an index that searches can use, the methods of all that are there, half-built ones too, and the
 * lists of IVFFlat; null for a tenant without a partition.
 */
export async function selectPartition(db: Db, tenant: string) {
  const [row] = await db
    .select({
      ...shown,
      indexes: sql<Indexes>`(
        select jsonb_build_object('indexed', coalesce(bool_or(indisvalid and indpred is null), false),
          'methods', coalesce(jsonb_agg(distinct amname), '[]'), 'lists', max((
            select option_value::int from pg_options_to_table(reloptions) where option_name = 'lists')))
        from pg_index i join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam
        where ${isOnColumn(sql`${memoryPartitions.activeColumn}`)} and indrelid = to_regclass('memory_t' || ${memoryPartitions.number}) and amname in ('hnsw', 'ivfflat'))`,
    })
    .from(memoryPartitions)
    .where(eq(memoryPartitions.tenant, tenant))
    .limit(1)
  if (!row) return null
  const { indexes, ...partition } = row
  return { ...partition, ...indexes }
}
export type Partition = NonNullable<Awaited<ReturnType<typeof selectPartition>>>

/** Whose vectors are searched at this very moment. */
export async function activeColumn(tx: Transaction, tenant: string): Promise<MemoryColumn | null> {
  const [row] = await tx
    .select({ column: memoryPartitions.activeColumn })
    .from(memoryPartitions)
    .where(eq(memoryPartitions.tenant, tenant))
    .limit(1)
  return row?.column ?? null
}

/** Held until the transaction ends. */
export async function lockPartition(tx: Transaction, tenant: string) {
  const [row] = await tx.select(shown).from(memoryPartitions).where(eq(memoryPartitions.tenant, tenant)).for('update')
  return row ?? null
}

/** Gives a registered tenant its partition, where it has none (see the migration); two at once make one. */
export async function addPartition(db: Db, tenant: string): Promise<void> {
  await db.execute(sql`select add_memory_partition(${tenant})`)
}

/** Registered tenants without a partition, oldest first. */
export async function tenantsWithoutPartition(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .select({ slug: tenants.slug })
    .from(tenants)
    .leftJoin(memoryPartitions, eq(memoryPartitions.tenant, tenants.slug))
    .where(isNull(memoryPartitions.tenant))
    .orderBy(asc(tenants.createdAt), asc(tenants.slug))
    .limit(limit)
  return rows.map(({ slug }) => slug)
}

/**
 * Holds a partition to one model, by a constraint of the database: what does not fit cannot be written, by nobody.
 * The caller holds the tenant's row; the partition is empty.
 */
export async function setSpace(
  tx: Transaction,
  { tenant, number, model, dimensions }: { tenant: string; number: number; model: string; dimensions: number },
): Promise<void> {
  await tx.update(memoryPartitions).set({ model, dimensions }).where(eq(memoryPartitions.tenant, tenant))
  await holdToSpaces(tx, {
    number,
    activeColumn: 'embedding',
    model,
    dimensions,
    otherModel: null,
    otherDimensions: null,
  })
}

type Change = Partial<
  Pick<
    typeof memoryPartitions.$inferInsert,
    | 'metric'
    | 'indexType'
    | 'indexMethod'
    | 'm'
    | 'efConstruction'
    | 'efSearch'
    | 'probes'
    | 'recallTarget'
    | 'indexKinds'
  >
>

export async function updatePartition(tx: Transaction, tenant: string, change: Change): Promise<void> {
  await tx.update(memoryPartitions).set(change).where(eq(memoryPartitions.tenant, tenant))
}

type Attached = { number: number; attached: boolean; pending: boolean }

async function attachmentOf(db: Db, tenant: string): Promise<Attached | null> {
  const [row] = await db.execute<Attached>(sql`
    select number, inhrelid is not null as attached, coalesce(inhdetachpending, false) as pending
    from memory_partitions left join pg_inherits
      on inhrelid = to_regclass('memory_t' || number) and inhparent = 'memory'::regclass
    where tenant = ${tenant}`)
  return row ?? null
}

/** One partition may leave at a time. Another that is on its way out gets so long, then its erasure was killed. */
const PENDING_MS = 10_000
const PAUSE_MS = 100

/**
 * Takes a tenant's partition out of the searches, without a lock that any other tenant would feel; it is dropped by
 * `dropPartition`. Outside of a transaction, and safe to do again after a crash.
 */
export async function detachPartition(db: Db, tenant: string): Promise<void> {
  await db.execute(sql`update memory_partitions set leaving_at = clock_timestamp() where tenant = ${tenant}`)
  const started = performance.now()
  for (;;) {
    const found = await attachmentOf(db, tenant)
    if (!found?.attached) return
    if (found.pending) return void (await finalize(db, partitionName(found.number)))
    try {
      await db.execute(
        sql`alter table memory detach partition ${sql.identifier(partitionName(found.number))} concurrently`,
      )
      return
    } catch (error) {
      if (!isOtherPending(error)) throw error
      if (performance.now() - started > PENDING_MS) await finalizeOthers(db)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

const finalize = (db: Db, name: string) =>
  db.execute(sql`alter table memory detach partition ${sql.identifier(name)} finalize`)

async function finalizeOthers(db: Db): Promise<void> {
  const pending = await db.execute<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'memory'::regclass and inhdetachpending limit 1`)
  for (const { name } of pending) await finalize(db, name)
}

function isOtherPending(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return (cause as { code?: unknown } | null)?.code === '55000'
}

/** How many items went; the row that names the partition goes after it. It is detached by then, or was never there. */
export async function dropPartition(tx: Transaction, tenant: string): Promise<number> {
  const found = await attachmentOf(tx, tenant)
  if (!found) return 0
  const table = sql.identifier(partitionName(found.number))
  const [counted] = await tx.execute<{ exists: boolean }>(
    sql`select to_regclass(${partitionName(found.number)}) is not null as exists`,
  )
  let rows = 0
  if (counted?.exists) {
    await tx.execute(sql`alter table ${table} no force row level security`) // so that its owner may count
    const [row] = await tx.execute<{ rows: string }>(sql`select count(*) as rows from ${table}`)
    rows = Number(row?.rows ?? 0)
    await tx.execute(sql`drop table ${table}`)
  }
  return rows
}

/** Tenants whose erasure began before then, came to no end, and goes on nowhere. */
export async function tenantsLeftBehind(db: Db, before: Date): Promise<string[]> {
  const rows = await db.execute<{ tenant: string }>(sql`
    select tenant from memory_partitions where leaving_at < ${before.toISOString()}::timestamptz
      and not exists (select from erasures where slug = tenant and state in ('queued', 'running')) order by 1 limit 100`)
  return rows.map(({ tenant }) => tenant)
}

/** Puts back what an erasure took out that failed after it: nothing has been erased. */
export async function reattachPartition(db: Db, tenant: string): Promise<void> {
  const found = await attachmentOf(db, tenant)
  if (!found) return
  const table = sql.identifier(partitionName(found.number))
  if (found.pending) await finalize(db, partitionName(found.number))
  if (found.pending || !found.attached)
    await db.execute(sql`alter table memory attach partition ${table} for values in (${sql.raw(`'${tenant}'`)})`)
  await db.execute(sql`update memory_partitions set leaving_at = null where tenant = ${tenant}`)
}
