import { describe, expect, it } from 'vitest'
import type { InfoReading } from '@/db/redis/info'
import { commandDeltas, infoDelta } from './info-delta'

const reading: InfoReading = {
  runId: 'a',
  version: 'Redis 8.0.6',
  uptimeSeconds: 100,
  keyspaceHits: 80,
  keyspaceMisses: 20,
  commands: 200,
  evictedKeys: 3,
  expiredKeys: 4,
  rejectedConnections: 0,
  commandUsec: 5_000,
  usedMemoryBytes: 1,
  maxMemoryBytes: 0,
  rssBytes: 1,
  fragmentationRatio: 1,
  keys: 1,
  expiringKeys: 0,
  clients: 1,
  maxMemoryPolicy: 'noeviction',
  appendOnly: false,
  maxClients: 10_000,
  blockedClients: 0,
  lastSaveAt: null,
  lastSaveOk: true,
  changesSinceSave: 0,
  appendOnlyOk: true,
  role: 'master',
  replicas: 0,
  replicaLagBytes: null,
  primaryLinkUp: null,
  commandStats: { get: { calls: 100, usec: 1_000, failed: 1 }, set: { calls: 5, usec: 50, failed: 0 } },
}
const later = {
  ...reading,
  uptimeSeconds: 105,
  keyspaceHits: 120,
  keyspaceMisses: 30,
  commands: 260,
  commandUsec: 6_000,
}
const before = { at: 1_000_000, reading }
const after = (more: Partial<InfoReading> = {}, seconds = 5) => ({
  at: before.at + seconds * 1_000,
  reading: { ...later, ...more },
})

describe('infoDelta', () => {
  it('is what was counted between the two readings', () => {
    expect(infoDelta(before, after())).toEqual({
      seconds: 5,
      keyspaceHits: 40,
      keyspaceMisses: 10,
      commands: 60,
      evictedKeys: 0,
      expiredKeys: 0,
      rejectedConnections: 0,
      commandUsec: 1_000,
    })
  })

  it.each([
    ['at the first reading', null, after()],
    ['after a restart, by run id', before, after({ runId: 'b' })],
    ['after a restart, by uptime', before, after({ uptimeSeconds: 2 })],
    ['after CONFIG RESETSTAT, when a counter went down', before, after({ evictedKeys: 0 })],
    ['after more than 30 s without a reading', before, after({}, 31)],
    ['when the clock went back', before, after({}, -5)],
  ])('R12: is null, not zero, %s', (_when, first, second) => {
    expect(infoDelta(first, second)).toBeNull()
  })

  it('bridges a few missed ticks', () => {
    expect(infoDelta(before, after({}, 30))).toMatchObject({ seconds: 30, keyspaceHits: 40 })
  })
})

describe('commandDeltas', () => {
  it('is what was called in between, also for the first time; what was not called is absent', () => {
    const commandStats = {
      get: { calls: 130, usec: 1_600, failed: 1 },
      set: { calls: 5, usec: 50, failed: 0 },
      'config|get': { calls: 2, usec: 9, failed: 0 },
      eval: { calls: 0, usec: 0, failed: 3 },
    }
    expect(Object.fromEntries(commandDeltas(reading, { ...later, commandStats }))).toEqual({
      get: { calls: 30, usec: 600, failed: 0 },
      'config|get': { calls: 2, usec: 9, failed: 0 },
      eval: { calls: 0, usec: 0, failed: 3 },
    })
  })
})
