import { lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { memoryActivity } from '@/db/postgres/schema/memory'

/** A process' running totals of one minute. */
export type ActivityTotal = {
  minute: string
  tenant: string
  searches: number
  cached: number
  bins: Record<string, number>
  kinds: Record<string, number>
  added: number
  updated: number
  deleted: number
}

export async function saveActivity(db: Db, process: string, rows: ActivityTotal[]): Promise<void> {
  await db.execute(sql`
    insert into memory_activity (minute, tenant, process, searches, cached, bins, kinds, added, updated, deleted)
    select minute, tenant, ${process}, searches, cached, bins, kinds, added, updated, deleted
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as total(minute timestamptz, tenant text, searches int,
      cached int, bins jsonb, kinds jsonb, added int, updated int, deleted int)
    order by 1, 2
    on conflict (tenant, minute, process) do update set searches = excluded.searches, cached = excluded.cached,
      bins = excluded.bins, kinds = excluded.kinds, added = excluded.added, updated = excluded.updated, deleted = excluded.deleted`)
}

/** Forgets at most `limit` minutes before then; answers how many. */
export async function deleteActivity(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const old = db
    .select({ row: sql`ctid` })
    .from(memoryActivity)
    .where(lt(memoryActivity.minute, before))
    .limit(limit)
  return (await db.delete(memoryActivity).where(sql`ctid = any(array(${old}))`)).count
}
