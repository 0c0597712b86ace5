import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEngram, type Engram, type Hooks, type UsageEvent } from '@/sdk/src/engram'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { rawSql } from '@/scripts/faults/raw-sql'
import { newTenant, testGateway } from '@/server/gateway/test-gateway'
import { errorBody, standInGateway } from './stand-in-gateway'

let engram: Engram
const call = (more: Partial<UsageEvent> = {}): UsageEvent => ({
  ...{ tenant: 'acme', provider: 'openai', model: 'gpt-4o-mini', inputTokens: 10, outputTokens: 2 },
  ...more,
})
afterEach(() => engram.close({ timeoutMs: 1 }))

describe('with a gateway whose every word the test decides', () => {
  let gateway: Awaited<ReturnType<typeof standInGateway>>
  beforeEach(async () => {
    gateway = await standInGateway()
  })
  afterEach(() => gateway.close())
  const start = (usage: object = {}) =>
    (engram = createEngram({ url: gateway.url, key: 'k', push: false, usage: { everyMs: 50, ...usage } }))
  const heard = <K extends keyof Hooks>(hook: K) => {
    const events: Hooks[K][] = []
    engram.on(hook, (event) => events.push(event))
    return events
  }

  it('sends a full batch at once and the rest after a while, in order', async () => {
    start({ batch: 3 })
    const ids = Array.from({ length: 8 }, () => engram.usage(call()))
    await expect.poll(() => gateway.batches.length).toBe(3)
    expect(gateway.batches.map((batch) => batch.length)).toEqual([3, 3, 2])
    expect(gateway.batches.flat().map(({ id }) => id)).toEqual(ids)
    expect(engram.usageCounts()).toMatchObject({ accepted: 8, waiting: 0 })
  })

  it('R6: repeats the same events under the same ids until they are acknowledged', async () => {
    start()
    let attempts = 0
    gateway.answers.usage = (events) =>
      ++attempts < 3
        ? { status: 503, body: errorBody('unavailable', 'Postgres does not answer') }
        : { body: { accepted: 0, duplicates: events.length, rejected: [] } }
    const event = call({ prompt: { name: 'a', version: 1 } })
    engram.usage(event)
    event.inputTokens = 99
    await expect.poll(() => attempts, { timeout: 3_000 }).toBe(3)
    await expect.poll(() => engram.usageCounts()).toMatchObject({ accepted: 0, duplicates: 1, waiting: 0 })
    expect(gateway.batches[1]).toEqual(gateway.batches[0])
    expect(gateway.batches[2]).toEqual(gateway.batches[0])
    expect(gateway.batches[0]).toMatchObject([{ inputTokens: 10, occurredAt: expect.any(String) }])
  })

  it('waits as long as Retry-After says, even when it is told to flush', async () => {
    start()
    const at: number[] = []
    gateway.answers.usage = (events) => {
      at.push(performance.now())
      if (at.length === 1) return { status: 429, headers: { 'retry-after': '1' } }
      return { body: { accepted: events.length, duplicates: 0, rejected: [] } }
    }
    engram.usage(call())
    expect(await engram.flush({ timeoutMs: 3_000 })).toBe(0)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(990)
  })

  it('refuses the oldest beyond its bound, and counts and tells each', async () => {
    start({ queue: 5, batch: 5, everyMs: 60_000 })
    gateway.answers.usage = () => 'never'
    const refused = heard('refused')
    const ids = Array.from({ length: 12 }, () => engram.usage(call()))
    expect(refused.map(({ event }) => event.id)).toEqual(ids.slice(5))
    expect(engram.usageCounts()).toMatchObject({ refused: 7, waiting: 5 })
  })

  it('tells what the gateway rejects, by the field that is wrong, and goes on with the rest', async () => {
    start()
    const rejected = heard('rejected')
    const row = { index: 1, code: 'bad_request', message: 'model: must not be empty', field: 'model' }
    gateway.answers.usage = () => ({ body: { accepted: 2, duplicates: 0, rejected: [row] } })
    for (const model of ['a', '', 'c']) engram.usage(call({ model }))
    expect(await engram.flush()).toBe(0)
    const { index: _, ...said } = row
    expect(rejected).toMatchObject([{ ...said, event: { model: '' } }])
    expect(engram.usageCounts()).toMatchObject({ accepted: 2, rejected: 1, waiting: 0 })
  })

  it('does not repeat what the gateway refuses as a whole', async () => {
    start()
    const rejected = heard('rejected')
    gateway.answers.usage = () => ({ status: 401, body: errorBody('unauthorized', 'This key is unknown.') })
    engram.usage(call())
    expect(await engram.flush()).toBe(0)
    expect(rejected).toMatchObject([{ code: 'unauthorized', field: null }])
  })

  it('does not let one oversized event take the others with it', async () => {
    start({ batch: 8, everyMs: 60_000 })
    const rejected = heard('rejected')
    gateway.answers.usage = (events) =>
      events.some(({ id }) => id === 'huge')
        ? { status: 413, body: errorBody('too_large', 'The body is larger than 5 MB.') }
        : { body: { accepted: events.length, duplicates: 0, rejected: [] } }
    for (let n = 0; n < 8; n++) engram.usage(call(n === 5 ? { id: 'huge' } : {}))
    expect(await engram.flush()).toBe(0)
    expect(rejected.map(({ event }) => event.id)).toEqual(['huge'])
    expect(engram.usageCounts()).toMatchObject({ accepted: 7, rejected: 1 })
  })

  it('close() sends what is queued; what it cannot send, and what comes later, is told', async () => {
    start({ everyMs: 60_000 })
    engram.usage(call())
    expect(await engram.close()).toBe(0)
    expect(gateway.batches).toHaveLength(1)

    start({ everyMs: 60_000 })
    const refused = heard('refused')
    gateway.answers.usage = () => 'never'
    engram.usage(call())
    expect(await engram.close({ timeoutMs: 50 })).toBe(1)
    engram.usage(call())
    expect(refused.map(({ reason, total }) => [reason, total])).toEqual([
      ['closed', 1],
      ['closed', 2],
    ])
  })
})

describe('with a real gateway', () => {
  let gateway: Awaited<ReturnType<typeof testGateway>>
  let link: Awaited<ReturnType<typeof faultyLink>>
  const sql = rawSql(process.env.DATABASE_URL ?? '')
  beforeAll(async () => {
    gateway = await testGateway()
    link = await faultyLink(gateway.url)
  })
  afterAll(async () => {
    await link.close()
    await gateway.close()
    await sql.end()
  })
  const recorded = async (tenant: string) =>
    (await sql`select event_id from llm_usage where tenant = ${tenant} order by event_id`).map((row) => row.event_id)

  it('R6: a reply that was lost after the commit does not make a second row', async () => {
    const tenant = newTenant()
    engram = createEngram({
      url: link.url.replace(/\/$/, ''),
      key: gateway.keys.app,
      push: false,
      usage: { everyMs: 1 },
    })
    await gateway.call('/v1/tenants/' + tenant, { method: 'PUT', body: { name: tenant } })
    link.delay(150)
    const ids = [engram.usage(call({ tenant })), engram.usage(call({ tenant, id: randomUUID() }))].sort()
    await expect.poll(() => recorded(tenant), { interval: 5 }).toEqual(ids) // the reply is on its way
    expect(engram.usageCounts()).toMatchObject({ accepted: 0, waiting: 2 })
    link.cut()
    await sleep(300)
    link.delay(0)
    link.mend()
    await expect.poll(() => engram.usageCounts(), { timeout: 5_000 }).toMatchObject({ duplicates: 2, waiting: 0 })
    expect(await recorded(tenant)).toEqual(ids)
  })

  it('reports a row that the gateway finds wrong', async () => {
    const tenant = newTenant()
    engram = createEngram({ url: gateway.url, key: gateway.keys.app, push: false })
    const rejected: Hooks['rejected'][] = []
    engram.on('rejected', (event) => rejected.push(event))
    const good = engram.usage(call({ tenant, occurredAt: new Date(), conversation: 'c-1' }))
    engram.usage(call({ tenant, inputTokens: -1 }))
    engram.usage(call({ tenant, occurredAt: new Date(Number.NaN) }))
    expect(await engram.flush()).toBe(0)
    expect(rejected.map(({ field }) => field)).toEqual(['inputTokens', 'occurredAt'])
    engram.usage(call({ tenant, inputTokens: -1 }))
    expect(await engram.flush()).toBe(0)
    expect(engram.usageCounts()).toMatchObject({ accepted: 1, rejected: 3 })
    expect(await recorded(tenant)).toEqual([good])
  })
})
