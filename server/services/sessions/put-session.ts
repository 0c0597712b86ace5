import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { noteTenant } from '@/server/services/tenants/ensure-tenants'
import { inItsStore } from './in-its-store'
import type { SessionInput } from './sessions.schema'

/** Starts a session, or replaces its data and keeps its turns. @throws AppError `conflict` for another tenant's id. */
export async function putSession(
  stores: Stores,
  { id, session, simulated }: { id: string; session: SessionInput; simulated: boolean },
): Promise<{ id: string; createdAt: string; expiresAt: string }> {
  const { tenant, user, ttlSeconds } = session
  const data = JSON.stringify(session.data)
  const now = Date.now()
  const createdAt = await inItsStore(stores, id, (store) =>
    store.write(id, { tenant, user, ttlSeconds, data, createdAt: new Date(now).toISOString() }),
  )
  if (createdAt === null)
    throw new AppError('conflict', 'This id is taken by a session of another tenant.', { field: 'id' })
  await noteTenant(stores, { slug: tenant, simulated })
  return { id, createdAt, expiresAt: new Date(now + ttlSeconds * 1000).toISOString() }
}
