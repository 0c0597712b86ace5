import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from './ingest-usage'
import { requestsCsv } from './requests-csv'
import { requestOfUsage } from './usage-request'
import { requestsOfUsage } from './usage-requests'
import { requestOrders, type UsageRequestsInput, usageScope } from './usage.schema'

const stores = connectStores('gateway')
afterAll(() => stores.close())

const tenant = `calls-${randomUUID().slice(0, 18)}`
const scope = usageScope.parse({
  ...{ tenant, range: null, from: '2026-02-03T00:00:00Z', to: '2026-02-04T00:00:00Z', timezone: 'UTC' },
  ...{ provider: null, model: null, user: null, prompt: null, status: null },
})
const events = Array.from({ length: 61 }, (_, n) => ({
  // Many calls share an instant, a cost and a latency; the order must still be one.
  id: `call ${n} /${n % 7}`,
  tenant,
  user: n === 5 ? '=1+1' : `u${n % 3}`,
  provider: 'openai',
  model: n % 5 === 0 ? 'no-such-model' : 'gpt-4o',
  inputTokens: 100 * (n % 4) + 100,
  cachedInputTokens: 10,
  outputTokens: 7,
  ...(n % 6 === 0 ? {} : { latencyMs: 100 + (n % 9) }),
  status: n % 10 === 0 ? 'timeout' : 'ok',
  conversation: 'talk',
  prompt: { name: 'reply', version: 3 },
  occurredAt: new Date(Date.UTC(2026, 1, 3, 10) + (n % 8) * 1_000).toISOString(),
}))

beforeAll(async () => {
  const { reply } = await ingestUsage(stores, { key: { id: null, tenants: null, simulated: false }, events })
  expect(reply.accepted).toBe(events.length)
})

async function everyPage(input: Omit<UsageRequestsInput, 'cursor'>) {
  const calls = []
  let cursor: UsageRequestsInput['cursor'] = null
  do {
    const page = await requestsOfUsage(stores, { ...input, cursor }, { limit: 7 })
    calls.push(...page.calls)
    cursor = page.next
  } while (cursor)
  return calls
}

describe('the list of requests', () => {
  const ways = requestOrders.flatMap((order) => [true, false].map((descending) => ({ order, descending })))
  it.each(ways)('pages through every call once, by $order, descending: $descending', async ({ order, descending }) => {
    const calls = await everyPage({ ...scope, order, descending })
    expect(new Set(calls.map(({ id }) => id)).size).toBe(events.length)
    expect(calls).toHaveLength(events.length)
    const values = calls.map((call) =>
      order === 'time' ? Date.parse(call.occurredAt) : order === 'cost' ? call.costUsd : call.latencyMs,
    )
    const known = values.flatMap((value) => (value === null ? [] : [Number(value)]))
    expect(known).toEqual([...known].sort((a, b) => (descending ? b - a : a - b)))
    // What is not known comes last either way.
    expect(values.slice(known.length).every((value) => value === null)).toBe(true)
  })

  it('keeps to the filters, and counts the whole with the first page', async () => {
    const page = await requestsOfUsage(stores, {
      ...{ ...scope, status: 'timeout', order: 'time', descending: true, cursor: null },
    })
    expect(page.total).toBe(7)
    expect(page.calls.map(({ status }) => status)).toEqual(Array<string>(7).fill('timeout'))
  })

  it('becomes a CSV with every call, and no cell that a spreadsheet would run as a formula', async () => {
    const { name, total, rows } = await requestsCsv(stores, { ...scope, order: 'time', descending: true })
    expect({ name, total }).toEqual({ name: 'requests-2026-02-03-to-2026-02-04.csv', total: events.length })
    const lines = (await text(rows))
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n')
    expect(lines[0]).toMatch(/^occurred_at,tenant,event_id,user,/)
    expect(lines).toHaveLength(events.length + 1)
    expect(lines.find((line) => line.includes('call 5 /5'))).toContain("'=1+1")
  })
})

describe('the story of one request', () => {
  it('R7: adds its cost up to the last digit, and says what was reported', async () => {
    const story = await requestOfUsage(stores, { tenant, id: 'call 1 /1' })
    expect(story).toMatchObject({
      ...{ user: 'u1', model: 'gpt-4o', inputTokens: 200, cachedInputTokens: 10, latencyMs: 101, conversation: 'talk' },
      prompt: { key: 'reply@3', known: false },
      price: { provider: 'openai', model: 'gpt-4o', source: 'genai-prices' },
      cost: { kind: 'parts', adds: true, totalUsd: '0.000557500000' },
    })
    expect(Number(story.costUsd)).toBe(0.0005575)
  })

  it('says why a call has no price, and which id is unknown', async () => {
    const { costUsd, cost } = await requestOfUsage(stores, { tenant, id: 'call 5 /5' })
    expect({ costUsd, cost }).toMatchObject({ costUsd: null, cost: { kind: 'unpriced' } })
    expect('why' in cost && cost.why).toContain('no-such-model')
    await expect(requestOfUsage(stores, { tenant, id: 'nobody' })).rejects.toMatchObject({
      ...{ code: 'not_found', field: 'id' },
    })
  })
})
