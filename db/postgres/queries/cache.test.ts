import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cacheLookups } from '@/db/postgres/schema/cache'
import { connectPostgres } from '@/db/postgres/client'
import { postgresEnv } from '@/db/postgres/env'
import { lookupsBy, lookupSeries, lookupSeriesBy, lookupTotals } from './cache'

const db = connectPostgres({ ...postgresEnv(), deadlineMs: 10_000, applicationName: 'cache-test' })
const run = randomUUID().slice(0, 8)
const [a, b] = [`alpha-${run}`, `beta-${run}`]
const answers = `answers-${run}`
const start = Date.parse('2026-03-01T12:00:00Z')
const at = (minute: number) => new Date(start + minute * 60_000)
const hour = { from: at(0), to: at(60) }

beforeAll(async () => {
  const row = (minute: number, tenant: string, hits: number, misses: number, more = {}) => ({
    minute: at(minute),
    namespace: answers,
    tenant,
    process: 'g1',
    hits,
    misses,
    savedUsd: `0.00000000000${hits}`,
    ...more,
  })
  await db
    .insert(cacheLookups)
    .values([
      row(-30, a, 9, 1),
      row(-1, b, 1, 9),
      row(0, a, 3, 1),
      row(0, a, 2, 2, { process: 'g2' }),
      row(1, b, 4, 0),
      row(59, a, 0, 5),
      row(60, a, 7, 7),
      row(3, a, 6, 6, { namespace: `other-${run}` }),
    ])
})
afterAll(() => db.close())

describe('cache look-ups', () => {
  it('adds up every process, minute and tenant of the range exactly, and nothing outside it', async () => {
    const all = await lookupTotals(db, { ...hour, namespace: answers })
    expect(all).toEqual({ hits: 9, misses: 8, savedUsd: '0.000000000009' })
    expect(await lookupTotals(db, { ...hour, namespace: answers, tenant: a })).toMatchObject({ hits: 5, misses: 8 })
    expect(await lookupTotals(db, { ...hour, namespace: 'nobody' })).toEqual({ hits: 0, misses: 0, savedUsd: '0' })
  })

  it('R7: parts by tenant add up to the whole, busiest first, with the window before beside', async () => {
    const { rows, groups } = await lookupsBy(db, {
      ...hour,
      before: at(-60),
      namespace: answers,
      by: 'tenant',
      limit: 10,
    })
    expect(groups).toBe(2)
    expect(rows).toEqual([
      { key: a, hits: 5, misses: 8, savedUsd: '0.000000000005', hitsBefore: 9, missesBefore: 1 },
      { key: b, hits: 4, misses: 0, savedUsd: '0.000000000004', hitsBefore: 1, missesBefore: 9 },
    ])
  })

  it('says how many groups there are beyond the limit', async () => {
    const { rows, groups } = await lookupsBy(db, { ...hour, before: at(-60), tenant: a, by: 'namespace', limit: 1 })
    expect(rows).toHaveLength(1)
    expect(groups).toBe(2)
  })

  it('R12: stretches without a look-up are absent from a series', async () => {
    const series = await lookupSeries(db, { ...hour, namespace: answers, stepSeconds: 300 })
    const first = start / 300_000
    expect(series).toEqual([
      { bucket: first, hits: 9, misses: 3 },
      { bucket: first + 11, hits: 0, misses: 5 },
    ])
    const byTenant = await lookupSeriesBy(db, {
      ...hour,
      namespace: answers,
      by: 'tenant',
      among: [a, b],
      stepSeconds: 300,
    })
    expect(byTenant).toEqual([
      { key: a, bucket: first, hits: 5, misses: 3 },
      { key: a, bucket: first + 11, hits: 0, misses: 5 },
      { key: b, bucket: first, hits: 4, misses: 0 },
    ])
  })
})
