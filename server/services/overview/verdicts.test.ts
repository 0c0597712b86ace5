import { describe, expect, it } from 'vitest'
import type { Activation } from './activation-marks'
import { type Checked, verdicts } from './verdicts'

const start = Date.parse('2026-11-12T12:00:00Z')
const MINUTE = 60_000
const iso = (minute: number) => new Date(start + minute * MINUTE).toISOString()
const constant = (minutes: number, part: number, whole: number) =>
  Array.from({ length: minutes }, () => ({ part, whole }))

const calm: Checked = {
  now: new Date(start + 120 * MINUTE),
  live: true,
  redisDownSince: null,
  newestSampleAt: iso(119.95),
  redis: { evicted: 0, usedMemoryBytes: 100, maxMemoryBytes: 1_000, maxMemoryPolicy: 'noeviction', liveSessions: 12 },
  lookups: constant(120, 812, 1_000),
  lookupsBefore: { part: 81_200, whole: 100_000 },
  costs: constant(120, 0.4, 100),
  usage: { requests: 12_000, errors: 48, unpriced: 0 },
  activations: [],
  bucketStart: (index) => start + index * MINUTE,
}
const activation = (minute: number, more: Partial<Activation> = {}): Activation => ({
  name: 'support-reply',
  channel: 'production',
  revision: 12,
  version: 12,
  previousVersion: 11,
  kind: 'activate',
  arms: null,
  by: 'ada',
  at: iso(minute),
  appliedAt: iso(minute),
  ...more,
})
const found = (more: Partial<Checked>) => verdicts({ ...calm, ...more }).filter(({ kind }) => kind !== 'quiet')

describe('verdicts', () => {
  it('says what was looked at when nothing is wrong', () => {
    expect(verdicts(calm)).toEqual([
      {
        kind: 'quiet',
        severity: 'ok',
        checks: ['stores', 'worker', 'hit rate', 'cost', 'errors', 'memory', 'evictions', 'prices'],
      },
    ])
  })

  it('R12: a check that had nothing to look at is not called quiet', () => {
    const blind = { ...calm, redis: null, lookups: [], lookupsBefore: null, costs: [], usage: null }
    expect(verdicts(blind)).toEqual([{ kind: 'quiet', severity: 'ok', checks: ['stores', 'worker'] }])
  })

  it('J1: names the activation right before the hit rate fell, and how far', () => {
    const lookups = [...constant(83, 812, 1_000), ...constant(37, 640, 1_000)]
    const activations = [activation(20, { name: 'summarise' }), activation(82.4)]
    expect(found({ lookups, activations })).toEqual([
      { kind: 'hit-rate-fell', severity: 'bad', was: 0.812, now: 0.64, at: iso(83), after: activations[1] },
    ])
  })

  it('J4: sees the family that fell most where the look-ups of others drown it', () => {
    const from80To = (hits: number) => [...constant(83, 80, 100), ...constant(37, hits, 100)]
    const answers = { family: 'answers' as const, lookups: from80To(40) }
    const kv = { family: 'kv' as const, lookups: from80To(20) }
    const flags = { family: 'flags' as const, lookups: from80To(80) }
    expect(found({ families: [answers, kv, flags] })).toMatchObject([
      { kind: 'hit-rate-fell', was: 0.8, now: expect.closeTo(0.2), at: iso(83), family: 'kv' },
    ])
    const lookups = [...constant(83, 812, 1_000), ...constant(37, 640, 1_000)]
    expect(found({ lookups, families: [kv] })[0]).not.toHaveProperty('family')
    expect(found({ families: [flags] })).toEqual([])
  })

  it('J6: names leaderboards whose ranking is not their ledger', () => {
    const boards = [{ name: 'spend', tenant: null, members: 3, at: iso(10) }]
    expect(found({ boards })).toEqual([{ kind: 'boards-differ', severity: 'warn', boards }])
    expect(found({ boards: [] })).toEqual([])
  })

  it('J7: names memories whose index finds less than is wanted', () => {
    const missing = { tenants: 4, worst: [{ tenant: 'acme', recall: 0.7, target: 0.95 }] }
    expect(found({ missing })).toEqual([{ kind: 'recall-below-target', severity: 'warn', ...missing }])
    expect(found({ missing: { tenants: 0, worst: [] } })).toEqual([])
  })

  it('sees a hit rate that had fallen before the range began', () => {
    const lookups = constant(60, 640, 1_000)
    expect(found({ lookups })).toEqual([
      { kind: 'hit-rate-lower', severity: 'bad', was: 0.812, now: expect.closeTo(0.64) },
    ])
    expect(found({ lookups, lookupsBefore: { part: 64, whole: 100 } })).toEqual([])
    expect(found({ lookups, lookupsBefore: null })).toEqual([])
  })

  it('blames no activation that was long before, nor one that came after', () => {
    const lookups = [...constant(60, 812, 1_000), ...constant(60, 640, 1_000)]
    expect(found({ lookups, activations: [activation(40), activation(62)] })).toMatchObject([
      { kind: 'hit-rate-fell', at: iso(60), after: null },
    ])
  })

  it('keeps quiet about a fall of less than 10 points, about one that chance explains, and about a dip that is over', () => {
    expect(found({ lookups: [...constant(60, 812, 1_000), ...constant(60, 722, 1_000)] })).toEqual([])
    const few = [...constant(60, 6, 10), ...constant(35, 5, 10)]
    expect(found({ lookups: few, lookupsBefore: { part: 600, whole: 1_000 } })).toEqual([])
    const dip = [...constant(50, 812, 1_000), ...constant(10, 400, 1_000), ...constant(60, 812, 1_000)]
    expect(found({ lookups: dip })).toEqual([])
  })

  it('R12: gaps neither make nor hide a fall', () => {
    const gap = Array.from({ length: 20 }, () => null)
    const lookups = [...constant(40, 812, 1_000), ...gap, ...constant(60, 640, 1_000)]
    expect(found({ lookups })).toMatchObject([{ kind: 'hit-rate-fell', was: 0.812, now: 0.64 }])
    expect(found({ lookups: [...constant(50, 812, 1_000), ...gap, ...constant(50, 812, 1_000)] })).toEqual([])
  })

  it('J1: a few dear requests more are chance, not a step in the cost', () => {
    const dearEvery = (nth: number) =>
      Array.from({ length: 60 }, (_, minute) => ({ part: minute % nth === 0 ? 3 : 0.3, whole: 10 }))
    expect(found({ costs: [...dearEvery(7), ...dearEvery(4)] })).toEqual([])
  })

  it('J1: finds the step in the cost of a request, whatever the traffic', () => {
    const costs = [...constant(60, 0.4, 100), ...constant(60, 1.2, 200)]
    expect(found({ costs, activations: [activation(59.5)] })).toMatchObject([
      {
        kind: 'cost-rose',
        was: expect.closeTo(0.004),
        now: expect.closeTo(0.006),
        at: iso(60),
        after: { name: 'support-reply' },
      },
    ])
    expect(found({ costs: [...constant(60, 0.4, 100), ...constant(60, 4, 1_000)] })).toEqual([])
  })

  it('says when the worker fell silent, except where the range has ended or Redis is away', () => {
    expect(found({ newestSampleAt: iso(119) })).toMatchObject([{ kind: 'worker-silent', newestAt: iso(119) }])
    expect(found({ newestSampleAt: null })).toMatchObject([{ kind: 'worker-silent', newestAt: null }])
    expect(found({ newestSampleAt: iso(119), live: false })).toEqual([])
    expect(found({ newestSampleAt: iso(119), redisDownSince: iso(119) })).toMatchObject([{ kind: 'redis-down' }])
  })

  it('warns of errors, a full memory, evictions and requests without a price; the worst comes first', () => {
    const redis = {
      evicted: 7,
      usedMemoryBytes: 950,
      maxMemoryBytes: 1_000,
      maxMemoryPolicy: 'volatile-lru',
      liveSessions: 1,
    }
    expect(found({ redis, usage: { requests: 100, errors: 6, unpriced: 3 } }).map(({ kind }) => kind)).toEqual([
      'errors',
      'memory-nearly-full',
      'evictions',
      'unpriced',
    ])
    expect(found({ usage: { requests: 100, errors: 5, unpriced: 0 } })).toEqual([])
  })

  it('warns that sessions, which only Redis has, share memory with what may be evicted', () => {
    const redis = {
      evicted: 0,
      usedMemoryBytes: 1,
      maxMemoryBytes: 1_000,
      maxMemoryPolicy: 'allkeys-lru',
      liveSessions: 3,
    }
    expect(found({ redis })).toMatchObject([{ kind: 'sessions-evictable', sessions: 3, policy: 'allkeys-lru' }])
    expect(found({ redis: { ...redis, liveSessions: 0 } })).toEqual([])
  })
})
