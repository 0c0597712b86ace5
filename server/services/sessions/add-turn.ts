import { type Allowed, appendTurn } from '@/db/redis/sessions'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { noSession } from './no-session'
import type { TurnInput } from './sessions.schema'

/** Adds a turn to a session, of which the last 50 are kept, and starts its time anew. @throws AppError `not_found` */
export async function addTurn(
  { redis }: Pick<Stores, 'redis'>,
  { id, turn: { role, content }, allowed }: { id: string; turn: TurnInput; allowed: Allowed },
): Promise<{ turns: number; expiresAt: string }> {
  const now = Date.now()
  const turn = JSON.stringify({ role, content, at: new Date(now).toISOString() })
  const added = await redisTruth(redis, () => appendTurn(redis, id, turn, allowed))
  if (added === null) throw noSession()
  return { turns: added.turns, expiresAt: new Date(now + added.ttlSeconds * 1000).toISOString() }
}
