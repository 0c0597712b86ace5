import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { lookupTotals } from '@/db/postgres/queries/cache'
import { insertNamespace } from '@/db/postgres/queries/kv-namespaces'
import { censusNodes } from '@/db/redis/census'
import { readInfo } from '@/db/redis/info'
import { redisKinds } from '@/scripts/engines/redis-kinds'
import { type Caller, system } from '@/server/services/context'
import { createBoard } from '@/server/services/leaderboards/change-board'
import { isSettled } from '@/server/services/redis-in-time'
import { scanKeys } from '@/server/services/redis-keys/scan-keys'
import { CreateBudget } from '@/server/services/usage/budgets/budgets.schema'
import { createBudget } from '@/server/services/usage/budgets/create-budget'
import { deleteBudget } from '@/server/services/usage/budgets/delete-budget'
import { reconcileNow } from '@/server/services/usage/budgets/reconcile-now'
import { newTenant, testGateway } from './test-gateway'
import { openStream } from './test-stream'

const given = inject('enginesGiven')
/** What was met, as `Redis 7` or `cluster of 3`. */
const met: string[] = []

describe.each(redisKinds({ given }))('on $name', ({ start }) => {
  let engine: Awaited<ReturnType<typeof start>>
  let gateway: Awaited<ReturnType<typeof testGateway>>
  let caller: Caller
  const tenant = newTenant()
  const run = randomUUID().slice(0, 8)
  const app = async (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
    gateway.call(path, { method, body, key: gateway.keys.app })
  const operator = (path: string, body?: unknown, method = 'PUT') => gateway.call(path, { method, body })

  beforeAll(async () => {
    engine = await start()
    gateway = await testGateway({ redisUrl: engine.url })
    caller = { ...gateway.stores, actor: system }
    const [{ version }, nodes] = [await readInfo(gateway.stores.redis), censusNodes(gateway.stores.redis).length]
    met.push(nodes > 1 ? `cluster of ${nodes}` : (version.split('.')[0] ?? ''))
    await operator(`/v1/tenants/${tenant}`, {})
    // Redis is believed a second after it came.
    while (!isSettled(gateway.stores.redis)) await sleep(20)
  })
  afterAll(async () => {
    await gateway?.close()
    await engine?.stop()
  })

  it('sessions are kept with their turns, logged out by their user, and brought back', async () => {
    const paths = Array.from({ length: 8 }, (_, n) => `/v1/sessions/${run}-${n}`)
    for (const path of paths) {
      const session = { tenant, user: 'u-1', ttlSeconds: 600, data: { path } }
      expect((await app(path, session, 'PUT')).status).toBe(200)
      expect((await app(`${path}/turns`, { role: 'user', content: 'Hello' })).body).toMatchObject({ turns: 1 })
    }
    const statuses = async () => new Set(await Promise.all(paths.map(async (path) => (await app(path)).status)))
    expect(await statuses()).toEqual(new Set([200]))
    const { body } = await operator('/v1/log-outs', { tenant, user: 'u-1' }, 'POST')
    expect(body).toMatchObject({ state: 'done', loggedOut: 8 })
    expect(await statuses()).toEqual(new Set([404]))
    expect((await operator(`/v1/log-outs/${String(body.id)}/undo`, {}, 'POST')).body).toMatchObject({ restored: 8 })
    expect((await app(paths[0] ?? '')).body).toMatchObject({ data: { path: paths[0] }, turns: [{ content: 'Hello' }] })
  })

  it('answers are found again and counted as INFO counts them, on whichever node they lie', async () => {
    const before = await readInfo(gateway.stores.redis)
    const path = (n: number) => `/v1/cache/${run}/${n}?tenant=${tenant}`
    for (let n = 0; n < 12; n++) await app(path(n), { value: n, ttlSeconds: 600, costUsd: '0.001' }, 'PUT')
    for (let n = 0; n < 16; n++) expect((await app(path(n))).status).toBe(n < 12 ? 200 : 404)
    const after = await readInfo(gateway.stores.redis)
    expect(after.keyspaceHits - before.keyspaceHits).toBeGreaterThanOrEqual(12)
    expect(after.keyspaceMisses - before.keyspaceMisses).toBeGreaterThanOrEqual(4)
    const from = new Date(Date.now() - 600_000)
    const counted = () => lookupTotals(gateway.stores.db, { tenant, from, to: new Date(Date.now() + 60_000) })
    await expect.poll(counted, { timeout: 5_000 }).toEqual({ hits: 12, misses: 4, savedUsd: '0.012000000000' })
  })

  it('a limit admits exactly its points to 32 callers at once', async () => {
    const limit = `/v1/limits/${run}`
    await operator(limit, { kind: 'sliding_window', points: 100, windowSeconds: 3_600 })
    const caller = async () => {
      const answers = []
      for (let n = 0; n < 6; n++) answers.push((await app(`${limit}/consume`, { subject: 's' })).body)
      return answers
    }
    const answers = (await Promise.all(Array.from({ length: 32 }, caller))).flat()
    expect(answers.every(({ decidedBy }) => decidedBy === 'redis')).toBe(true)
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(100)
    await operator(limit, undefined, 'DELETE')
  })

  it('a live board counts an event once, and ranks', async () => {
    const board = `/v1/leaderboards/${run}`
    await createBoard(caller, { name: run, tenant, mode: 'live' })
    const score = (id: string, member: string, delta: number) =>
      app(`${board}/scores`, { id, member, delta, tenant }).then(({ body }) => body)
    expect(await score('1', 'ann', 5)).toMatchObject({ score: 5, duplicate: false })
    expect(await score('1', 'ann', 5)).toMatchObject({ score: 5, duplicate: true })
    await score('2', 'bob', 7)
    expect((await app(`${board}?top=2&tenant=${tenant}`)).body).toMatchObject({
      source: 'redis',
      ranking: [{ member: 'bob' }, { member: 'ann' }],
    })
  })

  it('R4: a change of a prompt and of a flag is pushed, and served within 250 ms', async () => {
    const [flag, prompt] = [`/v1/flags/${run}`, `/v1/prompts/${run}`]
    await operator('/v1/prompts', { name: run }, 'POST')
    for (const content of ['One', 'Two']) await operator(`${prompt}/versions`, { content }, 'POST')
    const stream = await openStream(gateway.url, gateway.keys.app, { beat: '50' })
    await expect.poll(() => stream.of('beat').length, { timeout: 5_000 }).toBeGreaterThan(0)
    for (let revision = 1; revision <= 4; revision++) {
      const [version, enabled] = [1 + (revision % 2), revision % 2 === 0]
      await operator(flag, { enabled, share: 100 })
      expect((await operator(`${prompt}/activate`, { version }, 'POST')).body).toMatchObject({ revision })
      await sleep(250)
      for (const kind of ['prompt', 'flag'])
        expect(
          stream
            .of(kind)
            .filter(({ data }) => data.name === run)
            .at(-1)?.data,
        ).toMatchObject({ revision })
      expect((await app(prompt)).body).toMatchObject({ version, revision })
      expect((await app(flag)).body).toMatchObject({ enabled })
    }
    stream.leave()
  })

  it('a namespace in Redis keeps its values, each in its own slot', async () => {
    await insertNamespace(gateway.stores.db, { name: run, store: 'redis', createdBy: 'test' })
    for (let n = 0; n < 8; n++) {
      const path = `/v1/kv/${run}/${n}?tenant=${tenant}`
      expect((await app(path, { value: { n }, ttlSeconds: 600 }, 'PUT')).status).toBe(200)
      expect((await app(path)).body).toMatchObject({ value: { n } })
    }
  })

  it('a search of vector memory is answered from Redis until something is written', async () => {
    const add = (id: string) => ({ id, content: id, kind: 'note', embedding: [1, 0], embeddingModel: 'test' })
    const found = async () =>
      (await app(`/v1/memory/${tenant}/search`, { embedding: [1, 0], k: 5 })).body.items as unknown[]
    for (const [n, id] of ['one', 'two'].entries()) {
      expect((await app(`/v1/memory/${tenant}/items`, { items: [add(id)] })).body).toMatchObject({ added: 1 })
      for (let again = 0; again < 3; again++) expect(await found()).toHaveLength(n + 1)
    }
  })

  it('the counter of a budget that refuses adds up what is reported, and refuses when it is used up', async () => {
    const none = { user: null, key: null, model: null, prompt: null, rollingDays: null, timezone: 'UTC' }
    const terms = { name: run, amountUsd: '1', period: 'day', thresholds: [100], enforcement: 'refuse' }
    const budget = await createBudget(caller, CreateBudget.parse({ ...none, ...terms, tenant }))
    await reconcileNow(caller, budget)
    const call = { tenant, provider: 'openai', model: 'gpt-4o-mini', inputTokens: 3_000_000, outputTokens: 0 }
    const report = () => {
      const event = { ...call, id: randomUUID(), occurredAt: new Date().toISOString() }
      return app('/v1/usage', { events: [event] })
    }
    const check = async () => (await app(`/v1/budgets/check?tenant=${tenant}`)).body
    expect((await report()).body).toMatchObject({ accepted: 1 })
    const of = (allowed: boolean, spentUsd: string) => ({ allowed, budgets: [{ spentUsd, countedBy: 'redis' }] })
    await expect.poll(check, { timeout: 5_000 }).toMatchObject(of(true, '0.45'))
    for (let n = 0; n < 2; n++) await report()
    await expect.poll(check, { timeout: 5_000 }).toMatchObject(of(false, '1.35'))
    expect(await reconcileNow(caller, budget)).toMatchObject({ counter: 'right', driftUsd: '0' })
    await deleteBudget(caller, budget)
  })

  it('the list of keys and the erasure of a tenant reach every node', async () => {
    const pattern = Buffer.from(`engram:answers:${run}:*`).toString('base64url')
    const found = new Set<string>()
    for (let cursor: string | null = null; ;) {
      const step: Awaited<ReturnType<typeof scanKeys>> = await scanKeys(gateway.stores, {
        ...{ connection: 'own', pattern, type: null, cursor },
      })
      for (const { key } of step.keys) found.add(key)
      cursor = step.next
      if (cursor === null) break
    }
    expect(found.size).toBe(12)
    const { body } = await operator(`/v1/tenants/${tenant}`, undefined, 'DELETE')
    expect(body).toMatchObject({ verified: true, redis: { answers: 12, sessions: 8, kv: 8 } })
    expect(Object.values((body as { remaining: { redis: object } }).remaining.redis).every((left) => left === 0)).toBe(
      true,
    )
  })
})

it('these are all that Engram promises to work on, where a run is given its engines', () => {
  const promised = given ? ['Redis 7', 'Redis 8', 'Valkey 9', 'cluster of 3'] : ['cluster of 3']
  expect(met).toEqual(expect.arrayContaining(promised))
})
