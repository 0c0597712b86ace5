import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { deleteEventsOfMonth, dropMonth, isSettled } from '@/db/postgres/queries/usage-retention'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { ensureTenants } from '@/server/services/tenants/ensure-tenants'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { sumUpUsage } from '@/server/worker/jobs/sum-up-usage'
import { differencesIn } from './checks/check-usage'
import { ingestUsage } from './ingest-usage'
import { addOverride } from './prices/add-override'
import { applyCorrection } from './prices/apply-correction'
import { previewCorrection } from './prices/preview-correction'
import { refreshPrices } from './prices/price-book'
import { AddOverride, PreviewCorrection } from './prices/prices.schema'
import { readCorrection } from './prices/read-correction'
import { runCorrections } from './prices/run-corrections'
import { summariseUsage } from './summarise-usage'
import { groupings } from './usage.schema'

const stores = connectStores('worker')
const raw = rawSql(process.env.DATABASE_URL ?? '')
const caller: Caller = { ...stores, actor: system }
afterAll(() => Promise.all([stores.close(), raw.end()]))

const key = { id: null, tenants: null, simulated: false }
/** Months that no other test writes to: one to drop for each run, and one that stays. */
const TO_DROP = Array.from({ length: 9 }, (_, n) => Date.UTC(2023, 1 + n))
const KEPT = Date.UTC(2024, 5)
const MONTH_MS = 28 * 24 * 3_600_000
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York']
const house = { provider: 'house', model: 'house-model' }

const call = fc.record({
  model: fc.constantFrom('house-model', 'nobody-knows-its-price'),
  user: fc.option(fc.constantFrom('ann', 'bob'), { nil: undefined }),
  inputTokens: fc.integer({ min: 0, max: 100_000 }),
  outputTokens: fc.integer({ min: 0, max: 10_000 }),
  cached: fc.boolean(),
  status: fc.constantFrom('ok', 'error', 'refused'),
  /** Late rows come by themselves: the order of arrival has nothing to do with this. */
  old: fc.boolean(),
  offset: fc.integer({ min: 0, max: MONTH_MS - 1 }),
})
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ingest' as const),
      calls: fc.array(call, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('repeat' as const), nth: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fold' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sum up' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('price' as const), cents: fc.integer({ min: 1, max: 9_999 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('re-price' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
type Event = { id: string; tenant: string; provider: string; occurredAt: string } & Omit<
  Arbitrary<typeof call>,
  'old' | 'offset'
>
type Arbitrary<A> = A extends fc.Arbitrary<infer T> ? T : never
/** What an accountant would have in the books: every call with what it costs; null is unpriced. */
type Entry = { event: Event; cost: Decimal | null; old: boolean }

/** Dollars per million input tokens; output costs three. */
const costApart = ({ cached, model, inputTokens, outputTokens }: Event, rate: string | null): Decimal | null => {
  if (cached) return new Decimal(0)
  if (model !== house.model || rate === null) return null
  return new Decimal(rate).times(inputTokens).plus(new Decimal(3).times(outputTokens)).div(1_000_000)
}

class Books {
  readonly tenant = `money-${randomUUID().slice(0, 18)}`
  readonly entries = new Map<string, Entry>()
  private readonly batches: Event[][] = []
  private rate: string | null = null
  private override: number | null = null
  dropped = false

  constructor(private readonly oldMonth: number) {}

  async play(one: Step): Promise<void> {
    switch (one.kind) {
      case 'ingest':
        return this.ingest(
          one.calls.map(({ old, offset, ...rest }) => ({
            ...rest,
            id: randomUUID(),
            tenant: this.tenant,
            provider: house.provider,
            occurredAt: new Date((old ? this.oldMonth : KEPT) + offset).toISOString(),
          })),
        )
      case 'repeat': {
        const again = this.batches[one.nth % Math.max(1, this.batches.length)]
        return again && this.ingest(again)
      }
      case 'fold':
        return void (await foldUsage(stores))
      case 'sum up':
        return void (await sumUpUsage(stores))
      case 'price':
        return this.price((one.cents / 100).toFixed(2))
      case 're-price':
        return this.rePrice()
      case 'drop':
        return this.drop()
    }
  }

  private async ingest(events: Event[]): Promise<void> {
    this.batches.push(events)
    const isOld = ({ occurredAt }: Event) => Date.parse(occurredAt) < this.oldMonth + MONTH_MS
    const news = events.filter((event) => !this.entries.has(event.id) && !(this.dropped && isOld(event)))
    for (const event of news)
      this.entries.set(event.id, { event, cost: costApart(event, this.rate), old: isOld(event) })
    const { reply } = await ingestUsage(stores, { key, events })
    expect(reply.accepted).toBe(news.length)
    expect(reply.rejected).toHaveLength(this.dropped ? events.filter(isOld).length : 0)
  }

  private async price(input: string): Promise<void> {
    const from = new Date(TO_DROP[0] ?? KEPT).toISOString()
    const rates = { input, output: '3' }
    const added = await addOverride(
      caller,
      AddOverride.parse({ tenant: this.tenant, ...house, rates, from, supersedes: this.override }),
    )
    // A gateway reads the price book again every second.
    await refreshPrices(stores.db)
    this.override = added.id
    this.rate = input
  }

  /** A preview waits until the price book stood still for three seconds; another test may move it meanwhile. */
  private async rePrice(): Promise<void> {
    const range = { from: new Date(TO_DROP[0] ?? KEPT).toISOString(), to: new Date(KEPT + MONTH_MS).toISOString() }
    for (;;) {
      const { id } = await previewCorrection(
        caller,
        PreviewCorrection.parse({ ...range, tenants: [this.tenant], reason: 'Test' }),
      )
      await rested(id)
      const applied = await applyCorrection(caller, { id }).catch((error: unknown) => {
        if (!String(error).includes('changed since')) throw error
        return null
      })
      if (!applied) continue
      await rested(id)
      break
    }
    for (const entry of this.entries.values())
      if (!(this.dropped && entry.old)) entry.cost = costApart(entry.event, this.rate)
  }

  /** What was dropped keeps its sums, at what it cost then. */
  private async drop(): Promise<void> {
    const month = this.oldMonth
    const until = new Date(month)
    until.setUTCMonth(until.getUTCMonth() + 1)
    // Closed from the start: another test would call off what is only announced.
    await raw`
      insert into usage_months (month, until, due_at, dropped_at) values (${new Date(month)}, ${until}, now(), now())
      on conflict do nothing`
    if (!(await isSettled(stores.db, { month })))
      await expect(stores.db.transaction((tx) => dropMonth(tx, { month }))).rejects.toThrow('before it was dropped')
    while (!(await isSettled(stores.db, { month }))) {
      await foldUsage(stores)
      await sumUpUsage(stores)
    }
    await stores.db.transaction((tx) => dropMonth(tx, { month }))
    while ((await deleteEventsOfMonth(stores.db, { month, until: until.getTime(), limit: 5 })) > 0);
    this.dropped = true
  }

  /** The whole, from the books alone. */
  whole(month: 'old' | 'kept') {
    const entries = [...this.entries.values()].filter(({ old }) => old === (month === 'old'))
    return {
      requests: entries.length,
      inputTokens: entries.reduce((sum, { event }) => sum + event.inputTokens, 0),
      outputTokens: entries.reduce((sum, { event }) => sum + event.outputTokens, 0),
      costUsd: entries.reduce((sum, { cost }) => sum.plus(cost ?? 0), new Decimal(0)).toFixed(12),
      unpriced: entries.filter(({ cost }) => cost === null).length,
    }
  }
}

async function rested(id: string): Promise<void> {
  for (;;) {
    await runCorrections(stores, { sliceSize: 5, runMs: 200 })
    const { state } = await readCorrection(stores, { id })
    if (state === 'previewed' || state === 'applied') return
    await sleep(50)
  }
}

type Part = ReturnType<Books['whole']>
const sumOf = (parts: Part[]): Part => ({
  requests: parts.reduce((sum, part) => sum + part.requests, 0),
  inputTokens: parts.reduce((sum, part) => sum + part.inputTokens, 0),
  outputTokens: parts.reduce((sum, part) => sum + part.outputTokens, 0),
  costUsd: parts.reduce((sum, part) => sum.plus(part.costUsd), new Decimal(0)).toFixed(12),
  unpriced: parts.reduce((sum, part) => sum + part.unpriced, 0),
})

/** As if the run had never been: its month can be dropped again another time. */
async function forget({ tenant }: Books, month: number): Promise<void> {
  await eraseTenant(caller, { slug: tenant })
  await raw`delete from usage_months where month = ${new Date(month)}`
}

describe('R6, R7: the books', () => {
  it('balance to the last digit, whatever the order of reports, repeats, late rows, folds, prices, corrections and dropped months', async () => {
    const months = [...TO_DROP]
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const oldMonth = months.pop() ?? KEPT
        const books = new Books(oldMonth)
        await ensureTenants(stores, { slugs: new Set([books.tenant]), simulated: false })
        for (const one of steps) await books.play(one)

        const starts = { old: oldMonth, kept: KEPT }
        for (const which of ['old', 'kept'] as const)
          for (const timezone of ZONES)
            for (const groupBy of groupings) {
              const range = { from: new Date(starts[which]), to: new Date(starts[which] + MONTH_MS) }
              const { totals, groups } = await summariseUsage(stores, {
                tenant: books.tenant,
                ...range,
                groupBy,
                timezone,
              })
              expect(sumOf([totals])).toEqual(books.whole(which))
              expect(sumOf(groups)).toEqual(books.whole(which))
            }
        const kept = { from: new Date(KEPT), to: new Date(KEPT + MONTH_MS) }
        expect(await differencesIn(stores, kept)).toEqual([])
        if (!books.dropped)
          expect(await differencesIn(stores, { from: new Date(oldMonth), to: new Date(oldMonth + MONTH_MS) })).toEqual(
            [],
          )
        await forget(books, oldMonth)
      }),
      // Each run uses up a month, so there are none for making a failure smaller.
      { numRuns: TO_DROP.length, endOnFailure: true },
    )
  }, 300_000)
})
