import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/postgres/client'

/** Any constant does; it only has to be the same in every process that adds or drops a month. */
const PARTITION_LOCK = 7_261_002

/** Held until the transaction ends, so that months are added and dropped one after the other. */
export const lockUsageMonths = (tx: Transaction) => tx.execute(sql`select pg_advisory_xact_lock(${PARTITION_LOCK})`)

/**
 * Adds the partitions of `llm_usage` for these months (`2026-01`, UTC) where they are missing. Made apart and then
 * attached, because CREATE TABLE ... PARTITION OF would lock out every reader and writer of the parent; the lock
 * makes a second process wait and then find them there.
 */
export async function addUsageMonths(tx: Transaction, months: string[]): Promise<void> {
  await lockUsageMonths(tx)
  const attached = await tx.execute<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'llm_usage'::regclass order by 1 limit 10000`)
  const names = new Set(attached.map((row) => row.name))
  for (const month of months) {
    const name = partitionOf(month)
    if (names.has(name)) continue
    const table = sql.identifier(name)
    await tx.execute(sql`create table ${table} (like llm_usage including defaults including indexes)`)
    await tx.execute(sql`alter table llm_usage attach partition ${table}
      for values from (${sql.raw(`'${firstOf(month)}'`)}) to (${sql.raw(`'${firstOf(nextMonth(month))}'`)})`)
  }
}

/** The month, in UTC, whose partition holds this instant. */
export const monthOf = (at: Date) => at.toISOString().slice(0, 7)

export function nextMonth(month: string): string {
  const { year, index } = partsOf(month)
  return monthOf(new Date(Date.UTC(year, index + 1, 1)))
}

const firstOf = (month: string) => {
  const { year, index } = partsOf(month)
  return new Date(Date.UTC(year, index, 1)).toISOString()
}

const partitionOf = (month: string) => {
  const { year, index } = partsOf(month)
  return `llm_usage_${year}_${String(index + 1).padStart(2, '0')}`
}

function partsOf(month: string) {
  const match = /^(\d{4})-(\d{2})$/.exec(month)
  if (!match) throw new Error(`${month} is not a month`)
  return { year: Number(match[1]), index: Number(match[2]) - 1 }
}
