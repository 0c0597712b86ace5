import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lookupTotals } from '@/db/postgres/queries/cache'
import { insertNamespace } from '@/db/postgres/queries/kv-namespaces'
import { savedBy } from '@/db/postgres/queries/savings'
import { readCachedFlag } from '@/db/redis/flags'
import { readCachedPrompt } from '@/db/redis/prompts'
import { newTenant, testGateway } from '@/server/gateway/test-gateway'
import { flagReader } from '@/server/services/flags/flag-reader'
import { promptReader } from '@/server/services/prompts/prompt-reader'
import { isSettled } from '@/server/services/redis-in-time'
import { lookUpEntry } from './look-up-entry'
import { lookupCounter } from './lookup-counter'
import { familyLookups, gapTo } from './lookups-by-family'

/** A minute of its own, long ago: nobody else counts there. */
const at = Date.UTC(2013, 4, 6, 7, 8) + 60_000 * Math.floor(Math.random() * 100_000)
const clock = {
  from: new Date(at),
  to: new Date(at + 60_000),
  before: { from: new Date(at - 60_000), to: new Date(at) },
}
const run = randomUUID()
const tenant = newTenant()
let gateway: Awaited<ReturnType<typeof testGateway>>

beforeAll(async () => {
  gateway = await testGateway()
  await gateway.call(`/v1/tenants/${tenant}`, { method: 'PUT', body: {} })
  while (!isSettled(gateway.stores.redis)) await sleep(20)
})
afterAll(() => gateway.close())

const app = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
  gateway.call(path, { method, body, key: gateway.keys.app })

it('prompts and flags are counted where Redis was asked, each hit of which is one command', async () => {
  const { stores } = gateway
  const lookups = lookupCounter(stores, () => at)
  await gateway.call('/v1/prompts', { method: 'POST', body: { name: run } })
  await gateway.call(`/v1/prompts/${run}/versions`, { method: 'POST', body: { content: 'Hello' } })
  await gateway.call(`/v1/prompts/${run}/activate`, { method: 'POST', body: { version: 1 } })
  await gateway.call(`/v1/flags/${run}`, { method: 'PUT', body: { enabled: true } })
  const key = { name: run, channel: 'production' }
  const [prompts, flags] = [promptReader(stores, null, lookups), flagReader(stores, null, lookups)]
  await prompts.read(key)
  await flags.read(run)
  await expect.poll(() => readCachedPrompt(stores.redis, key)).not.toBeNull()
  await expect.poll(() => readCachedFlag(stores.redis, run)).not.toBeNull()

  const sent = () => [...stores.redis.calls].reduce((sum, [name, calls]) => (name === 'ping' ? sum : sum + calls), 0)
  const before = sent()
  for (let n = 0; n < 7; n++) await prompts.read(key)
  expect(sent() - before).toBe(7)
  for (let n = 0; n < 4; n++) await flags.read(run)
  expect(sent() - before).toBe(11)

  // Without Redis no cache was asked.
  const without = { ...stores, redis: { ...stores.redis, healthy: () => false, upSince: () => null } }
  await promptReader(without, null, lookups).read(key)
  const answer = { namespace: run, tenant, key: 'none' }
  for (let n = 0; n < 3; n++) await lookUpEntry(stores, { key: answer, simulated: false, lookups })
  await lookups.flush()
  const { families, gap } = await familyLookups(stores, clock, { family: null })
  const none = { namespace: '', tenant: '', hitsBefore: 0, missesBefore: 0 }
  expect(families).toEqual([
    { ...none, family: 'prompts', hits: 7, misses: 1 },
    { ...none, family: 'flags', hits: 4, misses: 1 },
    { ...none, family: 'answers', hits: 0, misses: 3 },
  ])
  expect(gap).toEqual({ info: null, ours: null, others: null })

  // R7: what the answer cache saved, and how often it hit, is of the answer cache alone.
  const range = { from: clock.from, to: clock.to }
  expect(await lookupTotals(stores.db, range)).toMatchObject({ hits: 0, misses: 3 })
  expect((await savedBy(stores.db, range, 'namespace', 10)).totals).toMatchObject({ hits: 0, misses: 3 })
})

it('R12: what INFO counted beside them is a number, less than nothing where samples are missing, or not known', () => {
  const families = [
    { hits: 7, misses: 1 },
    { hits: 0, misses: 3 },
  ]
  expect(gapTo({ hits: 20, misses: 5 }, families)).toEqual({ info: 25, ours: 11, others: 14 })
  expect(gapTo({ hits: 5, misses: 4 }, families)).toEqual({ info: 9, ours: 11, others: -2 })
  expect(gapTo({ hits: null, misses: null }, families)).toEqual({ info: null, ours: null, others: null })
})

it('sessions, key-value and searches of a gateway are counted by namespace and tenant, and go with the tenant', async () => {
  const { stores } = gateway
  await insertNamespace(stores.db, { name: run, store: 'redis', createdBy: 'test' })
  const [session, entry] = [`/v1/sessions/${run}`, `/v1/kv/${run}/k?tenant=${tenant}`]
  await app(session, { tenant, user: 'u', ttlSeconds: 60, data: {} }, 'PUT')
  for (let n = 0; n < 3; n++) await app(session)
  await app(`${session}-none`)
  await gateway.call(`${session}-none`, { key: await gateway.keyFor('app', [tenant]) })
  await app(entry, { value: 1 }, 'PUT')
  for (let n = 0; n < 5; n++) await app(entry)
  await app(`/v1/kv/${run}/none?tenant=${tenant}`)
  const item = { id: 'i', content: 'i', kind: 'note', embedding: [1, 0], embeddingModel: 'test' }
  await app(`/v1/memory/${tenant}/items`, { items: [item] })
  const search = () => app(`/v1/memory/${tenant}/search`, { embedding: [1, 0], k: 1 })
  await search()
  await expect.poll(async () => (await counted('memory'))[0]?.misses, { timeout: 5_000 }).toBe(1)
  for (let n = 0; n < 2; n++) await search()

  const of = { tenant, hitsBefore: 0, missesBefore: 0 }
  const all = async () => Promise.all((['sessions', 'kv', 'memory'] as const).map(counted))
  await expect.poll(all, { timeout: 5_000 }).toEqual([
    // A session that is not there is of nobody, unless the key is of one tenant only.
    [{ ...of, family: 'sessions', namespace: '', hits: 3, misses: 1 }],
    [{ ...of, family: 'kv', namespace: run, hits: 5, misses: 1 }],
    [{ ...of, family: 'memory', namespace: '', hits: 2, misses: 1 }],
  ])
  await gateway.call(`/v1/tenants/${tenant}`, { method: 'DELETE' })
  expect(await all()).toEqual([[], [], []])
})

async function counted(family: 'sessions' | 'kv' | 'memory') {
  const [from, to] = [new Date(Date.now() - 600_000), new Date(Date.now() + 60_000)]
  const range = { from, to, before: { from: new Date(from.getTime() - 600_000), to: from } }
  return (await familyLookups(gateway.stores, range, { tenant, family })).parts
}
