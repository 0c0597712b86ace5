import { sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { outbox } from '@/db/postgres/schema/outbox'

const TOPIC = 'memory-changed'

/** Says that Redis must still hear of a change of a tenant's memory. */
export async function insertMemoryNote(tx: Transaction, tenant: string): Promise<void> {
  await tx.insert(outbox).values({ topic: TOPIC, payload: { tenant } })
}

/** Tenants of which Redis must hear, with the newest note of each. */
export async function pendingMemoryNotes(db: Db, limit: number): Promise<{ tenant: string; upTo: number }[]> {
  const rows = await db.execute<{ tenant: string; up_to: string }>(sql`
    select payload->>'tenant' as tenant, max(id) as up_to from outbox
    where done_at is null and topic = ${TOPIC} group by 1 order by 2 limit ${limit}`)
  return rows.map(({ tenant, up_to }) => ({ tenant, upTo: Number(up_to) }))
}

export async function finishMemoryNotes(db: Db, { tenant, upTo }: { tenant: string; upTo: number }): Promise<void> {
  await db.execute(sql`
    update outbox set done_at = clock_timestamp()
    where done_at is null and topic = ${TOPIC} and payload->>'tenant' = ${tenant} and id <= ${upTo}`)
}

/** Tenants whose memory changed since then, by the gateways' own counts. */
export async function tenantsChangedSince(db: Db, since: Date, limit: number): Promise<string[]> {
  const rows = await db.execute<{ tenant: string }>(sql`
    select distinct tenant from memory_activity
    where minute >= ${since.toISOString()}::timestamptz and added + updated + deleted > 0 order by 1 limit ${limit}`)
  return rows.map(({ tenant }) => tenant)
}
