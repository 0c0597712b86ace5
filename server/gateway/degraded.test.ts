import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { lookupTotals } from '@/db/postgres/queries/cache'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { system } from '@/server/services/context'
import { CreateBudget } from '@/server/services/usage/budgets/budgets.schema'
import { createBudget } from '@/server/services/usage/budgets/create-budget'
import { deleteBudget } from '@/server/services/usage/budgets/delete-budget'
import { watchBudgets } from '@/server/services/usage/budgets/watch-budgets'
import { newTenant, testGateway } from './test-gateway'

let redisLink: Awaited<ReturnType<typeof faultyLink>>
let postgresLink: Awaited<ReturnType<typeof faultyLink>>
let gateway: Awaited<ReturnType<typeof testGateway>>
let tenant: string
const answer = { value: { text: 'kept' }, ttlSeconds: 60 }

beforeAll(async () => {
  redisLink = await faultyLink(process.env.REDIS_URL ?? '')
  postgresLink = await faultyLink(process.env.DATABASE_URL ?? '')
  gateway = await testGateway({ redisUrl: redisLink.url, databaseUrl: postgresLink.url })
})
afterAll(async () => {
  await gateway.close()
  await redisLink.close()
  await postgresLink.close()
})
beforeEach(() => {
  tenant = newTenant()
})

const entry = () => `/v1/cache/answers/k?tenant=${tenant}`
const counted = () =>
  lookupTotals(gateway.stores.db, { tenant, from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 60_000) })
const status = async () => (await gateway.call('/readyz')).body.status

it('R5: without Redis a look-up is a miss that says why, writes are refused with 503, and all recovers within 2 s', async () => {
  await gateway.call(entry(), { method: 'PUT', body: answer })
  redisLink.cut()
  await expect.poll(status).toBe('degraded')
  const started = performance.now()
  for (let n = 0; n < 20; n++) {
    const { status, body, headers } = await gateway.call(entry(), { key: gateway.keys.app })
    expect([status, body, headers.get('engram-degraded')]).toEqual([404, { hit: false }, 'redis'])
  }
  expect((performance.now() - started) / 20).toBeLessThan(150)
  for (const [path, init] of [
    [entry(), { method: 'PUT', body: answer }],
    [entry(), { method: 'DELETE' }],
    ['/v1/sessions/s', { method: 'PUT', body: { tenant, user: 'u', ttlSeconds: 60, data: {} } }],
    ['/v1/sessions/s', {}],
  ] as const) {
    const refused = await gateway.call(path, init)
    expect([refused.status, refused.body.error, refused.headers.get('retry-after')]).toEqual([
      503,
      { code: 'unavailable', message: expect.stringContaining('Redis') },
      '1',
    ])
  }
  redisLink.mend()
  const mended = performance.now()
  await expect.poll(async () => (await gateway.call(entry())).status, { interval: 50, timeout: 3_000 }).toBe(200)
  expect(performance.now() - mended).toBeLessThan(2_000)
  expect((await gateway.call('/readyz')).body.status).toBe('ready')
  await expect.poll(counted, { timeout: 5_000 }).toMatchObject({ hits: 1, misses: 0 })
}, 20_000)

it('R5: a Redis that is frozen costs a look-up its deadline at most', async () => {
  redisLink.freeze()
  const started = performance.now()
  const { status, headers } = await gateway.call(entry())
  expect([status, headers.get('engram-degraded')]).toEqual([404, 'redis'])
  expect(performance.now() - started).toBeLessThan(300)
  redisLink.thaw()
  await expect.poll(async () => gateway.stores.redis.healthy()).toBe(true)
})

it('R5: without Postgres the cache goes on, changes are refused with 503, and no count is lost', async () => {
  await gateway.call(entry(), { method: 'PUT', body: answer })
  await expect.poll(counted, { timeout: 5_000 }).toMatchObject({ hits: 0, misses: 0 })
  postgresLink.cut()
  await expect.poll(async () => (await gateway.call('/readyz')).status).toBe(503)
  for (let n = 0; n < 5; n++) expect((await gateway.call(entry())).status).toBe(200)
  const refused = await gateway.call(`/v1/tenants/${tenant}`, { method: 'PUT' })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  await sleep(1_500)
  postgresLink.mend()
  await expect.poll(() => counted().catch(() => null), { timeout: 10_000 }).toMatchObject({ hits: 5, misses: 0 })
}, 30_000)

it('R5: with Redis frozen a budget that is used up still refuses, at the limit and to reports', async () => {
  await gateway.call(`/v1/tenants/${tenant}`, { method: 'PUT' })
  const caller = { ...gateway.stores, actor: system }
  const scope = { tenant, user: null, key: null, model: null, prompt: null }
  const period = { period: 'day', rollingDays: null, timezone: 'UTC' }
  const terms = { name: 'Frozen', amountUsd: '0.01', thresholds: [100], enforcement: 'refuse' }
  const { id } = await createBudget(caller, CreateBudget.parse({ ...scope, ...period, ...terms }))
  const limit = `/v1/limits/${tenant}`
  const policy = { kind: 'fixed_window', points: 1_000, windowSeconds: 86_400, subject: 'user' }
  await gateway.call(limit, { method: 'PUT', body: policy })
  const report = async () => {
    const call = { provider: 'openai', model: 'gpt-4o', inputTokens: 10_000, outputTokens: 0 }
    const event = { ...call, id: randomUUID(), tenant, occurredAt: new Date().toISOString() }
    return (await gateway.call('/v1/usage', { method: 'POST', body: { events: [event] } })).body
  }
  const take = async () =>
    (await gateway.call(`${limit}/consume`, { method: 'POST', body: { subject: 'u', tenant } })).body
  const budgetsUsedUp = [{ id, name: 'Frozen' }]
  await report()
  await watchBudgets(gateway.stores)
  await expect.poll(take, { timeout: 15_000 }).toMatchObject({ allowed: false, budgetsUsedUp })
  redisLink.freeze()
  try {
    await expect.poll(async () => (await take()).decidedBy, { timeout: 15_000 }).toBe('postgres')
    expect(await take()).toMatchObject({ allowed: false, decidedBy: 'postgres', budgetsUsedUp })
    await expect.poll(report, { timeout: 15_000 }).toMatchObject({ accepted: 1, budgetsUsedUp })
  } finally {
    redisLink.thaw()
  }
  await deleteBudget(caller, { id })
})
