import type { RedisStore } from '@/db/redis/client'
import { AppError } from '@/server/errors'
import { expected } from '@/server/failure'
import { redisTruth } from '@/server/services/redis-truth'

/**
 * Asks Redis for sessions. @throws AppError `unavailable` while Redis does not answer, `conflict` where another program
 * has put something else under a key. What goes wrong with Postgres meanwhile, or with us, keeps its own name.
 */
export async function sessionTruth<T>(redis: Pick<RedisStore, 'healthy'>, ask: () => Promise<T>): Promise<T> {
  let ours: { cause: unknown } | null = null
  try {
    return await redisTruth(redis, async () => {
      try {
        return await ask()
      } catch (cause) {
        if (expected(cause) || cause instanceof TypeError || cause instanceof ReferenceError) ours = { cause }
        throw cause
      }
    })
  } catch (cause) {
    if (ours) throw (ours as { cause: unknown }).cause
    if (cause instanceof Error && cause.name === 'ReplyError' && /WRONGTYPE/.test(cause.message)) throw notOurs(cause)
    throw cause
  }
}

export const notOurs = (cause: unknown) =>
  new AppError('conflict', 'Redis holds something under the key of this session that Engram did not write.', {
    field: 'id',
    cause,
  })
