import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lookupTotals } from '@/db/postgres/queries/cache'
import { startRedis } from '@/scripts/engines/redis'
import { newTenant, testGateway } from './test-gateway'

type Redis = Awaited<ReturnType<typeof startRedis>>
let redis: Redis
let gateway: Awaited<ReturnType<typeof testGateway>>

beforeAll(async () => {
  redis = await startRedis({ dataDir: 'memory' })
  gateway = await testGateway({ redisUrl: redis.url })
})
afterAll(async () => {
  await gateway.close()
  await redis.stop()
})

/** What Redis itself counted; nobody else talks to this one but its heartbeat, which reads no key. */
async function keyspace() {
  const info = await gateway.stores.redis.commands.info('stats')
  const read = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1])
  return { hits: read('keyspace_hits'), misses: read('keyspace_misses') }
}

const counted = (tenant: string) =>
  lookupTotals(gateway.stores.db, { tenant, from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 60_000) })

it('counts 10,000 concurrent look-ups exactly as Redis does, and adds up what they saved to the last digit', async () => {
  const [tenant, namespace] = [newTenant(), randomUUID()]
  const path = (key: number) => `/v1/cache/${namespace}/${key}?tenant=${tenant}`
  for (let key = 0; key < 10; key++)
    await gateway.call(path(key), {
      method: 'PUT',
      body: { value: { key }, ttlSeconds: 600, costUsd: '0.000000000007' },
    })
  const before = await keyspace()
  let hits = 0
  const worker = async (start: number) => {
    for (let n = start; n < 10_000; n += 50) {
      const { status, body } = await gateway.call(path(n % 14), { key: gateway.keys.app })
      if (status === 200) hits++
      expect(body).toEqual(n % 14 < 10 ? { hit: true, value: { key: n % 14 } } : { hit: false })
    }
  }
  await Promise.all(Array.from({ length: 50 }, (_, start) => worker(start)))
  const after = await keyspace()
  expect({ hits: after.hits - before.hits, misses: after.misses - before.misses }).toEqual({
    hits,
    misses: 10_000 - hits,
  })
  const saved = `0.${String(hits * 7).padStart(12, '0')}`
  await expect.poll(() => counted(tenant), { timeout: 5_000 }).toEqual({ hits, misses: 10_000 - hits, savedUsd: saved })
}, 60_000)

it('keeps an answer for its time and no longer, and forgets it when told', async () => {
  const path = `/v1/cache/answers/${randomUUID()}?tenant=${newTenant()}`
  const put = (ttlSeconds: number) => gateway.call(path, { method: 'PUT', body: { value: null, ttlSeconds } })
  await put(1)
  expect(await gateway.call(path)).toMatchObject({ status: 200, body: { hit: true, value: null } })
  await expect.poll(async () => (await gateway.call(path)).status, { timeout: 3_000 }).toBe(404)
  await put(60)
  expect((await gateway.call(path, { method: 'DELETE' })).body).toEqual({ deleted: true })
  expect((await gateway.call(path, { method: 'DELETE' })).body).toEqual({ deleted: false })
})

it('R11: answers of two tenants under one name stay apart', async () => {
  const [one, two, key] = [newTenant(), newTenant(), randomUUID()]
  await gateway.call(`/v1/cache/a/${key}?tenant=${one}`, { method: 'PUT', body: { value: 1, ttlSeconds: 60 } })
  expect((await gateway.call(`/v1/cache/a/${key}?tenant=${two}`)).status).toBe(404)
})

it('takes costUsd as a number too, to 10^-12 dollars', async () => {
  const tenant = newTenant()
  const path = `/v1/cache/answers/k?tenant=${tenant}`
  await gateway.call(path, { method: 'PUT', body: { value: 1, ttlSeconds: 60, costUsd: 0.1 } })
  for (let n = 0; n < 3; n++) await gateway.call(path)
  await expect.poll(async () => (await counted(tenant)).savedUsd, { timeout: 5_000 }).toBe('0.300000000000')
})
