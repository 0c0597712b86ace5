import type { RedisStore } from './client'
import { keys } from './keys'

/**
 * Where operators' sessions and rate limits are kept, with Postgres behind. While Redis does not answer it reads as
 * empty and forgets what it is told, so that signing in and every page go on from Postgres (R5).
 */
export function operatorStorage(redis: RedisStore) {
  const attempt = async <T>(command: (connection: RedisStore['commands']) => Promise<T>): Promise<T | null> =>
    redis.healthy() ? command(redis.commands).catch(() => null) : null
  return {
    get: (key: string) => attempt((commands) => commands.get(keys.operator(key))),
    set: async (key: string, value: string, ttlSeconds?: number) => {
      await attempt((commands) => commands.set(keys.operator(key), value, 'EX', ttlSeconds ?? FALLBACK_TTL_SECONDS))
    },
    delete: async (key: string) => {
      await attempt((commands) => commands.unlink(keys.operator(key)))
    },
  }
}

const FALLBACK_TTL_SECONDS = 7 * 24 * 3600

/** Counts one more within a fixed window and returns the count; null while Redis does not answer. */
export async function countWithinWindow(redis: RedisStore, key: string, windowSeconds: number): Promise<number | null> {
  if (!redis.healthy()) return null
  const counter = keys.operator(`attempts:${key}`)
  try {
    const replies = await redis.commands.multi().set(counter, 0, 'EX', windowSeconds, 'NX').incr(counter).exec()
    const count = replies?.[1]?.[1]
    return typeof count === 'number' ? count : null
  } catch {
    return null
  }
}
