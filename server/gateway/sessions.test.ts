import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keys, shardOf } from '@/db/redis/keys'
import { newTenant, testGateway } from './test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const start = async (tenant = newTenant(), ttlSeconds = 60) => {
  const path = `/v1/sessions/${encodeURIComponent(`s/${randomUUID()}`)}`
  const session = { tenant, user: 'u-1', ttlSeconds, data: { locale: 'de' } }
  const started = await gateway.call(path, { method: 'PUT', body: session })
  expect(started.status).toBe(200)
  return { path, tenant, session, id: started.body.id as string }
}
const say = (path: string, content: string, key?: string) =>
  gateway.call(`${path}/turns`, { method: 'POST', body: { role: 'user', content }, key })

it('keeps data and the last 50 turns, and a replaced session keeps its turns', async () => {
  const { path, session, id } = await start()
  for (let n = 1; n <= 55; n++) expect((await say(path, `turn ${n}`)).body.turns).toBe(Math.min(n, 50))
  await gateway.call(path, { method: 'PUT', body: { ...session, data: [1] } })
  const { body } = await gateway.call(path)
  expect(body).toMatchObject({ ...session, id, data: [1] })
  const turns = body.turns as { role: string; content: string }[]
  expect([turns.length, turns[0]?.content, turns.at(-1)?.content]).toEqual([50, 'turn 6', 'turn 55'])
})

it('adds a turn once that is sent again with its id, as long as it is among the last 50', async () => {
  const { path } = await start()
  const send = (id: string, content = `turn ${id}`) =>
    gateway.call(`${path}/turns`, { method: 'POST', body: { id, role: 'user', content } })
  const said = async () => ((await gateway.call(path)).body.turns as { id: string }[]).map(({ id }) => id)
  const all = await Promise.all(Array.from({ length: 20 }, (_, n) => send(`m-${n % 2}`)))
  expect(all.map(({ status }) => status)).toEqual(all.map(() => 201))
  expect((await said()).sort()).toEqual(['m-0', 'm-1'])
  expect(await send('m-0', 'something else')).toMatchObject({ status: 409, body: { error: { field: 'id' } } })
  for (let n = 2; n < 50; n++) await send(`m-${n}`)
  expect((await send('m-0')).body.turns).toBe(50)
  expect(await said()).toHaveLength(50)
  await send('m-50')
  await send('m-51')
  expect((await said()).slice(-2)).toEqual(['m-50', 'm-51'])
  // Both of the oldest were forgotten, and their ids with them.
  await send('m-0')
  expect((await said()).at(-1)).toBe('m-0')
})

it('ends a session ttlSeconds after the last call that touched it', async () => {
  const { path } = await start(newTenant(), 2)
  for (let n = 0; n < 3; n++) {
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect((n % 2 ? await say(path, 'still here') : await gateway.call(path)).status).toBeLessThan(300)
  }
  await expect
    .poll(() => gateway.stores.redis.commands.exists(keys.session(decodeURIComponent(path.slice(13)))), {
      timeout: 4_000,
    })
    .toBe(0)
  expect((await gateway.call(path)).status).toBe(404)
})

it('R11: a session of another tenant is as good as absent, whatever the key tries', async () => {
  const { path, session } = await start()
  const own = newTenant()
  const key = await gateway.keyFor('app', [own, newTenant()])
  expect((await gateway.call(path, { key })).status).toBe(404)
  expect((await say(path, 'let me in', key)).status).toBe(404)
  expect((await gateway.call(path, { method: 'DELETE', key })).status).toBe(404)
  expect((await gateway.call(path, { method: 'PUT', key, body: session })).status).toBe(403)
  expect((await gateway.call(path, { method: 'PUT', key, body: { ...session, tenant: own } })).status).toBe(409)
  expect((await gateway.call(path)).body).toMatchObject({ ...session, turns: [] })
})

it('counts as live until it is ended', async () => {
  const { path, id } = await start()
  const expiry = () => gateway.stores.redis.commands.zscore(keys.liveSessions(shardOf(id)), id)
  expect(Number(await expiry())).toBeGreaterThan(Date.now() + 50_000)
  expect((await gateway.call(path, { method: 'DELETE' })).body).toEqual({ deleted: true })
  expect(await expiry()).toBeNull()
  expect((await gateway.call(path, { method: 'DELETE' })).status).toBe(404)
})
