import { migratePostgres } from '@/db/postgres/migrate'
import { startPostgres } from '@/scripts/engines/postgres'
import { findRedis, startRedis } from '@/scripts/engines/redis'
import { installRedis } from '@/scripts/engines/redis-install'

export type CheckedEngines = {
  databaseUrl: string
  redisUrl: string
  /** Null for a Redis that somebody else may be using: it must not be stopped. */
  redisPid: number | null
  stop: () => Promise<void>
}

/** The engines named, at the newest schema; embedded ones in memory for those that are not. */
export async function engines(named: { databaseUrl?: string; redisUrl?: string }): Promise<CheckedEngines> {
  const nothing = () => Promise.resolve()
  if (!named.redisUrl && !findRedis()) await installRedis()
  const redis = named.redisUrl
    ? { url: named.redisUrl, pid: null, stop: nothing }
    : await startRedis({ dataDir: 'memory' })
  const postgres = named.databaseUrl
    ? { url: named.databaseUrl, stop: nothing }
    : await startPostgres({ dataDir: 'memory' })
  await migratePostgres(postgres.url)
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    redisPid: redis.pid,
    stop: async () => {
      await Promise.all([redis.stop(), postgres.stop()])
    },
  }
}
