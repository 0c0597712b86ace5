import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/postgres/client'
import { USAGE_FIGURES } from './usage-figures'

const FIGURES = sql.raw(USAGE_FIGURES.join(', '))
const SUMS = sql.raw(USAGE_FIGURES.map((name) => `sum(${name})`).join(', '))

/**
 * Sums a stale day that ended before `endedBefore` up anew from its hours, the newest first; false when there is none. To
 * be run in one transaction: whoever changes an hour of the day meanwhile waits, and marks the day again. Days that
 * another worker holds are skipped.
 */
export async function sumUpStaleDay(tx: Transaction, { endedBefore }: { endedBefore: Date }): Promise<boolean> {
  const [taken] = await tx.execute<{ day: string }>(sql`
    with stale as (
      select day from usage_stale_days where day + interval '1 day' <= ${endedBefore.toISOString()}::timestamptz
      order by day desc limit 1 for update skip locked
    )
    delete from usage_stale_days using stale where usage_stale_days.day = stale.day returning stale.day as day`)
  if (!taken) return false
  const day = sql`${new Date(taken.day).toISOString()}::timestamptz`
  const hours = sql`hour >= ${day} and hour < ${day} + interval '1 day'`
  await tx.execute(sql`delete from usage_daily where day = ${day}`)
  await tx.execute(sql`delete from usage_daily_users where day = ${day}`)
  await tx.execute(sql`
    insert into usage_daily (day, tenant, provider, model, prompt_name, prompt_version, ${FIGURES})
    select ${day}, tenant, provider, model, prompt_name, prompt_version, ${SUMS} from usage_hourly where ${hours}
    group by 2, 3, 4, 5, 6`)
  await tx.execute(sql`
    insert into usage_daily_users (day, tenant, user_id, ${FIGURES})
    select ${day}, tenant, user_id, ${SUMS} from usage_hourly_users where ${hours} group by 2, 3`)
  return true
}
