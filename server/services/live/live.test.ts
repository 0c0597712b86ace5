import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { upsertProcess } from '@/db/postgres/queries/processes'
import { faultyStores } from '@/server/console/test-support'
import { connectStores } from '@/server/services/stores'
import { createPulse } from './pulse'
import { pulseReader } from './read-pulse'
import { callsBetween, millisecondsOf, reportProcess } from './report-process'
import { thisProcess } from './this-process'

type World = Awaited<ReturnType<typeof faultyStores>>
let world: World
beforeAll(async () => {
  world = await faultyStores()
})
afterAll(() => world.close())

describe('the pulse', () => {
  test('says which store is down and since when, and goes back up by itself', async () => {
    const read = pulseReader(world.stores)
    expect(await read()).toMatchObject({
      redis: { up: true, downSince: null },
      postgres: { up: true, downSince: null },
    })
    const cutAt = Date.now()
    world.redisLink.cut()
    world.postgresLink.cut()
    await vi.waitFor(() => expect(world.stores.redis.healthy()).toBe(false), 5_000)
    const down = await read()
    for (const store of [down.redis, down.postgres]) {
      expect(store.up).toBe(false)
      expect(Math.abs(Date.parse(store.downSince ?? '') - cutAt)).toBeLessThan(2_000)
    }
    expect((await read()).postgres.downSince).toBe(down.postgres.downSince)
    world.redisLink.mend()
    world.postgresLink.mend()
    await vi.waitFor(
      async () => expect(await read()).toMatchObject({ redis: { up: true }, postgres: { up: true } }),
      5_000,
    )
  })

  test('R5: a frozen Postgres is told within two seconds', async () => {
    const read = pulseReader(world.stores)
    world.postgresLink.freeze()
    const started = Date.now()
    expect((await read()).postgres.up).toBe(false)
    expect(Date.now() - started).toBeLessThan(2_000)
    world.postgresLink.thaw()
    await vi.waitFor(async () => expect((await read()).postgres.up).toBe(true), { timeout: 10_000 })
  })

  test('R8: is read once for all who listen, and ends with them', async () => {
    const calls = vi.spyOn(world.stores.db, 'execute')
    const { listen } = createPulse(world.stores)
    const ending = new AbortController()
    const listeners = Array.from({ length: 5 }, () => listen(ending.signal))
    const rounds = async () =>
      (await Promise.all(listeners.map((listener) => listener.next()))).map(({ value }) => value?.at)
    expect(new Set(await rounds()).size).toBe(1)
    expect(new Set(await rounds()).size).toBe(1)
    // One statement a round and now and then two for the own share: fewer than one for each who listens.
    expect(calls.mock.calls.length).toBeLessThan(2 * listeners.length)
    ending.abort()
    const last = await Promise.all(listeners.map((listener) => listener.next()))
    expect(last.every(({ done }) => done)).toBe(true)
    calls.mockRestore()
  })

  test('R5: whoever asks Postgres can know at once that it is down', async () => {
    const { listen, postgresDown } = createPulse(world.stores)
    const pulses = listen(undefined)
    await pulses.next()
    expect(postgresDown()).toBe(false)
    world.postgresLink.cut()
    await pulses.next()
    expect(postgresDown()).toBe(true)
    world.postgresLink.mend()
    await vi.waitFor(async () => {
      await pulses.next()
      expect(postgresDown()).toBe(false)
    }, 10_000)
    await pulses.return()
  })

  test("R8: our own share is console's and worker's, not the gateway's", async () => {
    const before = (await pulseReader(world.stores)()).own.redisShare ?? 0
    const report = { host: 'test', version: 'test', startedAt: new Date(), postgresMsPerSecond: 0 }
    for (const [role, redisMsPerSecond] of [['console', 2], ['worker', 3], ['gateway', 500]] as const)
      await upsertProcess(world.stores.db, { ...report, id: randomUUID(), role, redisMsPerSecond }) // prettier-ignore
    const { own } = await pulseReader(world.stores)()
    expect((own.redisShare ?? 0) - before).toBeCloseTo(0.005, 3)
  })
})

describe('the own cost', () => {
  test('of Redis is our calls by what Redis measured for each command', () => {
    const calls = callsBetween(new Map([['get', 10]]), new Map([['get', 110], ['info', 2]])) // prettier-ignore
    expect(millisecondsOf(calls, new Map([['get', 5], ['info', 250]]))).toBe(1) // prettier-ignore
  })

  test('is told by a process for itself, what it asked of either store', async () => {
    const started = new Date()
    const stores = connectStores('worker')
    await stores.redis.ready()
    const stop = reportProcess(stores, thisProcess('worker'), 200)
    const ours = () => stores.db.query.processes.findMany({ where: (t, { gte }) => gte(t.startedAt, started) })
    try {
      await vi.waitFor(async () => {
        const row = (await ours()).find(({ role, host }) => role === 'worker' && host !== 'test')
        expect(row?.redisMsPerSecond).toBeGreaterThan(0)
        expect(row?.postgresMsPerSecond).toBeGreaterThan(0)
      }, 5_000)
    } finally {
      await stop()
      expect((await ours()).some(({ role, host }) => role === 'worker' && host !== 'test')).toBe(false)
      await stores.close()
    }
  })
})
