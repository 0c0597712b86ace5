import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { LATENCY_ERROR } from '@/db/postgres/queries/latency-bins'
import { latencyByTime } from '@/db/postgres/queries/usage-latency'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { sumUpUsage } from '@/server/worker/jobs/sum-up-usage'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from './ingest-usage'

const stores = connectStores('gateway')
afterAll(() => stores.close())

const start = Date.parse('2025-03-01T00:00:00Z')
const HOUR_MS = 3_600_000
const SPAN_MS = 30 * HOUR_MS
const key = { id: null, tenants: null, simulated: false }
type Call = { latencyMs: number; offset: number; cached: boolean }

async function report(tenant: string, calls: Call[]) {
  const events = calls.map(({ latencyMs, offset, cached }) => ({
    id: randomUUID(),
    tenant,
    provider: 'openai',
    model: 'gpt-4o',
    inputTokens: 1,
    outputTokens: 1,
    occurredAt: new Date(start + offset).toISOString(),
    ...{ latencyMs, cached },
  }))
  if (events.length > 0) await ingestUsage(stores, { key, events })
}

/** The value of that rank, computed apart. */
function rank(values: number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(p * sorted.length) - 1] ?? null
}
const close = (is: number | null, should: number | null) => {
  if (is === null || should === null) return is === should
  // Whole milliseconds are shown: half of one comes on top.
  return Math.abs(is - should) <= should * LATENCY_ERROR + 0.5
}

const call = fc.record({
  latencyMs: fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 120_000 }),
    fc.integer({ min: 0, max: 2_147_483_647 }),
  ),
  offset: fc.integer({ min: 0, max: SPAN_MS - 1 }),
  cached: fc.boolean(),
})
const step = fc.oneof(fc.array(call, { maxLength: 30 }), fc.constant('fold' as const), fc.constant('sum up' as const))

const mean = (all: number[]) => (all.length === 0 ? null : all.reduce((sum, one) => sum + one, 0) / all.length)

describe('quantiles of latency from hourly bins', () => {
  it('are within two percent of the rank, and count every call once, whatever was folded and summed up when', async () => {
    const range = fc.tuple(fc.integer({ min: 0, max: SPAN_MS / 2 }), fc.integer({ min: 7 * HOUR_MS, max: SPAN_MS }))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), range, async (steps, [offset, length]) => {
        const tenant = `bins-${randomUUID().slice(0, 18)}`
        const calls: Call[] = []
        for (const one of steps) {
          if (one === 'fold') await foldUsage(stores)
          else if (one === 'sum up') await sumUpUsage(stores)
          else {
            await report(tenant, one)
            calls.push(...one)
          }
        }
        const [from, to] = [start + offset, start + offset + length]
        // A bucket that begins within an hour, too.
        const edges = [from, start + 10 * HOUR_MS, start + 20.5 * HOUR_MS].filter((at) => at >= from && at < to)
        const found = await latencyByTime(
          stores.db,
          { tenant, from: new Date(from), to: new Date(to) },
          edges.map((at) => new Date(at)),
        )
        expect(found.exact).toBe(false)
        const between = (least: number, most: number) =>
          calls.flatMap((one) =>
            !one.cached && start + one.offset >= least && start + one.offset < most ? [one.latencyMs] : [],
          )
        const parts = edges.map((at, index) => ({
          is: found.buckets.get(index),
          should: between(at, edges[index + 1] ?? to),
        }))
        for (const { is, should } of [{ is: found.whole, should: between(from, to) }, ...parts]) {
          expect(is?.calls ?? 0).toBe(should.length)
          expect(close(is?.p50 ?? null, rank(should, 0.5))).toBe(true)
          expect(close(is?.p95 ?? null, rank(should, 0.95))).toBe(true)
          expect(close(is?.p99 ?? null, rank(should, 0.99))).toBe(true)
          expect(close(is?.mean ?? null, mean(should))).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('are exact up to six hours', async () => {
    const tenant = `exact-${randomUUID().slice(0, 18)}`
    await report(
      tenant,
      [10, 20, 30, 777].map((latencyMs, n) => ({ latencyMs, offset: n * 1_000, cached: false })),
    )
    const { exact, whole } = await latencyByTime(
      stores.db,
      { tenant, from: new Date(start), to: new Date(start + 6 * HOUR_MS) },
      [new Date(start)],
    )
    expect({ exact, ...whole }).toMatchObject({ exact: true, calls: 4, mean: 209.25, p50: 20, p99: 777 })
  })
})
