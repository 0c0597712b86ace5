import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertNamespace, selectNamespace } from '@/db/postgres/queries/kv-namespaces'
import { keys } from '@/db/redis/keys'
import { scanKeys } from '@/db/redis/scan'
import { type Caller, system } from '@/server/services/context'
import { kvStores } from '@/server/services/kv/kv.schema'
import { cancelMove, moveNamespace } from '@/server/services/kv/move-namespace'
import { expireKv } from '@/server/worker/jobs/expire-kv'
import { newTenant, testGateway } from './test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
let second: Awaited<ReturnType<typeof testGateway>>
let caller: Caller
beforeAll(async () => {
  gateway = await testGateway()
  second = await testGateway()
  caller = { ...gateway.stores, actor: system }
})
afterAll(async () => {
  await second.close()
  await gateway.close()
})

type Store = (typeof kvStores)[number]
async function namespaceIn(store: Store) {
  const name = `kv/${randomUUID()}`
  await insertNamespace(gateway.stores.db, { name, store, createdBy: 'test' })
  await sleep(1_050) // the copies of the gateways
  return name
}
const pathOf = (namespace: string, key: string, tenant?: string) =>
  `/v1/kv/${encodeURIComponent(namespace)}/${encodeURIComponent(key)}${tenant ? `?tenant=${tenant}` : ''}`
const put = (path: string, value: unknown, ttlSeconds?: number, key?: string) =>
  gateway.call(path, { method: 'PUT', body: { value, ttlSeconds }, key })

describe.each(kvStores)('in %s', (store) => {
  it('keeps any JSON as it is, for its time and no longer, and forgets it when told', async () => {
    const namespace = await namespaceIn(store)
    for (const value of [null, 0, 'text', [1, { a: [] }], { 'a b': '\u2028 👩‍🚀 \n' }, 1e21, '']) {
      expect((await put(pathOf(namespace, 'k'), value)).body).toEqual({ expiresAt: null })
      expect(await gateway.call(pathOf(namespace, 'k'))).toMatchObject({
        status: 200,
        body: { value, expiresAt: null },
      })
    }
    const { body } = await put(pathOf(namespace, 'k'), 1, 1)
    expect(Math.abs(Date.parse(String(body.expiresAt)) - Date.now() - 1_000)).toBeLessThan(500)
    await expect.poll(async () => (await gateway.call(pathOf(namespace, 'k'))).status, { timeout: 3_000 }).toBe(404)
    expect((await gateway.call(pathOf(namespace, 'k'), { method: 'DELETE' })).body).toEqual({ deleted: false })
    await put(pathOf(namespace, 'k'), 1)
    expect((await gateway.call(pathOf(namespace, 'k'), { method: 'DELETE' })).body).toEqual({ deleted: true })
    expect((await gateway.call(pathOf(namespace, 'k'))).body).toMatchObject({
      error: { code: 'not_found', field: 'key' },
    })
  })

  it('keys of any kind stay what they are', async () => {
    const namespace = await namespaceIn(store)
    const names = ['two words', 'a\nb', 'a/b', '%41', 'A', '{x}', '*', 'x'.repeat(1_000), 'ü'.repeat(500), '<b>', ':']
    for (const [n, name] of names.entries()) expect((await put(pathOf(namespace, name), n)).status).toBe(200)
    for (const [n, name] of names.entries()) expect((await gateway.call(pathOf(namespace, name))).body.value).toBe(n)
  })

  it('R11: a key of one tenant sees nothing of another one', async () => {
    const namespace = await namespaceIn(store)
    const [one, two] = [newTenant(), newTenant()]
    const [ofOne, ofTwo] = [await gateway.keyFor('app', [one]), await gateway.keyFor('app', [two])]
    await put(pathOf(namespace, 'k'), 'one', undefined, ofOne)
    expect((await gateway.call(pathOf(namespace, 'k'), { key: ofTwo })).status).toBe(404)
    expect((await gateway.call(pathOf(namespace, 'k'))).status).toBe(404)
    expect((await gateway.call(pathOf(namespace, 'k', one))).body.value).toBe('one')
    expect((await gateway.call(pathOf(namespace, 'k', one), { key: ofTwo })).status).toBe(403)
    expect((await gateway.call(pathOf(namespace, 'k'), { key: ofTwo, method: 'DELETE' })).body).toEqual({
      deleted: false,
    })
    expect((await gateway.call(pathOf(namespace, 'k'), { key: ofOne })).body.value).toBe('one')
    const erased = await gateway.call(`/v1/tenants/${one}`, { method: 'DELETE' })
    const nothing = { redis: { kv: 0, limits: 0 }, postgres: { kvLogged: 0, kvUnlogged: 0 } }
    expect(erased.body).toMatchObject({ remaining: nothing })
    expect((await gateway.call(pathOf(namespace, 'k'), { key: ofOne })).status).toBe(404)
  })
})

it('a namespace that is named for the first time lives in a logged table', async () => {
  const name = `new/${randomUUID()}`
  await put(pathOf(name, 'k'), 1)
  expect(await selectNamespace(gateway.stores.db, name)).toMatchObject({ store: 'logged', phase: 'settled' })
  expect((await second.call(pathOf(name, 'k'))).body.value).toBe(1)
})

it('what has expired is dropped from tables by the job', async () => {
  const name = await namespaceIn('unlogged')
  await put(pathOf(name, 'k'), 1, 1)
  await sleep(1_100)
  await expireKv(gateway.stores)
  const rows = await gateway.stores.db.execute(`select 1 from kv_unlogged where namespace = '${name}'`)
  expect(rows.length).toBe(0)
})

it('R13: what is wrong with an input is named', async () => {
  const refused = async (path: string, body?: unknown) => {
    const { status, body: answer } = await gateway.call(path, body === undefined ? {} : { method: 'PUT', body })
    return [status, (answer.error as { field?: string }).field]
  }
  expect(await refused(pathOf('n', 'x'.repeat(1_001)))).toEqual([400, 'key'])
  expect(await refused(pathOf('n', 'ü'.repeat(501)))).toEqual([400, 'key'])
  expect(await refused(pathOf('n', 'a\0b'))).toEqual([400, 'key'])
  expect(await refused(pathOf('n'.repeat(101), 'k'))).toEqual([400, 'namespace'])
  expect(await refused(pathOf('n', 'k'), {})).toEqual([400, 'value'])
  expect(await refused(pathOf('n', 'k'), { value: 'a\0b' })).toEqual([400, 'value'])
  expect(await refused(pathOf('n', 'k'), { value: 'x'.repeat(1024 * 1024) })).toEqual([400, 'value'])
  for (const ttlSeconds of [0, -1, 1.5, 1e12, null])
    expect(await refused(pathOf('n', 'k'), { value: 1, ttlSeconds })).toEqual([400, 'ttlSeconds'])
})

/** A worker of its own, that can be killed. */
function startWorker(): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'server/worker/main.ts'], { env: process.env, stdio: 'ignore' })
}
async function end(worker: ChildProcess, signal: NodeJS.Signals) {
  const exited = once(worker, 'exit')
  worker.kill(signal)
  await exited
}
const phaseOf = async (name: string) => (await selectNamespace(gateway.stores.db, name))?.phase

it.each([
  ['redis', 'unlogged'],
  ['logged', 'redis'],
  ['unlogged', 'logged'],
] as const)(
  'moves %s to %s live, over a killed worker: every read sees what was acknowledged last',
  async (from, to) => {
    const name = await namespaceIn(from)
    for (let n = 0; n < 300; n++) await put(pathOf(name, `still-${n}`), n, n % 2 ? 3_600 : undefined)
    let worker = startWorker()
    let going = true
    const wrong: string[] = []
    let acknowledged = 0
    /** Each client has keys of its own, so that it knows what they must be. */
    const client = async (id: number) => {
      const last = new Map<string, number | null>()
      const through = id % 2 ? gateway : second
      for (let n = 0; going; n++) {
        const key = `k-${id}-${randomInt(6)}`
        if (n % 3 === 0) {
          const { status, body } = await (n % 2 ? gateway : second).call(pathOf(name, key))
          const seen = status === 404 ? null : body.value
          if (status < 500 && last.has(key) && seen !== last.get(key))
            wrong.push(`${key}: ${String(seen)} is not ${last.get(key)}`)
        } else if (n % 7 === 1) {
          const { status } = await through.call(pathOf(name, key), { method: 'DELETE' })
          if (status === 200) last.set(key, null)
          else last.delete(key)
        } else {
          const { status } = await through.call(pathOf(name, key), { method: 'PUT', body: { value: n } })
          if (status === 200) acknowledged++
          if (status === 200) last.set(key, n)
          else last.delete(key)
        }
        await sleep(randomInt(10))
      }
      for (const [key, value] of last) {
        const { status, body } = await gateway.call(pathOf(name, key))
        if ((status === 404 ? null : body.value) !== value)
          wrong.push(`${key} in the end: ${String(body.value)} is not ${value}`)
      }
    }
    const clients = Promise.all(Array.from({ length: 6 }, (_, id) => client(id)))

    try {
      await moveNamespace(caller, { name, to })
      await expect.poll(() => phaseOf(name), { timeout: 60_000, interval: 10 }).not.toBe('preparing')
      await end(worker, 'SIGKILL')
      worker = startWorker()
      await expect.poll(() => phaseOf(name), { timeout: 120_000 }).toBe('settled')
    } finally {
      going = false
      await clients
      await end(worker, 'SIGTERM')
    }
    expect(wrong).toEqual([])
    expect(acknowledged).toBeGreaterThan(100)
    expect(await selectNamespace(gateway.stores.db, name)).toMatchObject({ store: to, other: null, problem: null })
    for (let n = 0; n < 300; n++) {
      const { body } = await gateway.call(pathOf(name, `still-${n}`))
      expect([body.value, body.expiresAt === null]).toEqual([n, n % 2 === 0])
    }
    if (from === 'redis') {
      const left: string[] = []
      for await (const batch of scanKeys(gateway.stores.redis, keys.kvOfNamespace(name))) left.push(...batch)
      expect(left).toEqual([])
    }
  },
  180_000,
)

it('a move is cancelled before it has switched: all stays where it was', async () => {
  const name = await namespaceIn('redis')
  for (let n = 0; n < 50; n++) await put(pathOf(name, `k-${n}`), n)
  const worker = startWorker()
  await moveNamespace(caller, { name, to: 'logged' })
  await expect(moveNamespace(caller, { name, to: 'unlogged' })).rejects.toMatchObject({ code: 'conflict' })
  await sleep(1_500)
  await put(pathOf(name, 'k-0'), 'new')
  await cancelMove(caller, { name })
  await expect.poll(() => phaseOf(name), { timeout: 30_000 }).toBe('settled')
  await end(worker, 'SIGTERM')
  expect(await selectNamespace(gateway.stores.db, name)).toMatchObject({ store: 'redis', other: null })
  expect((await gateway.call(pathOf(name, 'k-0'))).body.value).toBe('new')
  expect((await gateway.call(pathOf(name, 'k-49'))).body.value).toBe(49)
  const rows = await gateway.stores.db.execute(`select 1 from kv_logged where namespace = '${name}'`)
  expect(rows.length).toBe(0)
  await expect(cancelMove(caller, { name })).rejects.toMatchObject({ code: 'conflict' })
}, 60_000)
