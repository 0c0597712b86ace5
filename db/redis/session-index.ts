import type { RedisStore } from './client'
import { families, keys, sessionShards, shardOf } from './keys'
import { idsOfShard } from './live-sessions'
import { scanKeys } from './scan'
import { byShard, slices, summariseSessions } from './sessions'

const STEP = 500
const MOST_NAMES = 10

/** What else there may be in the family: turns, what was logged out, and the indexes. */
const KNOWN = /^[^:]+:sessions:(live:\{s\d+\}|out:\{s\d+\}:[^:]+|\{s\d+\}:[^:]*:(turns|gone|gone:turns))$/

const DROP_IF_GONE = `
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])`

const ADD_IF_THERE = `
local left = redis.call('PTTL', KEYS[2])
if left < 0 or redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
return redis.call('ZADD', KEYS[1], ARGV[2] + left, ARGV[1])`

const repair = async ({ commands }: RedisStore, script: string, id: string): Promise<number> =>
  Number(await commands.eval(script, 2, keys.liveSessions(shardOf(id)), keys.session(id), id, Date.now()))

/** Takes off the index what is not there although its time is not over; how many, of how many. */
export async function dropIndexedWithoutSession(redis: RedisStore, now: number) {
  let [indexed, dropped] = [0, 0]
  for (const shard of sessionShards) {
    const from = { now, descending: false, after: null, step: STEP }
    let some: string[] = []
    const look = async () => {
      const found = await summariseSessions(redis, some)
      const gone = some.filter((_, at) => found[at] === 'none')
      const counts = await Promise.all(gone.map((id) => repair(redis, DROP_IF_GONE, id)))
      dropped += counts.filter((count) => count > 0).length
      some = []
    }
    for await (const { id } of idsOfShard(redis, shard, from)) {
      indexed++
      some.push(id)
      if (some.length === STEP) await look()
    }
    await look()
  }
  return { indexed, dropped }
}

async function notIndexed({ commands }: RedisStore, ids: readonly string[]): Promise<string[]> {
  const asked = byShard(ids.map((id) => ({ id }))).map(async ({ shard, mine }) => {
    const scores = await commands.zmscore(keys.liveSessions(shard), ...mine.map(({ id }) => id))
    return mine.flatMap(({ id }, at) => (scores[at] === null ? [id] : []))
  })
  return (await Promise.all(asked)).flat()
}

/**
 * Puts on the index what is alive and not on it, and names keys of the family that hold no session of ours. The whole
 * keyspace is scanned, in steps that Redis does not feel (R8).
 */
export async function addSessionsWithoutIndex(redis: RedisStore) {
  let [sessions, added, junk, keysScanned] = [0, 0, 0, 0]
  const junkKeys: string[] = []
  const note = (key: string) => {
    junk++
    if (junkKeys.length < MOST_NAMES) junkKeys.push(key.slice(0, 200))
  }
  for await (const batch of scanKeys(redis, families.sessions.pattern)) {
    keysScanned += batch.length
    const ids: string[] = []
    for (const key of new Set(batch)) {
      const found = keys.sessionId(key)
      if (found && !found.gone) ids.push(found.id)
      else if (!found && !KNOWN.test(key)) note(key)
    }
    for (const some of slices(ids, STEP)) {
      const found = await summariseSessions(redis, some)
      const there = some.filter((_, at) => typeof found[at] === 'object')
      some.filter((_, at) => found[at] === 'junk').forEach((id) => note(keys.session(id)))
      sessions += there.length
      const unknown = await notIndexed(redis, there)
      const counts = await Promise.all(unknown.map((id) => repair(redis, ADD_IF_THERE, id)))
      added += counts.filter((count) => count > 0).length
    }
  }
  return { sessions, added, junk, junkKeys, keysScanned }
}
