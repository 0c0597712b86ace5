import { connectPostgres } from '@/db/postgres/client'
import { connectRedis } from '@/db/redis/client'
import { type Caller, system } from '@/server/services/context'
import type { CheckedEngines } from './engines'

/** What a check does that has no page: as Engram itself, beside the processes that it checks. */
export async function connectCaller({
  databaseUrl,
  redisUrl,
}: CheckedEngines): Promise<Caller & { close: () => Promise<void> }> {
  const db = connectPostgres({ url: databaseUrl, poolSize: 8, deadlineMs: 10_000, applicationName: 'check' })
  const redis = connectRedis({ urls: [redisUrl], name: 'check', deadlineMs: 500 })
  await redis.ready()
  return {
    db,
    redis,
    actor: system,
    close: async () => {
      redis.close()
      await db.close()
    },
  }
}
