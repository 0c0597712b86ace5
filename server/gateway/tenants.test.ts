import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countRowsOfTenant, selectTenant } from '@/db/postgres/queries/tenants'
import { eraseAnswersOfTenant } from '@/db/redis/cache'
import { countAnswersOfVersion } from '@/db/redis/prompt-answers'
import { lookupCounter } from '@/server/services/cache/lookup-counter'
import { system } from '@/server/services/context'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { newTenant, testGateway } from './test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
let other: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
  other = await testGateway()
})
afterAll(async () => {
  await gateway.close()
  await other.close()
})

const event = (tenant: string) => ({
  id: randomUUID(),
  tenant,
  user: 'u',
  provider: 'openai',
  model: 'gpt-4o-mini',
  inputTokens: 10,
  outputTokens: 1,
  occurredAt: new Date().toISOString(),
})
const report = (tenant: string, events = 3, at = gateway) =>
  at.call('/v1/usage', { method: 'POST', body: { events: Array.from({ length: events }, () => event(tenant)) } })
const entry = (tenant: string, key: string) => `/v1/cache/answers/${key}?tenant=${tenant}`
const prompt = { name: `tenants/${randomUUID()}`, version: 1 }
const keep = (tenant: string, key: string, at = gateway) =>
  at.call(entry(tenant, key), { method: 'PUT', body: { value: 1, ttlSeconds: 60, prompt } })
const erase = (tenant: string) => gateway.call(`/v1/tenants/${tenant}`, { method: 'DELETE' })
/** A process that named it just before an erasure may register it once more (see `ensureTenants`): nothing else comes back. */
const eraseForGood = (tenant: string) =>
  expect.poll(() => erase(tenant).then(({ status }) => status), { timeout: 20_000, interval: 500 }).toBe(404)
const rowsOf = async (tenant: string) =>
  Object.values(await countRowsOfTenant(gateway.stores.db, tenant)).reduce((sum, rows) => sum + rows, 0)

it('registers a tenant once; again changes nothing', async () => {
  const path = `/v1/tenants/${newTenant()}`
  const first = await gateway.call(path, { method: 'PUT', body: { name: 'Acme' } })
  const again = await gateway.call(path, { method: 'PUT', body: { name: 'Another' } })
  expect([first.status, again.status]).toEqual([201, 200])
  expect(again.body).toEqual(first.body)
  expect(first.body).toMatchObject({ name: 'Acme' })
})

it('erases a tenant from both memories, keeps the receipt, and touches nobody else', async () => {
  const [tenant, neighbour] = [newTenant(), newTenant()]
  for (const slug of [tenant, neighbour]) {
    expect((await report(slug)).body).toMatchObject({ accepted: 3 })
    for (let n = 0; n < 700; n += 1) if (slug === tenant || n < 5) await keep(slug, `${n}`)
    await gateway.call(entry(slug, '0'))
    const session = { tenant: slug, user: 'u', ttlSeconds: 60, data: {} }
    await gateway.call(`/v1/sessions/${slug}`, { method: 'PUT', body: session })
  }
  await expect.poll(async () => (await countRowsOfTenant(gateway.stores.db, tenant)).cacheLookups).toBe(1)
  const { status, body } = await erase(tenant)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    tenant,
    redis: { answers: 700, answerDigests: 700, sessions: 1 },
    postgres: { tenants: 1, llmUsage: 3, usageEvents: 3, cacheLookups: 1 },
    verified: true,
    remaining: { redis: { answers: 0, answerDigests: 0, sessions: 0 } },
  })
  const { tenants: again, ...left } = await countRowsOfTenant(gateway.stores.db, tenant)
  expect(again).toBeLessThanOrEqual(1)
  expect(Object.values(left).reduce((sum, rows) => sum + rows, 0)).toBe(0)
  await eraseForGood(tenant)
  expect((await gateway.call(`/v1/sessions/${neighbour}`)).status).toBe(200)
  expect(await countRowsOfTenant(gateway.stores.db, neighbour)).toMatchObject({ tenants: 1, llmUsage: 3 })
  expect(await countAnswersOfVersion(gateway.stores.redis, prompt, Date.now())).toBe(5)
  expect(await eraseAnswersOfTenant(gateway.stores.redis, neighbour)).toBe(5)
}, 60_000)

it('what every process had counted but not yet written goes with the tenant', async () => {
  const tenant = newTenant()
  await report(tenant)
  for (const at of [gateway, other]) {
    await keep(tenant, 'k', at)
    await at.call(entry(tenant, 'k'))
  }
  expect((await erase(tenant)).body).toMatchObject({ verified: true })
  // Two rounds of the flush that runs every second.
  await new Promise((resolve) => setTimeout(resolve, 2_200))
  expect(await countRowsOfTenant(gateway.stores.db, tenant)).toMatchObject({ cacheLookups: 0, llmUsage: 0 })
})

it('does so though processes hear late that the tenant is gone', async () => {
  const { redis } = gateway.stores
  const publish = async (channel: string, message: string) => {
    // Longer than from one flush to the next.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    return redis.commands.publish(channel, message)
  }
  const late = { ...redis, commands: Object.assign(Object.create(redis.commands), { publish }) }
  const tenant = newTenant()
  await report(tenant)
  await other.call(entry(tenant, 'k'))
  const receipt = await eraseTenant({ ...gateway.stores, redis: late, actor: system }, { slug: tenant })
  expect(receipt).toMatchObject({ verified: true, remaining: { postgres: { cacheLookups: 0 } } })
})

it('erasing under traffic from another process leaves nothing that belongs to no tenant', async () => {
  const tenant = newTenant()
  let stopped = false
  const traffic = async (n: number) => {
    for (let step = 0; !stopped; step++) {
      await report(tenant, 1, other)
      await keep(tenant, `${n}-${step}`, other)
      await other.call(entry(tenant, `${n}-${step}`))
    }
  }
  await report(tenant)
  const running = Promise.all([1, 2, 3].map(traffic))
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect([200, 404]).toContain((await erase(tenant)).status)
  }
  await report(tenant, 1, other)
  stopped = true
  await running
  // Traffic after the last erasure brings the tenant back, so that it can be seen and erased again.
  await expect.poll(() => selectTenant(gateway.stores.db, tenant), { timeout: 5_000 }).not.toBeNull()
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect((await erase(tenant)).body).toMatchObject({ verified: true })
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  await eraseForGood(tenant)
  expect(await rowsOf(tenant)).toBe(0)
}, 60_000)

it('look-ups counted before an erasure do not come back with those after it', async () => {
  const tenant = newTenant()
  const counter = lookupCounter(gateway.stores)
  const count = () =>
    counter.count({ namespace: 'answers', tenant }, { answer: { costUsd: '0.5', prompt: null }, simulated: false })
  for (let n = 0; n < 4; n++) count()
  await counter.flush()
  await erase(tenant)
  count()
  await counter.flush()
  await counter.flush()
  const { body } = await erase(tenant)
  expect(body).toMatchObject({ postgres: { cacheLookups: 1 }, verified: true })
})
