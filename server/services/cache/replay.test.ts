import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookupTotals } from '@/db/postgres/queries/cache'
import { deleteRedisSamples } from '@/db/postgres/queries/redis-samples'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { readInfo } from '@/db/redis/info'
import { startRedis } from '@/scripts/engines/redis'
import type { Stores } from '@/server/services/context'
import { connectDb } from '@/server/services/stores'
import { redisSampler } from '@/server/worker/jobs/sample-redis'
import { cacheReport } from './cache-report'
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
    await replay(stores, { blocks, namespace, tenant, lookups })
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

describe('a part of the trace, asked for again and again in a Redis whose memory is cut to a third', () => {
  const namespace = `replay-${randomUUID().slice(0, 8)}`
  const tenant = `tenant-${randomUUID().slice(0, 8)}`
  /** Half an hour in steps of the sampler, each of which asks for as many blocks; halfway all of them were asked for again. */
  const [STEPS, STEP_MS, EACH] = [360, 5_000, 50]
  /** An hour of its own, long before anybody's data: samples are of all tenants. */
  const start = Date.UTC(2012, 0, 1) + Math.floor(Math.random() * 50_000) * 3_600_000
  const db = connectDb('gateway')
  let engine: Awaited<ReturnType<typeof startRedis>>
  let redis: RedisStore
  beforeAll(async () => {
    engine = await startRedis({ dataDir: 'memory', policy: 'allkeys-lru' })
    redis = connectRedis({ urls: [engine.url], name: 'replay-test', deadlineMs: 20_000 })
    await redis.ready()
  })
  afterAll(async () => {
    await deleteRedisSamples(db, { before: new Date(Date.UTC(2020, 0, 1)), limit: 1_000 })
    redis.close()
    await engine.stop()
    await db.close()
  })

  it('R12: the page explains the fall of the hit rate by what Redis evicted', async () => {
    let now = start
    const stores = { db, redis }
    const blocks = traceOf().blocks.slice(0, (STEPS / 2) * EACH)
    const lookups = lookupCounter({ db }, () => now)
    const sample = redisSampler(stores, { now: () => now })
    const empty = await readInfo(redis)
    await replay(stores, { blocks, namespace, tenant, lookups: lookupCounter({ db }) })
    await sample()
    for (let step = 0; step < STEPS; step++) {
      if (step === STEPS / 2) {
        const { usedMemoryBytes: used, evictedKeys } = await readInfo(redis)
        expect(evictedKeys).toBe(0)
        const third = empty.usedMemoryBytes + (used - empty.usedMemoryBytes) / 3
        await redis.commands.config('SET', 'maxmemory', Math.floor(third))
      }
      const from = (step % (STEPS / 2)) * EACH
      await replay(stores, { blocks: blocks.slice(from, from + EACH), namespace, tenant, lookups })
      now += STEP_MS
      await sample()
    }
    await lookups.flush()
    const scope = {
      range: null,
      from: new Date(start).toISOString(),
      to: new Date(now + STEP_MS).toISOString(),
      timezone: 'UTC',
      tenant: null,
    }
    const report = await cacheReport(stores, { ...scope, namespace: null, family: null }, new Date(now + STEP_MS))
    expect(report.verdicts.map(({ kind }) => kind)).toContain('evictions')
    const evicted = (await readInfo(redis)).evictedKeys
    expect(evicted).toBeGreaterThan(1_000)
    expect(report.fall).toMatchObject({ evictions: { since: evicted, atPaceBefore: 0 }, rows: [{ namespace, tenant }] })
    expect(report.redis.last).toMatchObject({ maxMemoryPolicy: 'allkeys-lru' })
  }, 180_000)
})

type Replayed = { blocks: number[]; namespace: string; tenant: string; lookups: ReturnType<typeof lookupCounter> }

/** Asks for each block, and keeps those that are not there. A stretch of distinct ones at once: the answers of one do not depend on the others. */
async function replay(stores: Stores, { blocks, lookups, ...of }: Replayed) {
  for (const stretch of distinctStretches(blocks))
    await Promise.all(
      stretch.map(async (block) => {
        const key = { ...of, key: String(block) }
        const { result } = await lookUpEntry(stores, { key, simulated: false, lookups })
        if (result === 'miss')
          await putEntry(stores, { key, entry: { value: 'block', ttlSeconds: 3_600 }, simulated: false })
      }),
    )
}

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
