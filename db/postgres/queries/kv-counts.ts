import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'

/** A process' running total for one minute. */
export type KvTotal = {
  minute: string
  namespace: string
  reads: number
  writes: number
  deletes: number
  peakPerSecond: number
}

type Window = { from: Date; to: Date }
const DELETED_PER_CALL = 20_000
const within = ({ from, to }: Window) =>
  sql`minute >= ${from.toISOString()}::timestamptz and minute < ${to.toISOString()}::timestamptz`

/** Writes totals over earlier ones of the same minute; to do it twice changes nothing. */
export async function saveKvTotals(db: Db, process: string, rows: KvTotal[]): Promise<void> {
  await db.execute(sql`
    insert into kv_counts (minute, namespace, process, reads, writes, deletes, peak_per_second)
    select "minute", "namespace", ${process}, "reads", "writes", "deletes", "peakPerSecond"
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as total("minute" timestamptz, "namespace" text,
      "reads" int, "writes" int, "deletes" int, "peakPerSecond" int)
    order by 1, 2
    on conflict (minute, namespace, process) do update
      set reads = excluded.reads, writes = excluded.writes, deletes = excluded.deletes,
        peak_per_second = excluded.peak_per_second`)
}

/**
 * Calls of each namespace, and those of its busiest second: at most, for each gateway's busiest second of the same minute is
 * taken as the same second.
 */
export async function kvTotals(db: Db, window: Window) {
  const rows = await db.execute<Record<string, string>>(sql`
    select namespace, sum(reads) as reads, sum(writes) as writes, sum(deletes) as deletes, max(peak) as peak
    from (select namespace, minute, sum(reads) as reads, sum(writes) as writes, sum(deletes) as deletes,
        sum(peak_per_second) as peak
      from kv_counts where ${within(window)} group by namespace, minute) as minutes
    group by namespace order by namespace limit 1000`)
  return rows.map((row) => ({
    namespace: row.namespace ?? '',
    reads: Number(row.reads),
    writes: Number(row.writes),
    deletes: Number(row.deletes),
    peakPerSecond: Number(row.peak),
  }))
}

/** How many rows went that nobody asks for any more. */
export async function deleteOldKvCounts(db: Db, before: Date): Promise<number> {
  const gone = await db.execute(sql`
    delete from kv_counts where ctid = any (array (
      select ctid from kv_counts where minute < ${before.toISOString()}::timestamptz limit ${DELETED_PER_CALL}))`)
  return gone.count
}
