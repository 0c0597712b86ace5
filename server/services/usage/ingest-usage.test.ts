import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from './ingest-usage'
import { summariseUsage } from './summarise-usage'
import { UsageSummaryQuery } from './usage.schema'

const stores = connectStores('gateway')
const elsewhere = connectStores('gateway')
afterAll(() => Promise.all([stores.close(), elsewhere.close()]))

const anyTenant = { id: null, tenants: null, simulated: false }
const newTenant = () => `ingest-${randomUUID().slice(0, 18)}`
const at = '2026-02-03T10:20:30.000Z'
const eventOf = (tenant: string, more: Record<string, unknown> = {}) => ({
  id: randomUUID(),
  tenant,
  provider: 'openai',
  model: 'gpt-4o-mini',
  inputTokens: 1_000,
  outputTokens: 100,
  occurredAt: at,
  ...more,
})
const ingest = async (events: unknown[], key = anyTenant, into = stores) =>
  (await ingestUsage(into, { key, events })).reply
const totalsOf = async (tenant: string) =>
  (await summariseUsage(stores, UsageSummaryQuery.parse({ tenant, from: '2020-01-01T00:00:00Z' }))).totals

describe('R6: usage acknowledged is usage committed, once', () => {
  it('counts an event sent again as a duplicate, in the same batch and in a later one', async () => {
    const tenant = newTenant()
    const event = eventOf(tenant)
    expect(await ingest([event, event])).toEqual({ accepted: 1, duplicates: 1, rejected: [] })
    expect(await ingest([event, { ...event, occurredAt: '2026-02-03T11:20:30+01:00' }])).toEqual({
      accepted: 0,
      duplicates: 2,
      rejected: [],
    })
    expect((await totalsOf(tenant)).requests).toBe(1)
  })

  it('rejects the same id with another payload as a conflict, and changes nothing', async () => {
    const tenant = newTenant()
    const event = eventOf(tenant)
    await ingest([event])
    const other = { ...event, outputTokens: 101 }
    expect(await ingest([eventOf(tenant), other, event])).toEqual({
      accepted: 1,
      duplicates: 1,
      rejected: [{ index: 1, code: 'conflict', field: 'id', message: expect.stringContaining('another payload') }],
    })
    expect((await totalsOf(tenant)).outputTokens).toBe(200)
  })

  it('lets the first of two payloads under one id in one batch win', async () => {
    const event = eventOf(newTenant())
    const reply = await ingest([event, { ...event, model: 'gpt-4o' }, event])
    expect(reply).toMatchObject({ accepted: 1, duplicates: 1, rejected: [{ index: 1, code: 'conflict' }] })
  })

  it('keeps ids apart between tenants', async () => {
    const event = eventOf(newTenant())
    expect(await ingest([event, { ...event, tenant: newTenant() }])).toMatchObject({ accepted: 2 })
  })

  it('stays exact when gateways race with the same ids in different orders', async () => {
    const tenant = newTenant()
    const events = Array.from({ length: 300 }, (_, n) => eventOf(tenant, { inputTokens: n }))
    const changed = events.map((event) => ({ ...event, outputTokens: 7 }))
    const replies = await Promise.all([
      ingest(events),
      ingest([...events].reverse(), anyTenant, elsewhere),
      ingest(changed, anyTenant, elsewhere),
      ingest([...events.slice(150), ...events.slice(0, 150)]),
    ])
    const total = (count: (reply: (typeof replies)[number]) => number) =>
      replies.reduce((sum, reply) => sum + count(reply), 0)
    expect(total((reply) => reply.accepted)).toBe(300)
    expect(total((reply) => reply.accepted + reply.duplicates + reply.rejected.length)).toBe(1_200)
    expect(replies.every((reply) => reply.rejected.every(({ code }) => code === 'conflict'))).toBe(true)
    expect(await totalsOf(tenant)).toMatchObject({ requests: 300, inputTokens: (299 * 300) / 2 })
  })

  it('makes months on demand, also when several processes need the same ones at once', async () => {
    const fresh = connectStores('gateway')
    const months = Array.from({ length: 12 }, (_, n) => new Date(Date.UTC(2021, n, 28)).toISOString())
    const tenant = newTenant()
    const batch = () => months.map((occurredAt) => eventOf(tenant, { occurredAt }))
    const replies = await Promise.all([ingest(batch()), ingest(batch(), anyTenant, fresh)])
    await fresh.close()
    expect(replies.map((reply) => reply.accepted)).toEqual([12, 12])
    expect((await totalsOf(tenant)).requests).toBe(24)
  })
})

describe('R7: what an event costs', () => {
  it('costs nothing from the application cache, is unpriced without a price, and never mixes the two up', async () => {
    const tenant = newTenant()
    await ingest([
      eventOf(tenant, { cached: true }),
      eventOf(tenant, { model: 'no-such-model' }),
      eventOf(tenant, { cached: true, model: 'no-such-model' }),
      eventOf(tenant),
    ])
    expect(await totalsOf(tenant)).toMatchObject({ requests: 4, unpriced: 1, costUsd: '0.00021' })
  })
})

describe('R13: a bad event is rejected by index with its field; the others are accepted', () => {
  const surrogate = String.fromCharCode(0xd800)
  it.each<[string, Record<string, unknown>, string]>([
    ['negative tokens', { inputTokens: -1 }, 'inputTokens'],
    ['fractional tokens', { outputTokens: 1.5 }, 'outputTokens'],
    ['tokens beyond an integer', { inputTokens: 2_147_483_648 }, 'inputTokens'],
    ['infinite tokens', { inputTokens: Number.POSITIVE_INFINITY }, 'inputTokens'],
    ['tokens as text', { inputTokens: '12' }, 'inputTokens'],
    ['more cached than input', { cachedInputTokens: 800, cacheWriteTokens: 201 }, 'cachedInputTokens'],
    ['year 20000', { occurredAt: '20000-01-01T00:00:00Z' }, 'occurredAt'],
    ['before 2020', { occurredAt: '2019-12-31T23:59:59.999Z' }, 'occurredAt'],
    ['more than a day ahead', { occurredAt: new Date(Date.now() + 25 * 3_600_000).toISOString() }, 'occurredAt'],
    ['no offset', { occurredAt: '2026-01-01T00:00:00' }, 'occurredAt'],
    ['no such day', { occurredAt: '2026-02-30T00:00:00Z' }, 'occurredAt'],
    ['NUL', { user: `a${String.fromCharCode(0)}b` }, 'user'],
    ['a lone surrogate', { model: surrogate }, 'model'],
    ['an unknown field', { tokens: 3 }, 'tokens'],
    ['an unknown field of the prompt', { prompt: { name: 'a', version: 1, channel: 'x' } }, 'prompt.channel'],
    ['version 0', { prompt: { name: 'a', version: 0 } }, 'prompt.version'],
    ['a tenant that is no slug', { tenant: 'Acme Corp' }, 'tenant'],
    ['no provider', { provider: undefined }, 'provider'],
    ['an unknown status', { status: 'fine' }, 'status'],
    ['an id too long', { id: 'x'.repeat(201) }, 'id'],
    ['a prototype', JSON.parse('{"__proto__": {"x": 1}}') as Record<string, unknown>, '__proto__'],
  ])('%s', async (_, wrong, field) => {
    const tenant = newTenant()
    const bad = Object.defineProperties(eventOf(tenant), Object.getOwnPropertyDescriptors(wrong))
    const reply = await ingest([eventOf(tenant), bad, eventOf(tenant)])
    expect(reply).toMatchObject({ accepted: 2, duplicates: 0, rejected: [{ index: 1, code: 'bad_request', field }] })
    expect((await totalsOf(tenant)).requests).toBe(2)
  })

  it.each([null, 'text', 7, []])('%j instead of an event', async (value) => {
    expect(await ingest([eventOf(newTenant()), value])).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, code: 'bad_request' }],
    })
  })

  it('takes text that needs escaping as it is', async () => {
    const tenant = newTenant()
    const user = `"quoted" \\ {a,b} \n NULL é 🎈`
    await ingest([eventOf(tenant, { user }), eventOf(tenant, { user: 'NULL' })])
    const { groups } = await summariseUsage(
      stores,
      UsageSummaryQuery.parse({ tenant, groupBy: 'user', from: '2020-01-01T00:00:00Z' }),
    )
    expect(groups.map((group) => group.key).sort()).toEqual([user, 'NULL'].sort())
  })

  it('rejects tenants that the key may not act for, one by one', async () => {
    const [mine, other] = [newTenant(), newTenant()]
    const reply = await ingest([eventOf(mine), eventOf(other)], { ...anyTenant, tenants: [mine] } as never)
    expect(reply).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: 'forbidden', field: 'tenant' }] })
  })

  it('refuses more than 1,000 events as a whole', async () => {
    const tenant = newTenant()
    const events = Array.from({ length: 1_001 }, () => eventOf(tenant))
    await expect(ingest(events)).rejects.toMatchObject({ code: 'too_large', field: 'events' })
    expect((await totalsOf(tenant)).requests).toBe(0)
  })
})

describe('R7: folding moves figures and changes none', () => {
  it('is exact with several workers at once, while others read and write', async () => {
    const tenant = newTenant()
    const batches = Array.from({ length: 12 }, (_, n) =>
      Array.from({ length: 50 }, (_, m) => eventOf(tenant, { inputTokens: n * 50 + m, user: `u${m % 7}` })),
    )
    let written = 0
    const seen: number[] = []
    const writer = async () => {
      for (const batch of batches) {
        await ingest(batch)
        written += 50
      }
    }
    const reader = async () => {
      while (written < 600) {
        const before = written
        const { requests } = await totalsOf(tenant)
        expect(requests).toBeGreaterThanOrEqual(before)
        expect(requests % 50).toBe(0)
        seen.push(requests)
      }
    }
    const worker = async (own: typeof stores) => {
      while (written < 600) await foldUsage(own)
    }
    await Promise.all([writer(), reader(), worker(stores), worker(elsewhere)])
    await foldUsage(stores)
    expect(await totalsOf(tenant)).toMatchObject({ requests: 600, inputTokens: (599 * 600) / 2 })
    expect(seen.length).toBeGreaterThan(0)
  })
})
