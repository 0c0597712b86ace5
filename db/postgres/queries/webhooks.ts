import { asc, eq } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { webhooks } from '@/db/postgres/schema/webhooks'

const LISTED = 100

/** Without its secret, which is shown once, when it is made. */
const shown = {
  id: webhooks.id,
  name: webhooks.name,
  url: webhooks.url,
  events: webhooks.events,
  enabled: webhooks.enabled,
  createdBy: webhooks.createdBy,
  createdAt: webhooks.createdAt,
}

export async function insertWebhook(db: Db, webhook: typeof webhooks.$inferInsert): Promise<string> {
  const [row] = await db.insert(webhooks).values(webhook).returning({ id: webhooks.id })
  if (!row) throw new Error('INSERT INTO webhooks returned no row')
  return row.id
}

export async function selectWebhooks(db: Db) {
  return db.select(shown).from(webhooks).orderBy(asc(webhooks.createdAt), asc(webhooks.id)).limit(LISTED)
}

/** Held until the transaction ends. */
export async function lockWebhook(db: Db, id: string) {
  const [row] = await db
    .select({ ...shown, secret: webhooks.secret })
    .from(webhooks)
    .where(eq(webhooks.id, id))
    .for('update')
  return row ?? null
}

type Change = { name: string; url: string; events: string[]; enabled: boolean }

export async function updateWebhook(db: Db, id: string, change: Change): Promise<void> {
  await db.update(webhooks).set(change).where(eq(webhooks.id, id))
}

/** Its deliveries go with it. */
export async function deleteWebhook(db: Db, id: string): Promise<void> {
  await db.delete(webhooks).where(eq(webhooks.id, id))
}
