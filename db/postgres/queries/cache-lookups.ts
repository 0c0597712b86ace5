import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'

/** A process' running total for one minute; `savedUsd` is a decimal string. */
export type LookupTotal = {
  minute: string
  namespace: string
  tenant: string
  hits: number
  misses: number
  savedUsd: string
}

const recordset = (rows: LookupTotal[]) => sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
  as total("minute" timestamptz, "namespace" text, "tenant" text, "hits" bigint, "misses" bigint, "savedUsd" numeric)`

/** Writes totals that were never written before; to do it twice changes nothing. */
export async function insertLookupTotals(db: Db, process: string, rows: LookupTotal[]): Promise<void> {
  await db.execute(sql`
    insert into cache_lookups (minute, namespace, tenant, process, hits, misses, saved_usd)
    select "minute", "namespace", "tenant", ${process}, "hits", "misses", "savedUsd" from ${recordset(rows)}
    order by 1, 2, 3
    on conflict (minute, namespace, tenant, process) do update
      set hits = excluded.hits, misses = excluded.misses, saved_usd = excluded.saved_usd`)
}

/** Writes newer totals over earlier ones. Returns, by place, which rows were still there: an erasure takes them away. */
export async function updateLookupTotals(db: Db, process: string, rows: LookupTotal[]): Promise<Set<number>> {
  const places = rows.map((row, place) => ({ ...row, place }))
  const updated = await db.execute<{ place: number }>(sql`
    update cache_lookups c set hits = total."hits", misses = total."misses", saved_usd = total."savedUsd"
    from jsonb_to_recordset(${JSON.stringify(places)}::text::jsonb) as total("place" int, "minute" timestamptz,
      "namespace" text, "tenant" text, "hits" bigint, "misses" bigint, "savedUsd" numeric)
    where c.minute = total."minute" and c.namespace = total."namespace" and c.tenant = total."tenant"
      and c.process = ${process}
    returning total."place" as place`)
  return new Set(updated.map(({ place }) => place))
}
