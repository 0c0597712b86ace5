import { type Allowed, deleteSession } from '@/db/redis/sessions'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { noSession } from './no-session'

/** Forgets a session with its turns. @throws AppError `not_found` */
export async function endSession(
  { redis }: Pick<Stores, 'redis'>,
  { id, allowed }: { id: string; allowed: Allowed },
): Promise<{ deleted: true }> {
  if (!(await redisTruth(redis, () => deleteSession(redis, id, allowed)))) throw noSession()
  return { deleted: true }
}
