import { selectWebhooks } from '@/db/postgres/queries/webhooks'
import { requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'

/** For admins only: an address can be a secret in itself. Their own secrets are never told again. */
export async function listWebhooks({ db, actor }: Caller) {
  requireRole(actor, 'webhooks.update')
  const rows = await selectWebhooks(db)
  return rows.map(({ createdAt, ...webhook }) => ({ ...webhook, createdAt: createdAt.toISOString() }))
}
export type ListedWebhook = Awaited<ReturnType<typeof listWebhooks>>[number]
