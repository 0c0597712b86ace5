import { join } from 'node:path'

import { startPostgres } from './postgres'
import { findRedis, startRedis } from './redis'
import { installRedis } from './redis-install'

export interface EngineOptions {
  /** Where the data lives; not touched when `memory` is set. */
  home: string
  postgresPort?: number
  redisPort?: number
  memory?: boolean
}

export interface Engines {
  databaseUrl: string
  redisUrl: string
  /** One line per engine, for people. */
  describe: string[]
  stop(): Promise<void>
}

interface Store {
  url: string
  line: string
  stop(): Promise<void>
}

/** Both stores: those that DATABASE_URL and REDIS_URL name, each by itself, else embedded ones. */
export async function startEngines(options: EngineOptions): Promise<Engines> {
  const started = await Promise.allSettled([
    given('Postgres', 'DATABASE_URL') ?? embeddedPostgres(options),
    given('Redis', 'REDIS_URL') ?? embeddedRedis(options),
  ])
  const [postgres, redis] = started
  if (postgres.status === 'rejected' || redis.status === 'rejected') {
    // The one that did start must not be left behind.
    await Promise.all(started.map((store) => (store.status === 'fulfilled' ? store.value.stop() : undefined)))
    throw postgres.status === 'rejected' ? postgres.reason : redis.status === 'rejected' ? redis.reason : undefined
  }
  return {
    databaseUrl: postgres.value.url,
    redisUrl: redis.value.url,
    describe: [postgres.value.line, redis.value.line],
    async stop() {
      await Promise.all([postgres.value.stop(), redis.value.stop()])
    },
  }
}

function given(name: string, variable: 'DATABASE_URL' | 'REDIS_URL'): Store | undefined {
  const url = process.env[variable]
  return url ? { url, line: `${name}: ${variable}, left as it is`, stop: () => Promise.resolve() } : undefined
}

async function embeddedPostgres({ home, postgresPort, memory }: EngineOptions): Promise<Store> {
  const dataDir = memory ? 'memory' : join(home, 'postgres')
  const { url, stop } = await startPostgres({ dataDir, port: postgresPort })
  return { url, stop, line: `Postgres: embedded (PGlite), ${kept(dataDir)}, ${url}` }
}

async function embeddedRedis({ home, redisPort, memory }: EngineOptions): Promise<Store> {
  const server = findRedis() ?? (await installRedis())
  const dataDir = memory ? 'memory' : join(home, 'redis')
  const { url, stop } = await startRedis({ dataDir, port: redisPort })
  return { url, stop, line: `Redis: ${server}, ${kept(dataDir)}, ${url}` }
}

const kept = (dataDir: string) => (dataDir === 'memory' ? 'in memory' : `data in ${dataDir}`)
