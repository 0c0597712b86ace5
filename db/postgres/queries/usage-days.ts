import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/postgres/client'
import { BLOCK_SIZES, blockAround, type DayBlock } from './usage-blocks'
import { USAGE_FIGURES } from './usage-figures'

const FIGURES = sql.raw(USAGE_FIGURES.join(', '))
const SUMS = sql.raw(USAGE_FIGURES.map((name) => `sum(${name})`).join(', '))
const DETAIL = 'tenant, provider, model, prompt_name, prompt_version'

/** Each table of days with the hours that it sums up, and by what. */
const tables = [
  { daily: 'usage_daily', hourly: 'usage_hourly', by: DETAIL },
  { daily: 'usage_daily_users', hourly: 'usage_hourly_users', by: 'tenant, user_id' },
  { daily: 'usage_daily_statuses', hourly: 'usage_hourly_statuses', by: 'tenant, status' },
].map(({ daily, hourly, by }) => ({ daily: sql.raw(daily), hourly: sql.raw(hourly), by: sql.raw(by) }))

/**
 * Sums a stale day that ended before `endedBefore` up anew from its hours, the newest first, and the blocks of days that it
 * is in; false when there is none. To be run in one transaction: whoever changes an hour of the day meanwhile waits, and
 * marks the day again. Days that are being changed are skipped, and all of them while another worker is at this.
 */
export async function sumUpStaleDay(tx: Transaction, { endedBefore }: { endedBefore: Date }): Promise<boolean> {
  // Two workers at two days of one block would each sum it up without the day of the other.
  const [alone] = await tx.execute<{ locked: boolean }>(sql`select pg_try_advisory_xact_lock(7095) as locked`)
  if (!alone?.locked) return false
  const [taken] = await tx.execute<{ day: string }>(sql`
    with stale as (
      select day from usage_stale_days where day + interval '1 day' <= ${endedBefore.toISOString()}::timestamptz
      order by day desc limit 1 for update skip locked
    )
    delete from usage_stale_days using stale where usage_stale_days.day = stale.day returning stale.day as day`)
  if (!taken) return false
  const day = new Date(taken.day)
  for (const { daily, hourly, by } of tables) {
    const hours = sql`hour >= ${iso(day)} and hour < ${iso(day)} + interval '24 hours'`
    await replaceBlock(tx, daily, { day, days: 1 }, by, sql`${hourly} where ${hours}`)
    for (const size of BLOCK_SIZES) {
      const block = blockAround(day, size)
      const halves = sql`days = ${size / 2} and day >= ${iso(block.day)} and day < ${iso(block.day)} + ${size} * interval '24 hours'`
      await replaceBlock(tx, daily, block, by, sql`${daily} where ${halves}`)
    }
  }
  return true
}

async function replaceBlock(tx: Transaction, table: SQL, { day, days }: DayBlock, by: SQL, parts: SQL): Promise<void> {
  await tx.execute(sql`delete from ${table} where day = ${iso(day)} and days = ${days}`)
  await tx.execute(sql`
    insert into ${table} (day, days, ${by}, ${FIGURES})
    select ${iso(day)}, ${days}::smallint, ${by}, ${SUMS} from ${parts} group by ${by}`)
}

const iso = (at: Date) => sql`${at.toISOString()}::timestamptz`
