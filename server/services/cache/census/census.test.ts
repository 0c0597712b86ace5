import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newestCensus } from '@/db/postgres/queries/censuses'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { startRedis } from '@/scripts/engines/redis'
import { connectDb } from '@/server/services/stores'
import type { CensusReport } from './census.schema'
import { type CensusLimits, censusTaker } from './take-census'

const run = randomUUID().slice(0, 8)
const db = connectDb('worker')
let memoryRedis: Awaited<ReturnType<typeof startRedis>>
beforeAll(async () => {
  memoryRedis = await startRedis({ dataDir: 'memory' })
})
afterAll(async () => {
  await memoryRedis.stop()
  await db.close()
})

/** One of its own, and every kind that the environment names. */
const engines = [
  { name: 'own', urls: () => [memoryRedis.url] },
  ...['VALKEY_URL', 'REDIS_CLUSTER_URL'].flatMap((name) => {
    const named = process.env[name]
    return named ? [{ name, urls: () => named.split(',') }] : []
  }),
]
const everything: Partial<CensusLimits> = { pauseMs: 0, pauseTimes: 0, mostMeasured: 1e9 }

const finish = async (taker: ReturnType<typeof censusTaker>) => {
  while (!(await taker.run())) await sleep(1)
}

async function census(redis: RedisStore, options = everything) {
  const taker = censusTaker({ db, redis }, options)
  await finish(taker)
  return { ...(await newestReport()), taker }
}

async function newestReport() {
  const newest = await newestCensus(db, { before: new Date() })
  if (!newest) throw new Error('no census was kept')
  return { ...newest, report: newest.report as CensusReport }
}
const familyIn = ({ families }: CensusReport, name: string) => families.find((one) => one.name === name)

describe.each(engines)('a census of $name', ({ urls }) => {
  let redis: RedisStore
  const [jobs, sets] = [`jobs${run}:`, `sets${run}:`]
  const written: string[] = []

  beforeAll(async () => {
    redis = connectRedis({ urls: urls(), name: 'census-test', deadlineMs: 5_000 })
    await redis.ready()
    const { commands } = redis
    const write = async (key: string, done: (key: string) => Promise<unknown>) => {
      written.push(key)
      await done(key)
    }
    for (let n = 0; n < 1_200; n++)
      await write(`${jobs}${n}`, (key) =>
        n % 3 === 0
          ? commands.set(key, 'x'.repeat(n))
          : commands.set(key, 'x'.repeat(n), 'EX', n % 3 === 1 ? 30 : 100_000),
      )
    for (let n = 0; n < 40; n++) await write(`${sets}${n}`, (key) => commands.sadd(key, ...Array(50).keys()))
    await write(`${sets}large`, (key) => commands.set(key, 'x'.repeat(300_000)))
  })
  afterAll(async () => {
    for (const key of written) await redis.commands.unlink(key)
    redis.close()
  })

  it('counts each key once, with its memory and its time to live, as one finds by looking at every key', async () => {
    const { report, keys, examined, measured } = await census(redis)
    const bytes = async (of: string) => {
      const each = written
        .filter((key) => key.startsWith(of))
        .map((key) => redis.commands.memory('USAGE', key, 'SAMPLES', 5))
      return (await Promise.all(each)).reduce<number>((sum, one) => sum + Number(one), 0)
    }
    expect(keys).toBe(examined)
    expect(measured).toBe(examined)
    expect(familyIn(report, jobs)).toMatchObject({
      of: 'other',
      pattern: `${jobs}*`,
      keys: 1_200,
      measured: 1_200,
      bytes: await bytes(jobs),
      withoutTtl: 400,
      types: ['string'],
    })
    expect(familyIn(report, jobs)?.ttlMedianMs).toBeGreaterThan(10_000)
    expect(familyIn(report, sets)).toMatchObject({ keys: 41, bytes: await bytes(sets), types: ['set', 'string'] })
    expect(report.ttl.keys[1]).toBeGreaterThanOrEqual(390)
    expect(report.ttl.keys.reduce((sum, n) => sum + n)).toBe(keys)
    expect(report.ttl.bytes.reduce((sum, n) => sum + n)).toBe(report.bytes)
    const large = report.big.find(({ text }) => text === `${sets}large`)
    expect(large).toMatchObject({ family: sets, type: 'string', ttlMs: null })
    expect(Buffer.from(large?.id ?? '', 'base64url').toString()).toBe(`${sets}large`)
  })

  it('says how many keyspace hits were its own', async () => {
    const hits = async () => {
      const nodes = 'nodes' in redis.commands ? redis.commands.nodes('master') : [redis.commands]
      const texts = await Promise.all(nodes.map((node) => node.info('stats')))
      return texts.reduce((sum, text) => sum + Number(/keyspace_hits:(\d+)/.exec(text)?.[1]), 0)
    }
    const before = await hits()
    const { taker, measured } = await census(redis)
    const all = (await hits()) - before
    expect(taker.ownReads()).toBeGreaterThanOrEqual(3 * measured)
    // Others may use the same engine, at the same time.
    expect(all).toBeGreaterThanOrEqual(taker.ownReads())
  })
})

describe('a census of more keys than it reads', () => {
  let redis: RedisStore
  beforeAll(async () => {
    redis = connectRedis({ urls: [memoryRedis.url], name: 'census-test', deadlineMs: 5_000 })
    await redis.ready()
    const pipeline = redis.commands.pipeline()
    for (let n = 0; n < 30_000; n++)
      pipeline.set(n % 4 === 0 ? `quarter${run}:${n}` : `rest${run}:${n}`, 'x'.repeat(100), 'EX', 5_000)
    await pipeline.exec()
  })
  afterAll(() => redis.close())

  it('R12: extrapolates, and says of how much', async () => {
    const some = { ...everything, mostExamined: 10_000, mostMeasured: 2_000 }
    const { report, keys, examined, measured } = await census(redis, some)
    expect(keys).toBeGreaterThanOrEqual(30_000)
    expect(examined).toBeGreaterThanOrEqual(10_000)
    expect(examined).toBeLessThan(10_000 + 3_000)
    expect(measured).toBeGreaterThan(1_500)
    expect(measured).toBeLessThan(3_000)
    const quarter = familyIn(report, `quarter${run}:`)
    expect(Math.abs((quarter?.keys ?? 0) - 7_500)).toBeLessThan(750)
    const each = Number(await redis.commands.memory('USAGE', `quarter${run}:0`, 'SAMPLES', 5))
    expect(Math.abs((quarter?.bytes ?? 0) - 7_500 * each)).toBeLessThan(750 * each)
  })

  it('knows keys that nobody used since they came while it watched', async () => {
    const taker = censusTaker({ db, redis }, { ...everything, watchedLeastMs: 1_000 })
    const whole = async () => {
      await finish(taker)
      return familyIn((await newestReport()).report, `fresh${run}:`)
    }
    await whole()
    // Small integers are one object for all of Redis, and share its time of last use.
    await redis.commands.mset(`fresh${run}:unused`, 'a text', `fresh${run}:used`, 'a text')
    expect(await whole()).toMatchObject({ keys: 2, watched: 0, neverHit: 0 })
    await sleep(2_500)
    await redis.commands.get(`fresh${run}:used`)
    expect(await whole()).toMatchObject({ keys: 2, watched: 2, neverHit: 1 })
  })

  it('R8: two workers take one census between them', async () => {
    const pause = { ...everything, pauseMs: 60_000 }
    await census(redis)
    const again = censusTaker({ db, redis }, pause)
    for (let n = 0; n < 20; n++) expect(await again.run()).toBe(false)
    expect(again.ownReads()).toBe(0)
  })

  it('begins anew when Redis was away, and keeps no half of a walk', async () => {
    const gone = { db, redis: { ...redis, healthy: () => false } }
    expect(await censusTaker(gone, everything).run()).toBe(false)
  })
})
