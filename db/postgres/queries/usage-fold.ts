import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { USAGE_FIGURES } from './usage-figures'

const figures = sql.raw(USAGE_FIGURES.join(', '))
const sums = sql.raw(USAGE_FIGURES.map((name) => `sum(${name})`).join(', '))
const addTo = (table: string) => sql.raw(USAGE_FIGURES.map((f) => `${f} = ${table}.${f} + excluded.${f}`).join(', '))

/**
 * Moves up to `limit` deltas into the rollups, in one statement: whoever reads both in one statement finds each figure
 * exactly once (R7). Safe from several workers at once: deltas that another one holds are skipped, and rollup rows
 * are taken in one order. Returns how many deltas were folded.
 */
export async function foldDeltas(db: Db, limit: number): Promise<number> {
  const [row] = await db.execute<{ folded: number }>(sql`
    with taken as (
      select id from usage_deltas order by id limit ${limit} for update skip locked
    ), batch as (
      delete from usage_deltas using taken where usage_deltas.id = taken.id
      returning hour, tenant, provider, model, prompt_name, prompt_version, user_id, ${figures}
    ), hourly as (
      insert into usage_hourly (hour, tenant, provider, model, prompt_name, prompt_version, ${figures})
      select hour, tenant, provider, model, prompt_name, prompt_version, ${sums}
      from batch group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
      on conflict (hour, tenant, provider, model, prompt_name, prompt_version) do update set ${addTo('usage_hourly')}
    ), users as (
      insert into usage_hourly_users (hour, tenant, user_id, ${figures})
      select hour, tenant, user_id, ${sums} from batch group by 1, 2, 3 order by 1, 2, 3
      on conflict (hour, tenant, user_id) do update set ${addTo('usage_hourly_users')}
    ), stale as (
      insert into usage_stale_hours (hour) select distinct hour from batch order by hour on conflict do nothing
    )
    select count(*)::int as folded from batch`)
  return row?.folded ?? 0
}
