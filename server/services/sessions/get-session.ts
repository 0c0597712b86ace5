import type { Allowed } from '@/db/redis/sessions'
import type { Stores } from '@/server/services/context'
import { inItsStore } from './in-its-store'
import { noSession } from './no-session'
import { notOurs } from './session-truth'
import type { Session, Turn } from './sessions.schema'

/** The session with its last turns; reading it starts its time anew. @throws AppError `not_found` */
export async function getSession(stores: Stores, { id, allowed }: { id: string; allowed: Allowed }): Promise<Session> {
  const found = await inItsStore(stores, id, (store) => store.read(id, allowed))
  if (found === null) throw noSession()
  const { tenant, user, ttlSeconds, createdAt } = found
  const [data, ...turns] = [found.data, ...found.turns].map(parsed)
  const expiresAt = new Date(Date.now() + ttlSeconds * 1000).toISOString()
  return { id, tenant, user, ttlSeconds, data, turns: turns as Turn[], createdAt, expiresAt }
}

/** Only another program can have written what is no JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw notOurs(cause)
  }
}
