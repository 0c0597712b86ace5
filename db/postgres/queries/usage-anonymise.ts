import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/postgres/client'

/** Rows that name a tenant's usage, and those that name its users too. */
const plain = [
  'usage_hourly',
  'usage_hourly_statuses',
  'usage_hourly_latencies',
  'usage_daily',
  'usage_daily_statuses',
] as const
const ofUsers = ['usage_deltas', 'usage_hourly_users', 'usage_daily_users'] as const

/**
 * Gives a tenant's usage to a name that says nothing, so that every sum stays what it was. Users, conversations and event ids
 * become digests with a salt that nobody keeps, and neither is the new name written beside the old one anywhere: nobody
 * can lead the rows back, and what belonged to one user still does. To be called in the moment of `seeOneMoment`.
 */
export async function anonymiseUsage(tx: Transaction, slug: string): Promise<void> {
  const name = `erased-${randomBytes(6).toString('hex')}`
  const salt = randomBytes(32).toString('hex')
  const digest = (column: string) =>
    sql`left(encode(sha256(convert_to(${salt} || ${sql.identifier(column)}, 'UTF8')), 'hex'), 24)`
  await tx.execute(sql`
    update usage_events e set id = usage_event_id(${name}, ${digest('event_id')})
    from llm_usage u where u.tenant = ${slug} and e.id = usage_event_id(u.tenant, u.event_id)`)
  await tx.execute(sql`
    update llm_usage set tenant = ${name}, event_id = ${digest('event_id')}, user_id = ${digest('user_id')},
      conversation = ${digest('conversation')}, key_id = null
    where tenant = ${slug}`)
  for (const table of plain)
    await tx.execute(sql`update ${sql.identifier(table)} set tenant = ${name} where tenant = ${slug}`)
  for (const table of ofUsers)
    await tx.execute(
      sql`update ${sql.identifier(table)} set tenant = ${name}, user_id = ${digest('user_id')} where tenant = ${slug}`,
    )
}
