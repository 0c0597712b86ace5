import { type Allowed, readSession } from '@/db/redis/sessions'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { noSession } from './no-session'
import type { Session, Turn } from './sessions.schema'

/** The session with its last turns; reading it starts its time anew. @throws AppError `not_found` */
export async function getSession(
  { redis }: Pick<Stores, 'redis'>,
  { id, allowed }: { id: string; allowed: Allowed },
): Promise<Session> {
  const found = await redisTruth(redis, () => readSession(redis, id, allowed))
  if (found === null) throw noSession()
  const { tenant, user, ttlSeconds, createdAt } = found
  const data: unknown = JSON.parse(found.data)
  const turns = found.turns.map((turn) => JSON.parse(turn) as Turn)
  const expiresAt = new Date(Date.now() + ttlSeconds * 1000).toISOString()
  return { id, tenant, user, ttlSeconds, data, turns, createdAt, expiresAt }
}
