import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteRedisSamples, insertRedisSamples, type RedisSample } from '@/db/postgres/queries/redis-samples'
import { cacheReport } from '@/server/services/cache/cache-report'
import type { Scope } from '@/server/services/scope.schema'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { overview } from './overview'

const stores = connectStores('console')
const tenant = `overview-${randomUUID().slice(0, 8)}`
/** Samples have no tenant: an hour of its own, long before anybody's data but within what usage accepts. */
const start = Date.UTC(2020, 1, 1) + Math.floor(Math.random() * 2_000) * 3_600_000
const at = (minutes: number) => new Date(start + minutes * 60_000)
const scope: Scope = {
  tenant,
  range: null,
  from: at(0).toISOString(),
  to: at(60).toISOString(),
  timezone: 'UTC',
}

const sample = (minutes: number, more: Partial<RedisSample> = {}): RedisSample => ({
  at: at(minutes),
  seconds: 60,
  keyspaceHits: 600,
  keyspaceMisses: 200,
  commands: 6_000,
  evictedKeys: 0,
  expiredKeys: 1,
  commandUsec: 12_000,
  usedMemoryBytes: 1_000 + minutes,
  maxMemoryBytes: 10_000,
  rssBytes: 2_000,
  fragmentationRatio: 1.2,
  keys: 50,
  expiringKeys: 40,
  clients: 3,
  liveSessions: 7,
  uptimeSeconds: 1_000_000 + minutes * 60,
  runId: 'a',
  version: 'Redis 8.0.6',
  maxMemoryPolicy: 'noeviction',
  appendOnly: true,
  ...more,
})
const unknown = {
  seconds: null,
  keyspaceHits: null,
  keyspaceMisses: null,
  commands: null,
  evictedKeys: null,
  expiredKeys: null,
  commandUsec: null,
}
const restarted = { ...unknown, runId: 'b', uptimeSeconds: 60 }

beforeAll(async () => {
  await stores.redis.ready()
  const before = Array.from({ length: 60 }, (_, minute) =>
    sample(minute - 60, { keyspaceHits: 700, keyspaceMisses: 100 }),
  )
  const calm = Array.from({ length: 20 }, (_, minute) => sample(minute))
  const idle = sample(20, { keyspaceHits: 0, keyspaceMisses: 0 })
  // Minutes 21 to 39 are missing: Redis restarted in between.
  const again = Array.from({ length: 20 }, (_, i) =>
    sample(40 + i, i === 0 ? restarted : { runId: 'b', uptimeSeconds: 60 + i * 60 }),
  )
  await insertRedisSamples(stores.db, [...before, ...calm, idle, ...again])
  const event = (id: string, minutes: number, more = {}) => ({
    id,
    tenant,
    provider: 'openai',
    model: 'no-such-model',
    inputTokens: 10,
    outputTokens: 5,
    latencyMs: 100,
    occurredAt: at(minutes).toISOString(),
    ...more,
  })
  const events = [
    event('1', 5),
    event('2', 5.5, { latencyMs: 300, status: 'error' }),
    event('3', 30, { cached: true, latencyMs: 1 }),
    event('4', 60),
    event('5', -1),
  ]
  const { reply } = await ingestUsage(stores, { key: { id: null, tenants: null, simulated: false }, events })
  expect(reply.accepted).toBe(5)
})
afterAll(async () => {
  await deleteRedisSamples(stores.db, { before: new Date(Date.UTC(2023, 0, 1)), limit: 1_000 })
  await stores.close()
})

describe('overview', () => {
  it('the hit rate of a window is hits ÷ look-ups within it, beside that of the window before', async () => {
    const { redis } = await overview(stores, scope)
    expect(redis.during.hitRate).toBeCloseTo(0.75)
    expect(redis.before.hitRate).toBeCloseTo(0.875)
    expect(redis.during.commandsPerSecond).toBeCloseTo(100)
    expect(redis.during.microsecondsPerCommand).toBeCloseTo(2)
    expect(redis.last).toMatchObject({ version: 'Redis 8.0.6', usedMemoryBytes: 1_059, maxMemoryPolicy: 'noeviction' })
  })

  it('R12: missing samples are nulls with a reason, no look-ups are no ratio, and a restart has no deltas', async () => {
    const { axis, redis } = await overview(stores, scope)
    const minute = (n: number) => (start + n * 60_000 + 30_000 - axis.first) / axis.stepMs
    const { hitRate, usedMemoryBytes, missesPerSecond } = redis.series
    expect(hitRate[minute(19)]).toBe(0.75)
    expect(hitRate[minute(20)]).toBeNull()
    expect(missesPerSecond[minute(20)]).toBe(0)
    for (let n = 21; n < 40; n++) {
      expect(hitRate[minute(n)]).toBeNull()
      expect(usedMemoryBytes[minute(n)]).toBeNull()
    }
    expect(hitRate[minute(40)]).toBeNull()
    expect(usedMemoryBytes[minute(40)]).toBe(1_040)
    expect(redis.gaps).toContainEqual({ from: at(20).getTime(), to: at(40).getTime(), reason: 'unknown' })
    expect(redis.restarts).toEqual([at(39).getTime()])
  })

  it('R7: usage is counted within the range alone; unpriced is not free, cached costs nothing', async () => {
    const { postgres } = await overview(stores, scope)
    expect(postgres.during).toMatchObject({ requests: 3, errors: 1, inputTokens: 30, outputTokens: 15, unpriced: 2 })
    expect(Number(postgres.during.costUsd)).toBe(0)
    expect(postgres.before.requests).toBe(1)
    expect(postgres.during.latencyMsP95).toBeCloseTo(290)
    expect(postgres.tenants.shown.map((row) => row.tenant)).toEqual([tenant])
    const requests = postgres.series.requestsPerMinute
    expect(requests.reduce<number>((sum, perMinute) => sum + (perMinute ?? 0), 0)).toBe(3)
    expect(postgres.series.tokensPerMinute.reduce<number>((sum, perMinute) => sum + (perMinute ?? 0), 0)).toBe(45)
    expect(postgres.series.latencyMsP95.filter((ms) => ms !== null)).toHaveLength(1)
  })

  it('shows the tenant its own answer cache, for INFO knows no tenants', async () => {
    expect((await overview(stores, scope)).answers).toMatchObject({ hitRate: null, hitRateBefore: null })
    expect((await overview(stores, { ...scope, tenant: null })).answers).toBeNull()
  })
})

describe('cacheReport', () => {
  it('R12: says nothing of a namespace without look-ups, rather than 0 %', async () => {
    const report = await cacheReport(stores, { ...scope, family: null, namespace: `none-${tenant}` })
    expect(report.answers.during).toEqual({ hits: 0, misses: 0, savedUsd: '0', hitRate: null })
    expect(report.answers.series.all.every((rate) => rate === null)).toBe(true)
    expect(report.redis.during.hitRate).toBeCloseTo(0.75)
  })
})
