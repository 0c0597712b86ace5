import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectRedis, type RedisStore } from './client'
import { addReadings, parseInfo, readInfo } from './info'

/** The engine under test, and the other kinds where the environment names them. */
const engines = ['REDIS_URL', 'VALKEY_URL', 'REDIS_CLUSTER_URL'].flatMap((name) => {
  const urls = process.env[name]
  return urls ? [{ name, urls: urls.split(',') }] : []
})

describe.each(engines)('INFO of a real engine ($name)', ({ urls }) => {
  let redis: RedisStore
  beforeAll(async () => {
    redis = connectRedis({ urls, name: 'info-test', deadlineMs: 2_000 })
    await redis.ready()
  })
  afterAll(() => redis?.close())

  it('reads every figure, none of them missing', async () => {
    const reading = await readInfo(redis)
    expect(reading.version).toMatch(/^(Redis|Valkey) \d+\.\d+\.\d+$/)
    expect(reading.runId).toMatch(/^[0-9a-f]{40}(\+[0-9a-f]{40})*$/)
    expect(reading.maxMemoryPolicy).toMatch(/^(noeviction|(allkeys|volatile)-\w+)$/)
    for (const [name, value] of Object.entries(reading))
      if (typeof value === 'number') expect(Number.isFinite(value) && value >= 0, name).toBe(true)
    expect(reading.usedMemoryBytes).toBeGreaterThan(100_000)
    expect(reading.clients).toBeGreaterThan(0)
    expect(reading.maxClients).toBeGreaterThan(0)
    expect(reading.commandStats.ping?.calls).toBeGreaterThan(0)
  })

  it('counts what was done in between', async () => {
    const key = `info-test:${crypto.randomUUID()}`
    const before = await readInfo(redis)
    await redis.commands.set(key, '1', 'PX', 60_000)
    for (let i = 0; i < 20; i++) await redis.commands.get(key)
    for (let i = 0; i < 5; i++) await redis.commands.get(`${key}:absent`)
    const after = await readInfo(redis)
    expect(after.keyspaceHits - before.keyspaceHits).toBeGreaterThanOrEqual(20)
    expect(after.keyspaceMisses - before.keyspaceMisses).toBeGreaterThanOrEqual(5)
    expect(after.commands - before.commands).toBeGreaterThanOrEqual(26)
    expect(after.commandUsec).toBeGreaterThan(before.commandUsec)
    expect(after.keys).toBeGreaterThan(0)
    expect(after.expiringKeys).toBeGreaterThan(0)
    await redis.commands.del(key)
  })
})

describe('parseInfo', () => {
  it('refuses a text that is not INFO, rather than reading zeros from it', () => {
    expect(() => parseInfo('# Server\r\nredis_version:8.0.6\r\n')).toThrow('INFO has no run_id')
  })
})

describe('addReadings', () => {
  const reading = {
    runId: 'b',
    version: 'Redis 8.0.6',
    uptimeSeconds: 100,
    keyspaceHits: 1,
    keyspaceMisses: 2,
    commands: 3,
    evictedKeys: 4,
    expiredKeys: 5,
    rejectedConnections: 1,
    commandUsec: 6,
    usedMemoryBytes: 1_000,
    maxMemoryBytes: 10_000,
    rssBytes: 1_500,
    fragmentationRatio: 1.5,
    keys: 7,
    expiringKeys: 3,
    clients: 2,
    maxMemoryPolicy: 'allkeys-lru',
    appendOnly: true,
    maxClients: 100,
    blockedClients: 1,
    lastSaveAt: 5_000,
    lastSaveOk: true,
    changesSinceSave: 2,
    appendOnlyOk: true,
    role: 'master' as const,
    replicas: 1,
    replicaLagBytes: 10,
    primaryLinkUp: null,
    commandStats: { get: { calls: 3, usec: 6, failed: 1 } },
  }

  it('adds up the primaries of a cluster', () => {
    const other = {
      ...reading,
      runId: 'a',
      uptimeSeconds: 40,
      rssBytes: 500,
      appendOnly: false,
      lastSaveAt: 4_000,
      replicas: 0,
      replicaLagBytes: null,
    }
    expect(addReadings([reading, other])).toEqual({
      runId: 'a+b',
      version: 'Redis 8.0.6',
      uptimeSeconds: 40,
      keyspaceHits: 2,
      keyspaceMisses: 4,
      commands: 6,
      evictedKeys: 8,
      expiredKeys: 10,
      rejectedConnections: 2,
      commandUsec: 12,
      usedMemoryBytes: 2_000,
      maxMemoryBytes: 20_000,
      rssBytes: 2_000,
      fragmentationRatio: 1,
      keys: 14,
      expiringKeys: 6,
      clients: 4,
      maxMemoryPolicy: 'allkeys-lru',
      appendOnly: false,
      maxClients: 200,
      blockedClients: 2,
      lastSaveAt: 4_000,
      lastSaveOk: true,
      changesSinceSave: 4,
      appendOnlyOk: true,
      role: 'master',
      replicas: 1,
      replicaLagBytes: 10,
      primaryLinkUp: null,
      commandStats: { get: { calls: 6, usec: 12, failed: 2 } },
    })
  })

  it('has no memory limit when one primary has none', () => {
    expect(addReadings([reading, { ...reading, maxMemoryBytes: 0 }]).maxMemoryBytes).toBe(0)
  })
})
