import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookupTotals } from '@/db/postgres/queries/cache'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { readInfo } from '@/db/redis/info'
import { startRedis } from '@/scripts/engines/redis'
import { connectDb } from '@/server/services/stores'
import { lookUpEntry } from './look-up-entry'
import { lookupCounter } from './lookup-counter'
import { putEntry } from './put-entry'

const TRACE = '../shared/data/mooncake_synthetic.jsonl.gz'
const AT_ONCE = 200

type Trace = { blocks: number[]; hits: number }

/** Blocks of prompts in the order in which they were asked for; every one that was asked for before is a hit. */
function traceOf(): Trace {
  const blocks = existsSync(TRACE) ? realTrace() : madeTrace()
  return { blocks, hits: blocks.length - new Set(blocks).size }
}

const realTrace = () =>
  gunzipSync(readFileSync(TRACE))
    .toString()
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => (JSON.parse(line) as { hash_ids: number[] }).hash_ids)

/** Where the real one is missing: conversations that share a beginning and grow by a block with each turn. */
const madeTrace = () =>
  Array.from({ length: 20_000 }, (_, turn) => [turn % 40, 1_000 + (turn % 700), 10_000 + turn]).flat()

describe('a trace of prompt blocks, replayed without eviction', () => {
  const namespace = `replay-${randomUUID().slice(0, 8)}`
  const tenant = `tenant-${randomUUID().slice(0, 8)}`
  const db = connectDb('gateway')
  let engine: Awaited<ReturnType<typeof startRedis>>
  let redis: RedisStore
  beforeAll(async () => {
    engine = await startRedis({ dataDir: 'memory' })
    redis = connectRedis({ urls: [engine.url], name: 'replay-test', deadlineMs: 20_000 })
    await redis.ready()
  })
  afterAll(async () => {
    redis.close()
    await engine.stop()
    await db.close()
  })

  it('is counted to the last look-up, by us and by Redis alike', async () => {
    const { blocks, hits } = traceOf()
    if (existsSync(TRACE)) expect({ blocks: blocks.length, hits }).toEqual({ blocks: 121_877, hits: 77_953 })
    const lookups = lookupCounter({ db })
    const stores = { db, redis }
    const before = await readInfo(redis)
    // A stretch of distinct blocks at once: the answers of one do not depend on the others.
    for (const stretch of distinctStretches(blocks))
      await Promise.all(
        stretch.map(async (block) => {
          const key = { namespace, tenant, key: String(block) }
          const { result } = await lookUpEntry(stores, { key, simulated: false, lookups })
          if (result === 'miss')
            await putEntry(stores, { key, entry: { value: 'block', ttlSeconds: 3_600 }, simulated: false })
        }),
      )
    await lookups.flush()
    const after = await readInfo(redis)
    expect(lookups.seen).toMatchObject({ hits, misses: blocks.length - hits, degraded: 0, dropped: 0 })
    const range = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 60_000) }
    expect(await lookupTotals(db, { ...range, namespace })).toMatchObject({ hits, misses: blocks.length - hits })
    expect(after.keyspaceHits - before.keyspaceHits).toBe(hits)
    expect(after.keyspaceMisses - before.keyspaceMisses).toBe(blocks.length - hits)
    expect(after.evictedKeys).toBe(0)
  }, 180_000)
})

function* distinctStretches(blocks: number[]): Generator<number[]> {
  let stretch = new Set<number>()
  for (const block of blocks) {
    if (stretch.has(block) || stretch.size === AT_ONCE) {
      yield [...stretch]
      stretch = new Set()
    }
    stretch.add(block)
  }
  yield [...stretch]
}
