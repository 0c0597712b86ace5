import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertLookupTotals } from '@/db/postgres/queries/cache-lookups'
import { deleteRedisSamples, insertRedisSamples } from '@/db/postgres/queries/redis-samples'
import { connectStores } from '@/server/services/stores'
import { fallReport } from './fall'

const stores = connectStores('console')
const run = randomUUID().slice(0, 8)
/** An hour of its own, long before anybody's data: samples and falls are of all tenants. */
const start = Date.UTC(2004, 0, 1) + Math.floor(Math.random() * 50_000) * 3_600_000
const at = (minute: number) => new Date(start + minute * 60_000)
const range = { from: at(0), to: at(60) }
const fell = {
  kind: 'hit-rate-fell',
  severity: 'bad',
  was: 0.8,
  now: 0.5,
  at: at(30).toISOString(),
  after: null,
} as const
const sample = (minute: number, keyspaceHits: number, keyspaceMisses: number, evictedKeys: number) => ({
  at: at(minute),
  seconds: 60,
  keyspaceHits,
  keyspaceMisses,
  commands: 1,
  evictedKeys,
  expiredKeys: 0,
  commandUsec: 1,
  usedMemoryBytes: 1,
  maxMemoryBytes: 0,
  rssBytes: 1,
  keys: 1,
  expiringKeys: 0,
  clients: 1,
  liveSessions: 0,
  uptimeSeconds: 1_000,
  runId: run,
  version: 'Redis 8.0.6',
  maxMemoryPolicy: 'noeviction',
  appendOnly: true,
})

beforeAll(async () => {
  await stores.redis.ready()
  const row = (
    minute: number,
    tenant: string,
    hits: number,
    misses: number,
    family: 'answers' | 'sessions' = 'answers',
  ) => ({
    minute: at(minute).toISOString(),
    namespace: `ns-${run}`,
    tenant: `${tenant}-${run}`,
    family,
    promptName: '',
    promptVersion: 0,
    hits,
    misses,
    hitsWithoutCost: 0,
    savedUsd: family === 'answers' ? (hits * 0.01).toFixed(12) : '0',
  })
  await insertLookupTotals(stores.db, randomUUID(), [
    row(10, 'calm', 800, 200),
    row(40, 'calm', 800, 200),
    row(10, 'fell', 800, 200),
    row(40, 'fell', 200, 800),
    row(10, 'little', 80, 20),
    row(40, 'little', 70, 30),
    row(40, 'new', 0, 500),
    row(10, 'calm', 900, 100, 'sessions'),
    row(40, 'calm', 800, 200, 'sessions'),
  ])
  await insertRedisSamples(stores.db, [sample(10, 2_000, 500, 6), sample(40, 1_000, 1_600, 500)])
})
afterAll(async () => {
  await deleteRedisSamples(stores.db, { before: new Date(Date.UTC(2012, 0, 1)), limit: 100 })
  await stores.close()
})

describe('fallReport', () => {
  it('J4: says who misses more than before, worst first, what it cost, and how much Redis itself saw', async () => {
    const fall = await fallReport(stores, [fell], range)
    expect(fall?.rows.map(({ family, tenant }) => `${family} ${tenant}`)).toEqual([
      `answers fell-${run}`,
      `sessions calm-${run}`,
      `answers little-${run}`,
    ])
    expect(fall?.rows[0]).toMatchObject({ namespace: `ns-${run}`, was: 0.8, now: 0.2, lookups: 1_000 })
    expect(fall?.rows[0]?.extraMisses).toBeCloseTo(600)
    expect(fall?.rows[0]?.usd).toBeCloseTo(6)
    expect(fall?.rows[1]).toMatchObject({ was: 0.9, now: 0.8, usd: 0 })
    expect(fall?.extraMisses).toBeCloseTo(710)
    expect(fall?.redisExtraMisses).toBeCloseTo(1_600 - 0.2 * 2_600)
    expect(fall?.seconds).toBe(1_800)
    expect(fall?.evictions).toEqual({ since: 500, atPaceBefore: 6 })
  })

  it('J4: a fall of one family, or of one tenant’s answers, is made of that family only', async () => {
    const families = async (of: Parameters<typeof fallReport>[1], filter = {}) =>
      new Set((await fallReport(stores, of, { ...range, ...filter }))?.rows.map(({ family }) => family))
    expect(await families([{ ...fell, family: 'sessions' }])).toEqual(new Set(['sessions']))
    expect(await families([fell], { tenant: `calm-${run}` })).toEqual(new Set(['answers']))
  })

  it('R12: Redis’ part is unknown where it was not sampled on both sides, and without a fall there is no report', async () => {
    const later = { ...fell, at: at(5).toISOString() }
    expect(await fallReport(stores, [later], range)).toMatchObject({ redisExtraMisses: null, evictions: null })
    expect(await fallReport(stores, [], range)).toBeNull()
  })
})
