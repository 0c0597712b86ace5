import { insertRedisSamples, type RedisSample } from '@/db/postgres/queries/redis-samples'
import { countTableSessions } from '@/db/postgres/queries/table-session-lists'
import { type InfoReading, readInfo } from '@/db/redis/info'
import { countLiveSessions } from '@/db/redis/live-sessions'
import { expected } from '@/server/failure'
import { logError, logInfo } from '@/server/log'
import { commandMinutes } from '@/server/services/cache/command-minutes'
import { infoDelta, type Timed } from '@/server/services/cache/info-delta'
import type { Stores } from '@/server/services/context'

export const SAMPLE_EVERY_MS = 5_000
const job = { job: 'sample-redis' }
/** Samples kept while Postgres is away: one hour. */
const MOST_UNSAVED = 720

/**
 * Takes a sample of Redis per call. While Redis is away there is none, and the console shows a gap with its reason
 * (R12); while Postgres is away samples wait here. `ownReads`: keyspace hits that were a census of this process so far.
 */
export function redisSampler(
  stores: Stores,
  { now = Date.now, ownReads = () => 0 }: { now?: () => number; ownReads?: () => number } = {},
) {
  let before: Timed | null = null
  let readBefore = 0
  const commands = commandMinutes(stores)
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
    const delta = infoDelta(before, { at, reading })
    if (before && delta) commands.add(before, { at, reading })
    const own = ownReads() - readBefore
    readBefore += own
    const deltas = delta ? { ...delta, keyspaceHits: Math.max(0, delta.keyspaceHits - own), ownReads: own } : noDeltas
    const tableSessions = await sessionsInTable(stores, at)
    unsaved.set(tick, { ...levels(reading), ...deltas, at: new Date(tick), liveSessions, tableSessions })
    before = { at, reading }
    for (const oldest of [...unsaved.keys()].slice(0, -MOST_UNSAVED)) unsaved.delete(oldest)
    await insertRedisSamples(stores.db, [...unsaved.values()])
    unsaved.clear()
    await commands.flush(at)
  }
}

/** Null while Postgres does not answer: what it held then nobody will know. */
async function sessionsInTable({ db }: Pick<Stores, 'db'>, now: number): Promise<number | null> {
  try {
    return await countTableSessions(db, now)
  } catch (error) {
    if (!expected(error)) throw error
    return null
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
  rejectedConnections: null,
  ownReads: null,
  commandUsec: null,
}

/** Counters among them are what Redis says since its start: deltas take their place. */
function levels({ lastSaveAt, commandStats: _, ...reading }: InfoReading) {
  return { ...reading, lastSaveAt: lastSaveAt === null ? null : new Date(lastSaveAt) }
}
