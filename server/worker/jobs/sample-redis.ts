import { insertRedisSamples, type RedisSample } from '@/db/postgres/queries/redis-samples'
import { type InfoReading, readInfo } from '@/db/redis/info'
import { countLiveSessions } from '@/db/redis/live-sessions'
import { logError, logInfo } from '@/server/log'
import { infoDelta, type Timed } from '@/server/services/cache/info-delta'
import type { Stores } from '@/server/services/context'

export const SAMPLE_EVERY_MS = 5_000
const job = { job: 'sample-redis' }
/** Samples kept while Postgres is away: one hour. */
const MOST_UNSAVED = 720

/**
 * Takes a sample of Redis per call. While Redis is away there is none, and the console shows a gap with its reason
 * (R12); while Postgres is away samples wait here.
 */
export function redisSampler(stores: Stores, now: () => number = Date.now) {
  let before: Timed | null = null
  let down = false
  const unsaved = new Map<number, RedisSample>()

  const read = async (): Promise<{ reading: InfoReading; liveSessions: number } | null> => {
    const { redis } = stores
    try {
      if (!redis.healthy()) throw new Error('no answer to PING')
      const [reading, liveSessions] = await Promise.all([readInfo(redis), countLiveSessions(redis, now())])
      if (down) logInfo('Redis answers again', job)
      down = false
      return { reading, liveSessions }
    } catch (error) {
      if (!down) logError('no samples: Redis does not answer', error, job)
      down = true
      return null
    }
  }

  return async () => {
    const answer = await read()
    if (!answer) return
    const { reading, liveSessions } = answer
    const at = now()
    const tick = nearestTick(at)
    const deltas = infoDelta(before, { at, reading }) ?? noDeltas
    unsaved.set(tick, { at: new Date(tick), ...deltas, ...levels(reading), liveSessions })
    before = { at, reading }
    for (const oldest of [...unsaved.keys()].slice(0, -MOST_UNSAVED)) unsaved.delete(oldest)
    await insertRedisSamples(stores.db, [...unsaved.values()])
    unsaved.clear()
  }
}

/** Two workers write the same row, and a timer that fires a little early keeps its own. */
const nearestTick = (at: number) => Math.round(at / SAMPLE_EVERY_MS) * SAMPLE_EVERY_MS

const noDeltas = {
  seconds: null,
  keyspaceHits: null,
  keyspaceMisses: null,
  commands: null,
  evictedKeys: null,
  expiredKeys: null,
  commandUsec: null,
}

function levels(reading: InfoReading) {
  const { usedMemoryBytes, maxMemoryBytes, rssBytes, fragmentationRatio, keys, expiringKeys, clients } = reading
  const { uptimeSeconds, runId, version, maxMemoryPolicy, appendOnly } = reading
  return {
    usedMemoryBytes,
    maxMemoryBytes,
    rssBytes,
    fragmentationRatio,
    keys,
    expiringKeys,
    clients,
    uptimeSeconds,
    runId,
    version,
    maxMemoryPolicy,
    appendOnly,
  }
}
