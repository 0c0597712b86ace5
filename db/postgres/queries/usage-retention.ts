import { sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { usageRetention } from '@/db/postgres/schema/retention'
import { lockUsageMonths } from './usage-partitions'

/** A month of raw calls. Instants are epoch milliseconds; `until` is the first instant after it. */
export type UsageMonth = {
  month: number
  until: number
  /** As the planner last knew it; null when it never looked. After a drop, what it was, counted. */
  rows: number | null
  bytes: number | null
  dueAt: number | null
  droppedAt: number | null
}

const MOST_MONTHS = 1_200
const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`)

/** Every month that has raw calls, is announced or was dropped; the newest first. */
export async function selectUsageMonths(db: Db): Promise<UsageMonth[]> {
  return db.execute<UsageMonth>(sql`
    with partitions as (
      select to_timestamp(right(relname, 7), 'YYYY_MM') at time zone current_setting('timezone') at time zone 'UTC' as month,
        pg_class.oid, nullif(reltuples, -1)::float8 as rows
      from pg_inherits join pg_class on pg_class.oid = inhrelid
      where inhparent = 'llm_usage'::regclass limit ${MOST_MONTHS}
    )
    select ${ms('month')} as month, ${ms("coalesce(m.until, month + interval '1 month')")} as until,
      coalesce(m.rows, p.rows)::float8 as rows, coalesce(m.bytes, pg_total_relation_size(p.oid))::float8 as bytes,
      ${ms('m.due_at')} as "dueAt", ${ms('m.dropped_at')} as "droppedAt"
    from partitions p full join usage_months m using (month)
    order by 1 desc limit ${MOST_MONTHS}`)
}

export async function selectRetention(db: Db) {
  const { keepMonths, changedAt, changedBy } = usageRetention
  const [row] = await db.select({ keepMonths, changedAt, changedBy }).from(usageRetention).limit(1)
  if (!row) throw new Error('usage_retention has lost its row')
  return row
}

/** Returns how many months were kept before. */
export async function updateRetention(tx: Transaction, change: { keepMonths: number | null; changedBy: string }) {
  const [before] = await tx.select({ keepMonths: usageRetention.keepMonths }).from(usageRetention).for('update')
  await tx.update(usageRetention).set({ ...change, changedAt: new Date() })
  return before?.keepMonths ?? null
}

/** Announces these months, where they are not yet; what was announced and is not among them is called off. */
export async function announceMonths(
  db: Db,
  months: { month: number; until: number }[],
  { dueAt }: { dueAt: Date },
): Promise<void> {
  const all = JSON.stringify(months.map(({ month, until }) => ({ month: iso(month), until: iso(until) })))
  await db.execute(sql`
    with wanted as (
      select * from jsonb_to_recordset(${all}::jsonb) as wanted(month timestamptz, until timestamptz)
    ), called_off as (
      delete from usage_months where dropped_at is null and month not in (select month from wanted)
    )
    insert into usage_months (month, until, due_at) select month, until, ${dueAt.toISOString()}::timestamptz from wanted
    on conflict do nothing`)
}

/** Whether all calls of a month are in all the sums: once they are dropped, nothing could make those sums. */
export async function isSettled(db: Db, { month }: { month: number }): Promise<boolean> {
  const [waiting] = await db.execute(sql`
    select 1 from (select hour from usage_stale_hours union all select hour from usage_deltas) as waiting
    join usage_months m on hour >= m.month and hour < m.until
    where m.month = ${iso(month)}::timestamptz limit 1`)
  return waiting === undefined
}

/**
 * Drops the partition of a month that was announced, and notes what went: its rows, counted, and bytes.
 * @throws Error, and nothing is dropped, when the month is not settled.
 */
export async function dropMonth(
  tx: Transaction,
  { month }: { month: number },
): Promise<{ rows: number; bytes: number }> {
  await lockUsageMonths(tx)
  const name = `llm_usage_${iso(month).slice(0, 7).replace('-', '_')}`
  const table = sql.identifier(name)
  const [found] = await tx.execute<{ bytes: number | null }>(
    sql`select pg_total_relation_size(to_regclass(${name}))::float8 as bytes`,
  )
  const bytes = found?.bytes ?? 0
  let rows = 0
  if (found?.bytes !== null) {
    // Whoever writes to it now is waited for; nobody waits for us for long.
    await tx.execute(sql`set local lock_timeout = '2s'`)
    await tx.execute(sql`lock table ${table} in access exclusive mode`)
    if (!(await isSettled(tx, { month }))) throw new Error(`Calls came to ${name} before it was dropped`)
    const [counted] = await tx.execute<{ rows: number }>(sql`select count(*)::float8 as rows from ${table}`)
    rows = counted?.rows ?? 0
    await tx.execute(sql`drop table ${table}`)
  }
  await tx.execute(sql`
    update usage_months set dropped_at = coalesce(dropped_at, now()), rows = coalesce(rows, 0) + ${rows},
      bytes = coalesce(bytes, 0) + ${bytes}
    where month = ${iso(month)}::timestamptz`)
  return { rows, bytes }
}

/** Forgets up to `limit` event ids of a month that was dropped; returns how many. */
export async function deleteEventsOfMonth(
  db: Db,
  { month, until, limit }: { month: number; until: number; limit: number },
) {
  const [row] = await db.execute<{ deleted: number }>(sql`
    with taken as (
      select ctid from usage_events
      where occurred_at >= ${iso(month)}::timestamptz and occurred_at < ${iso(until)}::timestamptz limit ${limit}
    ), gone as (
      delete from usage_events using taken where usage_events.ctid = taken.ctid returning 1
    )
    select count(*)::int as deleted from gone`)
  return row?.deleted ?? 0
}

const iso = (at: number) => new Date(at).toISOString()
