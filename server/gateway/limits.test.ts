import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { limitTotals } from '@/db/postgres/queries/limit-counts'
import { startRedis } from '@/scripts/engines/redis'
import { freePort } from '@/scripts/free-port'
import { system } from '@/server/services/context'
import { limitsAt } from '@/server/services/limits/limits-at'
import { CreateBudget } from '@/server/services/usage/budgets/budgets.schema'
import { createBudget } from '@/server/services/usage/budgets/create-budget'
import { deleteBudget } from '@/server/services/usage/budgets/delete-budget'
import { watchBudgets } from '@/server/services/usage/budgets/watch-budgets'
import { newTenant, testGateway } from './test-gateway'

const CLIENTS = 32
let redis: Awaited<ReturnType<typeof startRedis>>
let gateway: Awaited<ReturnType<typeof testGateway>>
const processes: ChildProcess[] = []
/** Two processes of their own. */
const urls: string[] = []

beforeAll(async () => {
  redis = await startRedis({ dataDir: 'memory' })
  gateway = await testGateway({ redisUrl: redis.url })
  for (let n = 0; n < 2; n++) urls.push(await startProcess())
}, 60_000)
afterAll(async () => {
  for (const child of processes) {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
  await gateway.close()
  await redis.stop()
})
afterEach(() => void process.kill(redis.pid, 'SIGCONT'))

async function startProcess() {
  const port = await freePort()
  const env = { ...process.env, GATEWAY_PORT: String(port), REDIS_URL: redis.url }
  const args = ['--import', 'tsx', 'server/gateway/main.ts']
  processes.push(spawn(process.execPath, args, { env, stdio: 'ignore' }))
  const url = `http://127.0.0.1:${port}`
  const ready = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await ready())) await sleep(50)
  return url
}

type Terms = { kind: string; points: number; windowSeconds: number; refillPoints?: number; subject?: 'user' }
async function limit(terms: Terms) {
  const name = `l/${randomUUID()}`
  const { status } = await gateway.call(pathOf(name), { method: 'PUT', body: terms })
  expect(status).toBe(201)
  return name
}
const pathOf = (name: string) => `/v1/limits/${encodeURIComponent(name)}`

type Reply = {
  allowed: boolean
  remaining: number
  resetMs: number
  retryMs: number | null
  decidedBy: 'redis' | 'postgres'
}
type Ask = { points?: number; subject?: string; url?: string }
async function consume(name: string, { points = 1, subject = 's', url = gateway.url }: Ask = {}) {
  const from = performance.now()
  const response = await fetch(`${url}${pathOf(name)}/consume`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.keys.app}`, 'content-type': 'application/json' },
    body: JSON.stringify({ subject, points }),
  })
  expect(response.status).toBe(200)
  const body = (await response.json()) as Reply
  const until = performance.now()
  return { ...body, points, from, until }
}
type Consumed = Awaited<ReturnType<typeof consume>>

/** 32 clients on both processes at once, until `end`. */
async function clients(name: string, lastsMs: number, points: (n: number) => number = () => 1): Promise<Consumed[]> {
  const end = performance.now() + lastsMs
  const all: Consumed[] = []
  const client = async (n: number) => {
    for (let asked = n; performance.now() < end; asked += CLIENTS)
      all.push(await consume(name, { url: urls[n % 2], points: points(asked) }))
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n)))
  return all
}
const pointsOf = (all: Consumed[]) => all.reduce((sum, { allowed, points }) => sum + (allowed ? points : 0), 0)

describe('32 clients on one limit over two processes', () => {
  it('a fixed window admits exactly its points in each window, in uneven portions too', async () => {
    const points = 200
    const name = await limit({ kind: 'fixed_window', points, windowSeconds: 1 })
    const all = await clients(name, 3_300, (n) => 1 + (n % 3))
    // Which window an answer belongs to is known where it lies inside one: the clock of the windows is Redis' own.
    const [seconds] = (await gateway.stores.redis.commands.time()).map(Number)
    const wall = (at: number) => Math.floor((Date.now() - performance.now() + at) / 1_000)
    expect(Math.abs((seconds ?? 0) - wall(performance.now()))).toBeLessThanOrEqual(1)
    const windows = new Map<number, number>()
    for (const one of all)
      if (one.allowed && wall(one.from) === wall(one.until))
        windows.set(wall(one.from), (windows.get(wall(one.from)) ?? 0) + one.points)
    for (const used of windows.values()) expect(used).toBeLessThanOrEqual(points)
    const spans = wall(all.at(-1)?.until ?? 0) - wall(all[0]?.from ?? 0) + 1
    expect(pointsOf(all)).toBeLessThanOrEqual(points * spans)
    // Two whole windows lie inside: nothing was refused while it would have fitted.
    expect(pointsOf(all)).toBeGreaterThanOrEqual(points * 2)
    expect(all.every(({ decidedBy }) => decidedBy === 'redis')).toBe(true)
  })

  it('a fixed window that does not end meanwhile admits exactly its points', async () => {
    const name = await limit({ kind: 'fixed_window', points: 500, windowSeconds: 86_400 })
    expect(pointsOf(await clients(name, 2_000))).toBe(500)
  })

  it('a sliding window never admits more than its points in any window, and uses them up', async () => {
    const name = await limit({ kind: 'sliding_window', points: 100, windowSeconds: 1 })
    const all = (await clients(name, 3_300)).filter(({ allowed }) => allowed)
    // Each was admitted between `from` and `until`: those that surely lie within one second of each other.
    const most = Math.max(...all.map((first) => all.filter((one) => one.from >= first.from && one.until <= first.from + 1_000).length)) // prettier-ignore
    expect(most).toBeLessThanOrEqual(100)
    expect(all.length).toBeGreaterThanOrEqual(300)
    expect(all.length).toBeLessThanOrEqual(400)
  })

  it('a token bucket admits what fits into it and what flowed in, to the point', async () => {
    const name = await limit({ kind: 'token_bucket', points: 50, windowSeconds: 1, refillPoints: 100 })
    const started = performance.now()
    const all = await clients(name, 2_000)
    const flowed = ((performance.now() - started) / 1_000) * 100
    expect(pointsOf(all)).toBeLessThanOrEqual(50 + Math.ceil(flowed))
    expect(pointsOf(all)).toBeGreaterThanOrEqual(50 + 190)
    expect((await limitOfBucket(name)).remaining).toBeLessThanOrEqual(50)
  })

  it('R5: Redis stopped: answers within 150 ms of what an empty call takes', async () => {
    const name = await limit({ kind: 'sliding_window', points: 1_000_000, windowSeconds: 60 })
    const nothing: number[] = []
    const all: Consumed[] = []
    const client = async (n: number) => {
      await sleep(n * 7)
      for (let round = 0; round < 10; round++) {
        const started = performance.now()
        await (await fetch(`${urls[n % 2]}/healthz`)).text()
        nothing.push(performance.now() - started)
        all.push(await consume(name, { url: urls[n % 2] }))
        await sleep(200)
      }
    }
    const asking = Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n)))
    await sleep(500)
    process.kill(redis.pid, 'SIGSTOP')
    await asking
    const p99 = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length * 0.99)] ?? NaN
    expect(all.some(({ decidedBy }) => decidedBy === 'postgres')).toBe(true)
    expect(p99(all.map(({ from, until }) => until - from)) - p99(nothing)).toBeLessThan(150)
  })

  const limitOfBucket = (name: string) => consume(name, { points: 51 })

  it('R5: Redis stopped midway: at most the points once more, and back to Redis when it goes on', async () => {
    const points = 300
    const name = await limit({ kind: 'fixed_window', points, windowSeconds: 86_400 })
    await consume(name)
    const asking = clients(name, 4_000)
    await sleep(100)
    process.kill(redis.pid, 'SIGSTOP')
    await sleep(1_500)
    process.kill(redis.pid, 'SIGCONT')
    const all = await asking
    expect(new Set(all.map(({ decidedBy }) => decidedBy))).toEqual(new Set(['redis', 'postgres']))
    expect(pointsOf(all) + 1).toBeLessThanOrEqual(2 * points)
    await expect.poll(async () => (await consume(name, { url: urls[0] })).decidedBy, { timeout: 2_000 }).toBe('redis')
    expect((await consume(name)).allowed).toBe(false)
  })
})

/** Both stores compute alike. */
describe.each(['redis', 'postgres'] as const)('as %s decides', (store) => {
  const ready = async () => {
    if (store === 'redis') return
    process.kill(redis.pid, 'SIGSTOP')
    await expect.poll(() => gateway.stores.redis.healthy()).toBe(false)
  }
  const ask = async (name: string, points: number, subject?: string) => {
    const { allowed, remaining, resetMs, retryMs, decidedBy } = await consume(name, { points, subject })
    expect(decidedBy).toBe(store)
    return { allowed, remaining, resetMs, retryMs }
  }

  it('what is refused is not counted, and more than the limit is never admitted', async () => {
    for (const kind of ['fixed_window', 'sliding_window', 'token_bucket']) {
      const name = await limit({ kind, points: 10, windowSeconds: 3_600 })
      await consume(name, { subject: 'warm' })
      await ready()
      expect(await ask(name, 7)).toMatchObject({ allowed: true, remaining: 3, retryMs: null })
      const refused = await ask(name, 4)
      expect(refused).toMatchObject({ allowed: false, remaining: 3 })
      expect(refused.retryMs).toBeGreaterThan(0)
      expect(refused.retryMs).toBeLessThanOrEqual(refused.resetMs)
      expect(await ask(name, 3)).toMatchObject({ allowed: true, remaining: 0 })
      expect(await ask(name, 11)).toMatchObject({ allowed: false, retryMs: null })
      expect(await ask(name, 10, 'another')).toMatchObject({ allowed: true, remaining: 0 })
      process.kill(redis.pid, 'SIGCONT')
    }
  })

  it('retryMs says when the same points are admitted', async () => {
    for (const kind of ['fixed_window', 'sliding_window', 'token_bucket']) {
      const name = await limit({ kind, points: 10, windowSeconds: 4 })
      await consume(name, { subject: 'warm' })
      await ready()
      while (!(await ask(name, 10)).allowed) await sleep(20)
      const { allowed, retryMs } = await ask(name, 2)
      // A window of the clock may have ended between the two.
      if (allowed) expect(kind).toBe('fixed_window')
      else {
        await sleep((retryMs ?? 0) + 3)
        expect(await ask(name, 2)).toMatchObject({ allowed: true })
      }
      process.kill(redis.pid, 'SIGCONT')
      await gateway.stores.redis.ready()
    }
  })
})

it('asks of a policy count by minute and subject', async () => {
  const name = await limit({ kind: 'fixed_window', points: 5, windowSeconds: 86_400 })
  for (let n = 0; n < 8; n++) await consume(name, { subject: n % 2 ? 'a' : 'b' })
  const { body } = await gateway.call(pathOf(name), { method: 'PUT', body: { kind: 'fixed_window', points: 5, windowSeconds: 86_400 } }) // prettier-ignore
  expect(body.created).toBe(false)
  const counted = async () => {
    const window = { from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 60_000) }
    return (await limitTotals(gateway.stores.db, window)).find(({ policyId }) => policyId === body.id)
  }
  await expect.poll(counted, { timeout: 5_000 }).toMatchObject({ admitted: 8, refused: 0, subjects: 2 })
})

it('a tenant’s own limit goes before everybody’s, and its subjects are its own (R11)', async () => {
  const [tenant, other, name] = [newTenant(), newTenant(), await limit({ kind: 'fixed_window', points: 1, windowSeconds: 86_400 })] // prettier-ignore
  await gateway.call(`/v1/tenants/${tenant}`, { method: 'PUT' })
  const own = { kind: 'fixed_window', points: 2, windowSeconds: 86_400, tenant }
  expect((await gateway.call(pathOf(name), { method: 'PUT', body: own })).status).toBe(201)
  const bound = await gateway.keyFor('app', [tenant])
  const ask = (body: object, key?: string) =>
    gateway.call(`${pathOf(name)}/consume`, { method: 'POST', body: { subject: 's', ...body }, key })
  expect((await ask({}, bound)).body).toMatchObject({ allowed: true, remaining: 1 })
  expect((await ask({ tenant })).body).toMatchObject({ allowed: true, remaining: 0 })
  expect((await ask({}, bound)).body).toMatchObject({ allowed: false })
  expect((await ask({ tenant: other })).body).toMatchObject({ allowed: true, remaining: 0 })
  expect((await ask({ tenant: other }, bound)).status).toBe(403)
  const several = await gateway.keyFor('app', [tenant, other])
  expect((await ask({}, several)).body).toMatchObject({ error: { code: 'bad_request', field: 'tenant' } })
})

it('R13: an unknown limit is 404, and what is wrong with an input is named', async () => {
  const path = `${pathOf(await limit({ kind: 'fixed_window', points: 1, windowSeconds: 60 }))}/consume`
  const refused = async (body: unknown, at = path) => {
    const { status, body: answer } = await gateway.call(at, { method: 'POST', body })
    return [status, (answer.error as { field?: string }).field]
  }
  expect(await refused({ subject: 's' }, '/v1/limits/none/consume')).toEqual([404, 'policy'])
  expect(await refused({})).toEqual([400, 'subject'])
  expect(await refused({ subject: 'a\0b' })).toEqual([400, 'subject'])
  expect(await refused({ subject: 'x'.repeat(201) })).toEqual([400, 'subject'])
  for (const points of [0, -1, 1.5, 1e300, '1'])
    expect(await refused({ subject: 's', points })).toEqual([400, 'points'])
  for (const subject of ['two words', 'a\nb', '{x}', '%', '<b>', '👩‍🚀'])
    expect((await gateway.call(path, { method: 'POST', body: { subject } })).body).toMatchObject({ allowed: true })
  const put = async (body: object) => {
    const { status, body: answer } = await gateway.call('/v1/limits/x', { method: 'PUT', body })
    return [status, (answer.error as { field?: string }).field]
  }
  const terms = { kind: 'fixed_window', points: 1, windowSeconds: 60 }
  expect(await put({ ...terms, kind: 'leaky' })).toEqual([400, 'kind'])
  expect(await put({ ...terms, refillPoints: 3 })).toEqual([400, 'refillPoints'])
  expect(await put({ ...terms, tenant: newTenant() })).toEqual([400, 'tenant'])
})

it('a change is heard at once, and a deleted limit is gone', async () => {
  const name = await limit({ kind: 'fixed_window', points: 1, windowSeconds: 86_400 })
  await consume(name)
  expect((await consume(name)).allowed).toBe(false)
  await gateway.call(pathOf(name), { method: 'PUT', body: { kind: 'fixed_window', points: 2, windowSeconds: 86_400 } })
  await expect.poll(async () => (await consume(name)).remaining, { timeout: 500 }).toBe(0)
  expect((await gateway.call(pathOf(name), { method: 'DELETE' })).status).toBe(200)
  const status = async () =>
    (await gateway.call(`${pathOf(name)}/consume`, { method: 'POST', body: { subject: 's' } })).status
  await expect.poll(status, { timeout: 500 }).toBe(404)
  expect((await gateway.call(pathOf(name), { method: 'DELETE' })).status).toBe(404)
})

it('who has used up a budget that refuses is refused, is told its name, and takes no points', async () => {
  const tenant = newTenant()
  await gateway.call(`/v1/tenants/${tenant}`, { method: 'PUT' })
  const user = 'u-1'
  const name = await limit({ kind: 'fixed_window', points: 1_000, windowSeconds: 86_400, subject: 'user' })
  const take = (subject: string) =>
    gateway
      .call(`${pathOf(name)}/consume`, { method: 'POST', body: { subject, tenant }, key: gateway.keys.app })
      .then(({ body }) => body)
  expect(await take(user)).toMatchObject({ allowed: true, remaining: 999 })

  const caller = { ...gateway.stores, actor: system }
  const none = { key: null, model: null, prompt: null, rollingDays: null, timezone: 'UTC' }
  const terms = { name: 'Trial', amountUsd: '0.01', period: 'day', thresholds: [100], enforcement: 'refuse' }
  const { id } = await createBudget(caller, CreateBudget.parse({ ...none, ...terms, tenant, user }))
  const call = { provider: 'openai', model: 'gpt-4o', inputTokens: 100_000, outputTokens: 0 }
  const event = { ...call, id: randomUUID(), tenant, user, occurredAt: new Date().toISOString() }
  await gateway.call('/v1/usage', { method: 'POST', body: { events: [event] } })
  await watchBudgets(gateway.stores)

  const refused = { allowed: false, retryMs: null, budgetsUsedUp: [{ id, name: 'Trial' }] }
  await expect.poll(() => take(user), { timeout: 15_000 }).toMatchObject(refused)
  const { remaining } = await take(user)
  expect(await take(user)).toMatchObject({ ...refused, remaining })
  expect(await take('u-2')).toMatchObject({ allowed: true, remaining: 999 })
  await deleteBudget(caller, { id })
  await expect
    .poll(() => take(user), { timeout: 15_000 })
    .toMatchObject({ allowed: true, remaining: Number(remaining) - 1 })
})

it('what a limit said at an instant is told, of a tenant its own before everybody’s', async () => {
  const [tenant, kind] = [newTenant(), 'fixed_window']
  await gateway.call(`/v1/tenants/${tenant}`, { method: 'PUT' })
  const name = await limit({ kind, points: 5, windowSeconds: 60 })
  const put = (body: object) =>
    gateway.call(pathOf(name), { method: 'PUT', body: { kind, windowSeconds: 60, ...body } })
  const instant = async () => {
    await sleep(5)
    const [{ now } = { now: '' }] = await gateway.stores.db.execute<{ now: string }>('select clock_timestamp() as now')
    await sleep(5)
    return new Date(now)
  }
  const [before, created] = [new Date(Date.now() - 3_600_000), await instant()]
  await put({ points: 9 })
  await put({ points: 7, tenant })
  const changed = await instant()
  await gateway.call(pathOf(name), { method: 'DELETE' })
  const deleted = await instant()
  const said = async (at: Date, tenant: string | null = null) =>
    (await limitsAt(gateway.stores, { at, tenant }))
      .filter((one) => one.name === name)
      .map((one) => [one.tenant, one.points])
  expect(await said(before)).toEqual([])
  expect(await said(created, tenant)).toEqual([[null, 5]])
  expect(await said(changed)).toEqual([[null, 9]])
  expect(await said(changed, tenant)).toEqual([[tenant, 7]])
  expect(await said(deleted)).toEqual([])
  expect(await said(deleted, tenant)).toEqual([[tenant, 7]])
})
