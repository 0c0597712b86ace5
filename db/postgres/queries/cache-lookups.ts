import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { CountedFamily } from '@/db/postgres/schema/cache'

/** A process' running total for one minute; `savedUsd` is a decimal string. */
export type LookupTotal = {
  minute: string
  family: CountedFamily
  namespace: string
  tenant: string
  /** Empty and 0 where nobody said what made the answers, and for misses. */
  promptName: string
  promptVersion: number
  hits: number
  misses: number
  hitsWithoutCost: number
  savedUsd: string
}

const recordset = (rows: LookupTotal[]) => sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
  as total("minute" timestamptz, "family" text, "namespace" text, "tenant" text, "promptName" text, "promptVersion" int, "hits" bigint,
    "misses" bigint, "hitsWithoutCost" bigint, "savedUsd" numeric)`

/** Writes totals that were never written before; to do it twice changes nothing. */
export async function insertLookupTotals(db: Db, process: string, rows: LookupTotal[]): Promise<void> {
  await db.execute(sql`
    insert into cache_lookups
      (minute, family, namespace, tenant, prompt_name, prompt_version, process, hits, misses, hits_without_cost, saved_usd)
    select "minute", "family", "namespace", "tenant", "promptName", "promptVersion", ${process}, "hits", "misses",
      "hitsWithoutCost", "savedUsd"
    from ${recordset(rows)}
    order by 1, 2, 3, 4, 5, 6
    on conflict (minute, family, namespace, tenant, process, prompt_name, prompt_version) do update
      set hits = excluded.hits, misses = excluded.misses, hits_without_cost = excluded.hits_without_cost,
        saved_usd = excluded.saved_usd`)
}

/** Writes newer totals over earlier ones. Returns, by place, which rows were still there: an erasure takes them away. */
export async function updateLookupTotals(db: Db, process: string, rows: LookupTotal[]): Promise<Set<number>> {
  const places = rows.map((row, place) => ({ ...row, place }))
  const updated = await db.execute<{ place: number }>(sql`
    update cache_lookups c set hits = total."hits", misses = total."misses", saved_usd = total."savedUsd",
      hits_without_cost = total."hitsWithoutCost"
    from jsonb_to_recordset(${JSON.stringify(places)}::text::jsonb) as total("place" int, "minute" timestamptz,
      "family" text, "namespace" text, "tenant" text, "promptName" text, "promptVersion" int, "hits" bigint, "misses" bigint,
      "hitsWithoutCost" bigint, "savedUsd" numeric)
    where c.minute = total."minute" and c.family = total."family" and c.namespace = total."namespace" and c.tenant = total."tenant"
      and c.process = ${process} and c.prompt_name = total."promptName" and c.prompt_version = total."promptVersion"
    returning total."place" as place`)
  return new Set(updated.map(({ place }) => place))
}
