import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { faultyStores } from '@/server/console/test-support'
import { newTenant, testGateway } from '@/server/gateway/test-gateway'
import { touchedByChange } from './touched-by-change'

let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const post = async (path: string, body: unknown) => {
  const answer = await gateway.call(path, { method: 'POST', body })
  expect(answer.status).toBeLessThan(300)
  return answer.body
}
const at = (name: string, rest: string) => `/v1/prompts/${encodeURIComponent(name)}${rest}`

/** A prompt with two versions, the first one live. */
async function promptOf(contents = ['One {{x}}', 'Two {{x}}']): Promise<string> {
  const name = `touched/${randomUUID()}`
  await post('/v1/prompts', { name })
  for (const content of contents) await post(at(name, '/versions'), { content })
  await post(at(name, '/activate'), { version: 1 })
  return name
}

const tenant = newTenant()
const call = (name: string, more: object = {}) => ({
  id: randomUUID(),
  tenant,
  provider: 'openai',
  model: 'gpt-4o',
  inputTokens: 1_000_000,
  outputTokens: 0,
  prompt: { name, version: 1 },
  occurredAt: new Date(Date.now() - 60_000).toISOString(),
  ...more,
})
const report = (events: object[]) => post('/v1/usage', { events })
const put = async (path: string, body: object) =>
  expect((await gateway.call(path, { method: 'PUT', body })).status).toBe(200)
const keep = (name: string, key: string, version = 1) =>
  put(`/v1/cache/${encodeURIComponent(name)}/${key}?tenant=${tenant}`, {
    value: key,
    ttlSeconds: 600,
    prompt: { name, version },
  })
const openSession = (id: string) => put(`/v1/sessions/${id}`, { tenant, user: 'u', ttlSeconds: 600, data: {} })
const touched = (name: string, channel = 'production') =>
  touchedByChange(gateway.stores, { name, channel, staying: [2] })

it('says what a change touches: traffic, sessions, answers with their price, and prompts that include it', async () => {
  const name = await promptOf()
  const parent = await promptOf([`Begin. {{> ${name}}}`, 'without'])
  const [alive, gone] = [randomUUID(), randomUUID()]
  await openSession(alive)
  await report([
    ...[alive, alive, gone].map((conversation) => call(name, { conversation })),
    call(name, { inputTokens: 0, cached: true }),
    call(name, { prompt: { name, version: 2 }, conversation: alive }),
    call(name, { occurredAt: new Date(Date.now() - 20 * 60_000).toISOString(), inputTokens: 3_000_000 }),
  ])
  for (const key of ['a', 'b', 'b', 'c']) await keep(name, key)
  await keep(name, 'd', 2)

  const found = await touched(name)
  expect(found).toMatchObject({
    served: [1],
    leaving: [1],
    traffic: { missing: null, requests: 4, perMinute: 4 / 15 },
    sessions: { missing: null, live: 1, conversations: 2, more: false },
    // gpt-4o costs $2.50 per million: (3 × 2.50 + 7.50) / 4 calls = $3.75 each, three answers.
    answers: { missing: null, count: 3, costUsd: '11.250000000000', priced: 4 },
    includers: { missing: null, names: [parent], total: 1 },
    approval: { missing: null, required: false },
  })
})

it('R12: what nobody can know is not zero', async () => {
  const name = await promptOf()
  expect(await touched(name)).toMatchObject({
    traffic: { requests: 0 },
    sessions: { live: 0 },
    answers: { count: 0, costUsd: '0.000000000000' },
    includers: { names: [], total: 0 },
  })
  await report([call(name, { model: 'in-house-7b', provider: 'in-house' })])
  await keep(name, 'a')
  expect(await touched(name)).toMatchObject({
    traffic: { requests: 1 },
    sessions: { live: null, conversations: 0 },
    answers: { count: 1, costUsd: null },
  })
})

it('counts every version of a rollout as live, and as left only what is served no longer', async () => {
  const name = await promptOf(['One', 'Two', 'Three'])
  const arms = [
    { version: 1, weight: 50 },
    { version: 3, weight: 50 },
  ]
  await post(at(name, '/rollout'), { arms })
  await report([call(name), call(name, { prompt: { name, version: 3 } })])
  const found = await touchedByChange(gateway.stores, { name, channel: 'production', staying: [3] })
  expect(found).toMatchObject({ served: [1, 3], leaving: [1], traffic: { requests: 2 } })
  const parent = await promptOf(['nothing', `{{> ${name}}}`])
  expect((await touched(name)).includers).toMatchObject({ total: 0 })
  await post(at(parent, '/rollout'), { arms: [{ version: 1, weight: 90 }, { version: 2, weight: 10 }] }) // prettier-ignore
  expect((await touched(name)).includers).toMatchObject({ names: [parent], total: 1 })
})

it('where nothing is live there is nothing to touch; an unknown prompt is said to be unknown', async () => {
  const name = await promptOf()
  expect(await touched(name, 'staging')).toMatchObject({ served: [], leaving: [], traffic: { requests: 0 } })
  await expect(touched('no such prompt')).rejects.toMatchObject({ code: 'not_found', field: 'name' })
})

it('R5: without Redis the figures of Postgres are there all the same, and the others say why they are not', async () => {
  const name = await promptOf()
  await report([call(name, { conversation: 'c' })])
  const { stores, redisLink, close } = await faultyStores()
  redisLink.cut()
  const found = await touchedByChange(stores, { name, channel: 'production', staying: [2] })
  expect(found).toMatchObject({ traffic: { missing: null, requests: 1 }, includers: { missing: null } })
  expect(found.answers.missing).toContain('Redis')
  expect(found.sessions.missing).toContain('Redis')
  await close()
})
