import { randomUUID } from 'node:crypto'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { usageBy } from '@/db/postgres/queries/usage'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { sumUpUsage } from '@/server/worker/jobs/sum-up-usage'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from './ingest-usage'
import { summariseUsage } from './summarise-usage'
import { breakdownOfUsage } from './usage-breakdown'
import { seriesOfUsage } from './usage-series'
import { totalsOfUsage } from './usage-totals'
import { breakdowns, groupings, usageScope, usageSteps, UsageSummaryQuery } from './usage.schema'

const stores = connectStores('gateway')
afterAll(() => stores.close())

const zones = ['UTC', 'Asia/Kolkata', 'America/New_York']
/** Around the night in which New York's clocks went back, so that a day has 25 hours. */
const start = Date.parse('2025-11-01T00:00:00Z')
const SPAN_MS = 3 * 24 * 3_600_000

/** Two models priced in floats that cannot hold them, one without a price. */
const models = { 'gpt-4o-mini': ['0.15', '0.6'], 'gpt-4o': ['2.5', '10'], 'no-such-model': null } as const
const modelNames = Object.keys(models) as (keyof typeof models)[]

const call = fc.record({
  model: fc.constantFrom(...modelNames),
  user: fc.option(fc.constantFrom('ann', 'bob'), { nil: undefined }),
  prompt: fc.option(fc.record({ name: fc.constantFrom('a', 'b/c'), version: fc.integer({ min: 1, max: 3 }) }), {
    nil: undefined,
  }),
  inputTokens: fc.integer({ min: 0, max: 100_000 }),
  outputTokens: fc.integer({ min: 0, max: 10_000 }),
  cached: fc.boolean(),
  status: fc.constantFrom('ok', 'error', 'timeout', 'refused'),
  /** Late rows come by themselves: the order of arrival has nothing to do with this. */
  offset: fc.integer({ min: 0, max: SPAN_MS - 1 }),
})
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('ingest' as const), calls: fc.array(call, { maxLength: 8 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), nth: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fold' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sum up' as const) }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
type Event = {
  cached: boolean
  model: keyof typeof models
  inputTokens: number
  outputTokens: number
  occurredAt: string
}

function costApart(event: Event): Decimal | null {
  if (event.cached) return new Decimal(0)
  const rates = models[event.model]
  return (
    rates &&
    new Decimal(rates[0]).times(event.inputTokens).plus(new Decimal(rates[1]).times(event.outputTokens)).div(1e6)
  )
}

/** The whole, computed apart from what was sent. */
const wholeOf = (events: Event[]) => ({
  requests: events.length,
  inputTokens: events.reduce((sum, event) => sum + event.inputTokens, 0),
  outputTokens: events.reduce((sum, event) => sum + event.outputTokens, 0),
  costUsd: events.reduce((sum, event) => sum.plus(costApart(event) ?? 0), new Decimal(0)).toFixed(12),
  unpriced: events.filter((event) => costApart(event) === null).length,
})

type Part = { requests: number; inputTokens: number; outputTokens: number; costUsd: string; unpriced: number }
const sumOf = (parts: Part[]) => ({
  requests: parts.reduce((sum, part) => sum + part.requests, 0),
  inputTokens: parts.reduce((sum, part) => sum + part.inputTokens, 0),
  outputTokens: parts.reduce((sum, part) => sum + part.outputTokens, 0),
  costUsd: parts.reduce((sum, part) => sum.plus(part.costUsd), new Decimal(0)).toFixed(12),
  unpriced: parts.reduce((sum, part) => sum + part.unpriced, 0),
})

const scopeOf = (range: { tenant: string; from: string; to: string }, timezone = 'UTC') =>
  usageScope.parse({
    ...range,
    range: null,
    timezone,
    provider: null,
    model: null,
    user: null,
    prompt: null,
    status: null,
  })

async function play(tenant: string, steps: Step[]): Promise<Event[]> {
  const batches: (Event & { id: string })[][] = []
  for (const one of steps) {
    if (one.kind === 'fold') await foldUsage(stores)
    if (one.kind === 'sum up') await sumUpUsage(stores)
    const repeated = one.kind === 'repeat' ? batches[one.nth % Math.max(1, batches.length)] : undefined
    if (repeated?.length) await ingestUsage(stores, { key, events: repeated })
    if (one.kind !== 'ingest' || one.calls.length === 0) continue
    const events = one.calls.map(({ offset, ...event }) => ({
      ...event,
      id: randomUUID(),
      tenant,
      provider: 'openai',
      occurredAt: new Date(start + offset).toISOString(),
    }))
    batches.push(events)
    const { reply } = await ingestUsage(stores, { key, events })
    expect(reply.accepted).toBe(events.length)
  }
  return batches.flat()
}
const key = { id: null, tenants: null, simulated: false }

describe('R7: parts add up to the whole, and rollups equal the calls', () => {
  it('whatever the order of batches, repeats, late rows and folds, in any zone and any range', async () => {
    const range = fc.tuple(fc.integer({ min: 0, max: SPAN_MS }), fc.integer({ min: 1, max: SPAN_MS }))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), range, async (steps, [offset, length]) => {
        const tenant = `parts-${randomUUID().slice(0, 18)}`
        const events = await play(tenant, steps)
        const [from, to] = [new Date(start + offset), new Date(start + offset + length)]
        const inside = events.filter(
          ({ occurredAt }) => occurredAt >= from.toISOString() && occurredAt < to.toISOString(),
        )
        const whole = wholeOf(inside)
        const ask = { tenant, from: from.toISOString(), to: to.toISOString() }

        for (const timezone of zones)
          for (const groupBy of groupings) {
            const { totals, groups } = await summariseUsage(
              stores,
              UsageSummaryQuery.parse({ ...ask, groupBy, timezone }),
            )
            expect(sumOf([totals])).toEqual(whole)
            expect(sumOf(groups)).toEqual(whole)
          }
        const view = scopeOf(ask, 'Asia/Kolkata')
        for (const by of breakdowns) {
          const { totals, groups } = await breakdownOfUsage(stores, { ...view, by })
          expect(sumOf([totals])).toEqual(whole)
          expect(sumOf(groups)).toEqual(whole)
        }
        for (const step of [null, ...usageSteps])
          for (const timezone of zones) {
            const { buckets } = await seriesOfUsage(stores, { ...view, timezone, step })
            expect(sumOf(buckets.flatMap(({ figures }) => figures ?? []))).toEqual(whole)
          }
      }),
      { numRuns: 30 },
    )
  }, 120_000)
})

describe('filters', () => {
  it('lead from a part to exactly that part, through every other dimension', async () => {
    const tenant = `deeper-${randomUUID().slice(0, 18)}`
    const events = await play(tenant, [
      { kind: 'ingest', calls: fc.sample(call, { numRuns: 60, seed: 7 }) },
      { kind: 'fold' },
      { kind: 'ingest', calls: fc.sample(call, { numRuns: 40, seed: 8 }) },
    ])
    const view = scopeOf({
      tenant,
      from: new Date(start).toISOString(),
      to: new Date(start + SPAN_MS).toISOString(),
    })
    expect(events).toHaveLength(100)
    for (const by of ['model', 'user', 'prompt', 'provider', 'status'] as const)
      for (const part of (await breakdownOfUsage(stores, { ...view, by })).groups) {
        const deeper = { ...view, [by]: part.key ?? '' }
        expect(sumOf([(await totalsOfUsage(stores, deeper)).during])).toEqual(sumOf([part]))
        for (const next of breakdowns)
          expect(sumOf((await breakdownOfUsage(stores, { ...deeper, by: next })).groups)).toEqual(sumOf([part]))
      }
  })

  it('lists the dearest first and says how many there are beyond the limit', async () => {
    const tenant = `limit-${randomUUID().slice(0, 18)}`
    await play(tenant, [{ kind: 'ingest', calls: fc.sample(call, { numRuns: 50, seed: 9 }) }])
    const range = { tenant, from: new Date(start), to: new Date(start + SPAN_MS) }
    const all = await usageBy(stores.db, range, 'prompt', 100)
    const some = await usageBy(stores.db, range, 'prompt', 2)
    expect(some.groups).toEqual(all.groups.slice(0, 2))
    expect(some.groupCount).toBe(all.groups.length)
    const costs = all.groups.map((group) => Number(group.costUsd))
    expect(costs).toEqual([...costs].sort((a, b) => b - a))
  })
})
