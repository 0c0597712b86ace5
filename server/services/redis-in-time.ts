import type { RedisStore } from '@/db/redis/client'

/** After an outage Redis is not believed for this long: what changed meanwhile is being told to it. */
const SETTLE_MS = 1_000

/** Null when Redis is not asked, fails, or takes longer than a read may wait: Postgres answers then (R5). */
export async function redisInTime<T>(
  ms: number,
  redis: Pick<RedisStore, 'healthy'>,
  ask: () => Promise<T>,
): Promise<T | null> {
  if (!redis.healthy()) return null
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, ms, null)))
  try {
    return await Promise.race([ask(), late])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

/** Whether Redis answers and has done so for long enough to know what changed while it was away. */
export function isSettled(redis: Pick<RedisStore, 'upSince'>): boolean {
  const upSince = redis.upSince()
  return upSince !== null && performance.now() - upSince >= SETTLE_MS
}
