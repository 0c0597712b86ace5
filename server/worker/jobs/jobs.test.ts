import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connectPostgres } from '@/db/postgres/client'
import {
  deleteRedisSamples,
  insertRedisSamples,
  redisSamplesBetween,
  type RedisSample,
} from '@/db/postgres/queries/redis-samples'
import { keys } from '@/db/redis/keys'
import { countLiveSessions } from '@/db/redis/live-sessions'
import { connectStores } from '@/server/services/stores'
import { expireSessions } from './expire-sessions'
import { redisSampler } from './sample-redis'

const stores = connectStores('worker')
const { db, redis } = stores
/** Samples have no tenant: each run takes a minute of its own, long ago. */
const base = Date.UTC(2003, 0, 1) + Math.floor(Math.random() * 1_000_000) * 60_000
const rows = () => redisSamplesBetween(db, { from: new Date(base), to: new Date(base + 60_000) })

beforeAll(() => redis.ready())
afterAll(async () => {
  await deleteRedisSamples(db, { before: new Date(Date.UTC(2006, 0, 1)), limit: 100 })
  await stores.close()
})

describe('redisSampler', () => {
  it('writes levels at once and deltas from the second reading on, on the 5 s grid', async () => {
    let now = base + 3
    const sample = redisSampler(stores, { now: () => now })
    await sample()
    for (let i = 0; i < 10; i++) await redis.commands.get('sampler-test:absent')
    now = base + 5_004
    await sample()
    const [first, second] = await rows()
    expect(first).toMatchObject({ at: new Date(base), seconds: null, keyspaceMisses: null, commands: null })
    expect(second?.at).toEqual(new Date(base + 5_000))
    expect(second?.seconds).toBeCloseTo(5.001)
    expect(second?.keyspaceMisses).toBeGreaterThanOrEqual(10)
    expect(second?.version).toMatch(/^(Redis|Valkey) /)
  })

  it('two workers do not double a sample, and one that knows the deltas wins over one that does not', async () => {
    let now = base + 10_001
    const old = redisSampler(stores, { now: () => now })
    const fresh = redisSampler(stores, { now: () => now })
    await old()
    now = base + 15_001
    await fresh()
    await old()
    await redisSampler(stores, { now: () => now })()
    const at15 = (await rows()).filter((row) => row.at.getTime() === base + 15_000)
    expect(at15).toHaveLength(1)
    expect(at15[0]?.seconds).toBe(5)
  })

  it('takes the reads of a census off the hits, and the worker that took it wins', async () => {
    let now = base + 20_001
    let read = 0
    const other = redisSampler(stores, { now: () => now })
    const own = redisSampler(stores, { now: () => now, ownReads: () => read })
    await other()
    await own()
    const key = `sampler-test:${crypto.randomUUID()}`
    await redis.commands.set(key, '1', 'PX', 60_000)
    for (let i = 0; i < 40; i++) await redis.commands.get(key)
    for (let i = 0; i < 3_000; i++) await redis.commands.type(key)
    read = 3_000
    now = base + 25_001
    await other()
    await own()
    const [at25] = (await rows()).filter((row) => row.at.getTime() === base + 25_000)
    expect(at25?.ownReads).toBe(3_000)
    expect(at25?.keyspaceHits).toBeGreaterThanOrEqual(40)
    expect(at25?.keyspaceHits).toBeLessThan(3_000)
    await redis.commands.del(key)
  })

  it('R12: leaves a gap while Redis is away, and says so once', async () => {
    const written: string[] = []
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    let away = true
    let now = base + 30_000
    const flaky = { db, redis: { ...redis, healthy: () => !away && redis.healthy() } }
    const sample = redisSampler(flaky, { now: () => now })
    for (; now < base + 45_000; now += 5_000) await sample()
    away = false
    await sample()
    vi.restoreAllMocks()
    expect((await rows()).map((row) => row.at.getTime() - base).filter((at) => at >= 30_000)).toEqual([45_000])
    expect(written.map((line) => JSON.parse(line).event)).toEqual([
      'no samples: Redis does not answer',
      'Redis answers again',
    ])
  })

  it('keeps samples while Postgres is away, and writes them when it is back', async () => {
    let now = base + 50_000
    const unreachable = 'postgres://127.0.0.1:1/engram'
    const away = connectPostgres({ url: unreachable, poolSize: 1, deadlineMs: 2_000, applicationName: 'jobs-test' })
    const changing = { db: away, redis }
    const sample = redisSampler(changing, { now: () => now })
    await expect(sample()).rejects.toThrow()
    now += 5_000
    changing.db = db
    await sample()
    expect((await rows()).map((row) => row.at.getTime() - base).filter((at) => at >= 50_000)).toEqual([50_000, 55_000])
    await away.close()
  })
})

describe('deleteRedisSamples', () => {
  it('deletes the oldest first and no more than asked', async () => {
    const year2001 = Date.UTC(2001, 0, 1)
    const [template] = await rows()
    if (!template) throw new Error('the sampler wrote nothing')
    const samples: RedisSample[] = [0, 1, 2].map((i) => ({ ...template, at: new Date(year2001 + i * 5_000) }))
    await insertRedisSamples(db, samples)
    const before = new Date(year2001 + 10_000)
    expect(await deleteRedisSamples(db, { before, limit: 1 })).toBe(1)
    expect(await deleteRedisSamples(db, { before, limit: 10 })).toBe(1)
    const range = { from: new Date(year2001), to: new Date(year2001 + 60_000) }
    expect((await redisSamplesBetween(db, range)).map((row) => row.at)).toEqual([before])
  })
})

describe('expireSessions', () => {
  it('drops expired ids only, over several steps', async () => {
    const run = crypto.randomUUID()
    // Long ago, so that no session of anyone else is between.
    const now = Date.UTC(2002, 0, 1)
    const expired = Array.from({ length: 1_200 }, (_, i) => [now - i, `${run}:${i}`] as const)
    await redis.commands.zadd(keys.liveSessions(3), ...expired.flat(), now + 1, `${run}:live`)
    const before = await countLiveSessions(redis, now)
    expect(await expireSessions(stores, now)).toBe(1_200)
    expect(await redis.commands.zscore(keys.liveSessions(3), `${run}:live`)).not.toBeNull()
    expect(await countLiveSessions(redis, now)).toBe(before)
    await redis.commands.zrem(keys.liveSessions(3), `${run}:live`)
  })
})
