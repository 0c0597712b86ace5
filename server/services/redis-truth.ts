import type { RedisStore } from '@/db/redis/client'
import { AppError } from '@/server/errors'

/** Replies that say that Redis cannot work right now; any other error reply is our own mistake. */
const CANNOT_NOW =
  /^(LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|OOM|BUSY|NOREPLICAS|MISCONF|MAXCLIENTS|UNKILLABLE)/

/** Runs what only Redis can answer. @throws AppError `unavailable` while it does not (R5). */
export async function redisTruth<T>(redis: Pick<RedisStore, 'healthy'>, ask: () => Promise<T>): Promise<T> {
  if (!redis.healthy()) throw unavailable()
  try {
    return await ask()
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ReplyError' && !CANNOT_NOW.test(cause.message)) throw cause
    throw unavailable(cause)
  }
}

const unavailable = (cause?: unknown) =>
  new AppError('unavailable', 'Redis does not answer right now; try again.', { cause })
