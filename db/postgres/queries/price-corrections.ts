import { and, desc, eq, getTableColumns, isNotNull, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { priceCorrections } from '@/db/postgres/schema/prices'
import { arrayLiteral } from './array-literal'
import { usageRows } from './usage-rows'

export type CorrectionState = 'previewing' | 'previewed' | 'applying' | 'applied'
export type CorrectionScope = {
  from: Date
  to: Date
  tenants: string[] | null
  models: { provider: string; model: string }[] | null
}
export type Correction = typeof priceCorrections.$inferSelect & {
  /** `cursorAt` to the microsecond, which a Date would lose. */
  cursorAtText: string | null
}
/** The last call looked at; what follows it in (tenant, time, id) is still to do. `at` is text, to the microsecond. */
export type Cursor = { tenant: string; at: string; id: string }
export type CallToPrice = {
  tenant: string
  event_id: string
  occurred_at: string
  provider: string
  model: string
  input_tokens: number
  output_tokens: number
  cached_input_tokens: number
  cache_write_tokens: number
  cost_usd: string | null
  price_id: number | null
}
export type NewCost = {
  event_id: string
  occurred_at: string
  cost_before: string | null
  price_before: number | null
  cost_after: string | null
  price_after: number | null
}

const shown = {
  ...getTableColumns(priceCorrections),
  cursorAtText: sql<string | null>`to_json(${priceCorrections.cursorAt}) #>> '{}'`,
}

export async function insertCorrection(
  tx: Transaction,
  correction: typeof priceCorrections.$inferInsert,
): Promise<string> {
  const [row] = await tx.insert(priceCorrections).values(correction).returning({ id: priceCorrections.id })
  if (!row) throw new Error('INSERT INTO price_corrections returned no row')
  return row.id
}

export async function lockCorrection(tx: Transaction, id: string): Promise<Correction | null> {
  const [row] = await tx.select(shown).from(priceCorrections).where(eq(priceCorrections.id, id)).for('update')
  return row ?? null
}

export async function selectCorrection(db: Db, id: string): Promise<Correction | null> {
  const [row] = await db.select(shown).from(priceCorrections).where(eq(priceCorrections.id, id)).limit(1)
  return row ?? null
}

/** Newest first; previews that were never applied are left out. */
export async function selectAppliedCorrections(db: Db, limit: number): Promise<Correction[]> {
  return db
    .select(shown)
    .from(priceCorrections)
    .where(isNotNull(priceCorrections.appliedAt))
    .orderBy(desc(priceCorrections.requestedAt), desc(priceCorrections.id))
    .limit(limit)
}

/**
 * What there is to do: corrections to apply before previews, each in its turn. Not before the price book has stood still
 * for three seconds, so that no gateway prices calls by an older one any more.
 */
export async function nextCorrection(db: Db): Promise<Correction | null> {
  const [row] = await db
    .select(shown)
    .from(priceCorrections)
    .where(
      sql`state in ('applying', 'previewing') and not exists (
        select from price_book where changed_at > clock_timestamp() - interval '3 seconds')`,
    )
    .orderBy(sql`state = 'applying' desc`, priceCorrections.requestedAt, priceCorrections.id)
    .limit(1)
  return row ?? null
}

/** From the preview to its application: the same question from the beginning. */
export async function startApplying(tx: Transaction, id: string, by: string): Promise<void> {
  await tx
    .update(priceCorrections)
    .set({
      state: 'applying',
      appliedBy: by,
      appliedAt: sql`clock_timestamp()`,
      cursorTenant: null,
      cursorAt: null,
      cursorId: null,
      scanned: 0,
      slices: 0,
    })
    .where(eq(priceCorrections.id, id))
}

export async function forgetPreviews(db: Db, olderThanHours: number): Promise<number> {
  const { count } = await db
    .delete(priceCorrections)
    .where(
      and(
        sql`state in ('previewing', 'previewed')`,
        sql`requested_at < now() - make_interval(hours => ${olderThanHours})`,
      ),
    )
  return count
}

/** Forgets what calls had cost before a correction where their month was dropped; the sums by slice stay. At most `limit`. */
export async function forgetRowsOfDroppedMonths(db: Db, limit: number): Promise<number> {
  const { count } = await db.execute(sql`
    delete from price_correction_rows where ctid = any (array(
      select r.ctid from usage_months m
      join price_correction_rows r on r.occurred_at >= m.month and r.occurred_at < m.until
      where m.dropped_at is not null limit ${limit}))`)
  return count
}

/** The first tenant of a correction from this one on that has calls to look at; null at the end. */
export async function nextTenant(db: Db, { from, to, tenants }: CorrectionScope, after: string | null) {
  const [row] = await db.execute<{ slug: string }>(sql`
    select slug from tenants where slug collate "C" > ${after ?? ''}
      and ${tenants === null ? sql`true` : sql`slug = any(${arrayLiteral(tenants)}::text[])`}
      and exists (select from llm_usage u where u.tenant = slug
        and occurred_at >= ${from.toISOString()} and occurred_at < ${to.toISOString()})
    order by slug collate "C" limit 1`)
  return row?.slug ?? null
}

/** The calls after the cursor that a price could be for, of one tenant, in the order of the cursor. */
export async function callsToPrice(
  db: Db,
  { from, to, models }: CorrectionScope,
  { tenant, at, id }: Omit<Cursor, 'at'> & { at: string | null },
  limit: number,
): Promise<CallToPrice[]> {
  const named = models?.map(({ provider, model }) => sql`(provider = ${provider} and model = ${model})`)
  return db.execute<CallToPrice>(sql`
    select tenant, event_id, (to_json(occurred_at) #>> '{}') as occurred_at, provider, model, input_tokens, output_tokens,
      cached_input_tokens, cache_write_tokens, cost_usd::text as cost_usd, price_id
    from llm_usage
    where tenant = ${tenant} and occurred_at >= ${at ?? from.toISOString()}::timestamptz
      and occurred_at < ${to.toISOString()} and not cached
      and ${at === null ? sql`true` : sql`(occurred_at, event_id collate "C") > (${at}::timestamptz, ${id})`}
      and ${named ? sql`(${sql.join(named, sql` or `)})` : sql`true`}
    order by occurred_at, event_id collate "C" limit ${limit}`)
}

/** Takes the step from one slice to the next; false when another worker took it. Holds the correction until the end. */
export async function takeSlice(
  tx: Transaction,
  { id, state, slices }: Pick<Correction, 'id' | 'state' | 'slices'>,
  { cursor, scanned, done }: { cursor: Cursor | null; scanned: number; done: CorrectionState | null },
): Promise<boolean> {
  const { count } = await tx
    .update(priceCorrections)
    .set({
      ...(cursor && {
        cursorTenant: cursor.tenant,
        cursorAt: sql`${cursor.at}::timestamptz`,
        cursorId: cursor.id,
      }),
      scanned: sql`scanned + ${scanned}`,
      slices: sql`slices + 1`,
      ...(done && { state: done, finishedAt: sql`clock_timestamp()` }),
    })
    .where(and(eq(priceCorrections.id, id), eq(priceCorrections.state, state), eq(priceCorrections.slices, slices)))
  return count === 1
}

/** How many calls a correction will look at, by the rollup: answers from the application's cache have no price. */
export async function countToPrice(db: Db, { from, to, tenants, models }: CorrectionScope): Promise<number> {
  const named = models?.map(({ provider, model }) => sql`(provider = ${provider} and model = ${model})`)
  const [row] = await db.execute<{ calls: string }>(sql`
    select coalesce(sum(requests - cache_hits), 0) as calls
    from (${usageRows({ from, to }, 'hours', { user: false, detail: true })}) as used
    where ${tenants === null ? sql`true` : sql`tenant = any(${arrayLiteral(tenants)}::text[])`}
      and ${named ? sql`(${sql.join(named, sql` or `)})` : sql`true`}`)
  return Number(row?.calls ?? 0)
}

/** Keeps a tenant from being erased until the transaction ends; false when there is none. */
export async function holdTenant(tx: Transaction, slug: string): Promise<boolean> {
  const rows = await tx.execute(sql`select from tenants where slug = ${slug} for share`)
  return rows.length > 0
}

const batchOf = (rows: NewCost[]) => sql`unnest(
    ${arrayLiteral(rows.map((row) => row.event_id))}::text[], ${arrayLiteral(rows.map((row) => row.occurred_at))}::timestamptz[],
    ${arrayLiteral(rows.map((row) => row.cost_before))}::numeric[], ${arrayLiteral(rows.map((row) => row.price_before))}::int[],
    ${arrayLiteral(rows.map((row) => row.cost_after))}::numeric[], ${arrayLiteral(rows.map((row) => row.price_after))}::int[]
  ) as batch(event_id, occurred_at, cost_before, price_before, cost_after, price_after)`

/**
 * R7: the new costs of one tenant's calls, what they were before, and the difference for the rollups, in one statement.
 * The difference is a delta like those of ingest: requests 0, cost after less before; whoever reads or folds deltas needs
 * to know nothing of corrections. Summaries of those hours are stale until they are made anew. A call that is gone or costs something else by now is left alone.
 */
export async function applyCosts(
  tx: Transaction,
  { correctionId, slice, tenant, rows }: { correctionId: string; slice: number; tenant: string; rows: NewCost[] },
): Promise<void> {
  const times = rows.map((row) => row.occurred_at)
  await tx.execute(sql`
    with changed as (
      update llm_usage as u set cost_usd = batch.cost_after, price_id = batch.price_after
      from ${batchOf(rows)}
      where u.tenant = ${tenant} and u.occurred_at >= ${times[0]}::timestamptz and u.occurred_at <= ${times.at(-1)}::timestamptz
        and u.occurred_at = batch.occurred_at and u.event_id = batch.event_id
        and u.cost_usd is not distinct from batch.cost_before and u.price_id is not distinct from batch.price_before
      returning u.tenant, u.event_id, u.occurred_at, u.provider, u.model, u.prompt_name, u.prompt_version, u.user_id,
        batch.cost_before, batch.price_before, batch.cost_after, batch.price_after
    ), kept as (
      insert into price_correction_rows (correction_id, tenant, event_id, occurred_at, cost_before, price_before)
      select ${correctionId}::uuid, tenant, event_id, occurred_at, cost_before, price_before from changed
    ), deltas as (
      insert into usage_deltas (hour, tenant, provider, model, prompt_name, prompt_version, user_id, cost_usd, unpriced)
      select date_trunc('hour', occurred_at, 'UTC'), tenant, provider, model, prompt_name, prompt_version, user_id,
        sum(coalesce(cost_after, 0) - coalesce(cost_before, 0)),
        count(*) filter (where cost_after is null) - count(*) filter (where cost_before is null)
      from changed group by 1, 2, 3, 4, 5, 6, 7
    ), stale as (
      insert into usage_stale_hours (hour) select distinct date_trunc('hour', occurred_at, 'UTC') from changed order by 1
      on conflict do nothing
    )
    ${sliceOf({ correctionId, slice, applied: true })} from changed group by tenant, provider, model, price_before, price_after`)
}

/** What a slice would change, for the preview. */
export async function noteCosts(
  tx: Transaction,
  {
    correctionId,
    slice,
    tenant,
    rows,
  }: { correctionId: string; slice: number; tenant: string; rows: (NewCost & { provider: string; model: string })[] },
): Promise<void> {
  await tx.execute(sql`
    with batch as (
      select ${tenant}::text as tenant, names.provider, names.model, batch.*
      from ${batchOf(rows)} join unnest(${arrayLiteral(rows.map((row) => row.event_id))}::text[],
        ${arrayLiteral(rows.map((row) => row.provider))}::text[], ${arrayLiteral(rows.map((row) => row.model))}::text[]
      ) as names(event_id, provider, model) using (event_id)
    )
    ${sliceOf({ correctionId, slice, applied: false })} from batch group by tenant, provider, model, price_before, price_after`)
}

const sliceOf = ({ correctionId, slice, applied }: { correctionId: string; slice: number; applied: boolean }) => sql`
    insert into price_correction_slices (correction_id, applied, slice, tenant, provider, model, price_before, price_after,
      requests, newly_priced, newly_unpriced, cost_before, cost_after)
    select ${correctionId}::uuid, ${applied}::boolean, ${slice}::int, tenant, provider, model, price_before, price_after, count(*),
      count(*) filter (where cost_before is null and cost_after is not null),
      count(*) filter (where cost_before is not null and cost_after is null),
      coalesce(sum(cost_before), 0), coalesce(sum(cost_after), 0)`

export type Difference = {
  tenant: string
  provider: string
  model: string
  requests: number
  newlyPriced: number
  newlyUnpriced: number
  /** US dollars, exact. */
  before: string
  after: string
  difference: string
}

/** What changes, or changed, by tenant and model, the largest difference first, with the whole of it. */
export async function differencesOf(db: Db, id: string, applied: boolean, limit: number) {
  const rows = await db.execute<Record<keyof Difference, string> & { whole: boolean; others: string }>(sql`
    select tenant, provider, model, grouping(tenant) = 1 as whole, count(*) over () - 1 as others,
      coalesce(sum(requests), 0) as requests, coalesce(sum(newly_priced), 0) as "newlyPriced",
      coalesce(sum(newly_unpriced), 0) as "newlyUnpriced", trim_scale(coalesce(sum(cost_before), 0)) as before,
      trim_scale(coalesce(sum(cost_after), 0)) as after,
      trim_scale(coalesce(sum(cost_after - cost_before), 0)) as difference
    from price_correction_slices where correction_id = ${id} and applied = ${applied}
    group by grouping sets ((tenant, provider, model), ())
    order by whole desc, abs(coalesce(sum(cost_after - cost_before), 0)) desc, tenant, provider, model limit ${limit + 1}`)
  const all = rows.map((row): Difference => ({
    tenant: row.tenant,
    provider: row.provider,
    model: row.model,
    requests: Number(row.requests),
    newlyPriced: Number(row.newlyPriced),
    newlyUnpriced: Number(row.newlyUnpriced),
    before: row.before,
    after: row.after,
    difference: row.difference,
  }))
  const [whole, ...parts] = all
  if (!whole) throw new Error('differences without their total row')
  const { tenant: _tenant, provider: _provider, model: _model, ...total } = whole
  return { total, parts, count: Number(rows[0]?.others ?? 0) }
}
