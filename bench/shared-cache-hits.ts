import { setTimeout as sleep } from 'node:timers/promises'
import { connectPostgres } from '@/db/postgres/client'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { promptReader } from '@/server/services/prompts/prompt-reader'
import type { Figure } from './figure'
import type { Setting } from './setting'

const READS = 5_000
/** After an outage, and so after its start, a reader believes Redis only this much later. */
const SETTLE_MS = 1_100
/** What others send all the time: the gateway's proof that it hears invalidations, and this measurement itself. */
const NOT_OURS = new Set(['ping', 'info'])

/** What a read from the shared cache costs each store, counted by Redis itself and by the driver of Postgres. */
export async function sharedCacheHits({ databaseUrl, redisUrl, promptName }: Setting): Promise<Figure[]> {
  let queries = 0
  const observe = () => void queries++
  const db = connectPostgres({ url: databaseUrl, poolSize: 2, deadlineMs: 3_000, applicationName: 'bench', observe })
  const redis = connectRedis({ urls: [redisUrl], name: 'bench', deadlineMs: 1_000 })
  try {
    await redis.ready()
    const reader = promptReader({ db, redis }, null)
    const key = { name: promptName, channel: 'production' }
    await reader.read(key)
    if (queries === 0) throw new Error('The driver did not count the read of Postgres')
    await sleep(SETTLE_MS)
    while (reader.reads.redis === 0) await reader.read(key) // the first one fills
    queries = 0
    const before = { hits: reader.reads.redis, commands: await commandsOf(redis) }
    for (let n = 0; n < READS; n++) await reader.read(key)
    const commands = (await commandsOf(redis)) - before.commands
    const hits = reader.reads.redis - before.hits
    if (hits !== READS) throw new Error(`${READS - hits} of ${READS} reads were not answered by Redis`)
    return [
      {
        work: 'Redis, per read from the shared cache',
        ours: commands,
        unit: 'commands',
        other: hits,
        otherUnit: 'hits',
        dividedBy: 'a reader without copies; all of commandstats but ping and info',
        goal: { exactly: 1 },
      },
      {
        work: 'Postgres, per read from the shared cache',
        ours: queries,
        unit: 'queries',
        other: hits,
        otherUnit: 'hits',
        dividedBy: 'the same reads; counted at the driver',
        goal: { exactly: 0 },
      },
    ]
  } finally {
    redis.close()
    await db.close()
  }
}

async function commandsOf({ commands }: RedisStore): Promise<number> {
  const stats = await commands.info('commandstats')
  let calls = 0
  for (const [, command = '', count] of stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm))
    if (!NOT_OURS.has(command)) calls += Number(count)
  return calls
}
