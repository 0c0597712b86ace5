import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  commandSeconds,
  commandTotals,
  deleteOldCommands,
  insertSlowCommands,
  slowCommands,
} from '@/db/postgres/queries/redis-commands'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { readInfo } from '@/db/redis/info'
import { startRedis } from '@/scripts/engines/redis'
import { commandMinutes } from '@/server/services/cache/command-minutes'
import { connectDb } from '@/server/services/stores'
import { slowLogKeeper } from './keep-slow-log'

const db = connectDb('worker')
const run = randomUUID().slice(0, 8)
let engine: Awaited<ReturnType<typeof startRedis>>
let redis: RedisStore

const start = async (port?: number) => {
  engine = await startRedis({ dataDir: 'memory', port })
  redis = connectRedis({ urls: [engine.url], name: `slow-${run}`, deadlineMs: 5_000 })
  await redis.ready()
}
/** Every command from now on, but not those of the connection itself. */
const slowly = async (...keys: string[]) => {
  await redis.commands.config('SET', 'slowlog-log-slower-than', 0)
  for (const key of keys) await redis.commands.set(key, 'a secret text that nobody shall read here', 'PX', 60_000)
  await redis.commands.config('SET', 'slowlog-log-slower-than', -1)
}
const kept = async () => {
  const { rows } = await slowCommands(db, {
    from: new Date(Date.now() - 600_000),
    to: new Date(Date.now() + 60_000),
    limit: 5_000,
  })
  return rows.filter(({ args }) => args.includes(run))
}

beforeAll(() => start())
afterAll(async () => {
  redis.close()
  await engine.stop()
  await db.close()
})

describe('the slow log', () => {
  it('is kept once, whoever reads it and however often, with its arguments cut', async () => {
    const keep = slowLogKeeper({ db, redis })
    await slowly(`${run}:a`, `${run}:b`)
    await Promise.all([keep(), slowLogKeeper({ db, redis })()])
    await keep()
    const entries = await kept()
    expect(entries.map(({ args }) => args.split(' ')[0]).sort()).toEqual([`${run}:a`, `${run}:b`])
    expect(entries[0]).toMatchObject({ command: 'set', client: `slow-${run}` })
    expect(entries[0]?.args).toMatch(/… 2 more$/)
    await slowly(`${run}:${'long'.repeat(100)}`)
    expect(await keep()).toBeGreaterThan(0)
    expect(Math.max(...(await kept()).map(({ args }) => args.length))).toBeLessThan(250)
  })

  it('outlives SLOWLOG RESET and a restart of Redis, which counts its ids from 0 again', async () => {
    const keep = slowLogKeeper({ db, redis })
    await keep()
    const before = (await kept()).length
    await redis.commands.slowlog('RESET')
    expect(await keep()).toBe(0)
    expect(await kept()).toHaveLength(before)

    const port = Number(new URL(engine.url).port)
    redis.close()
    await engine.stop()
    await start(port)
    await slowly(`${run}:after`)
    const again = slowLogKeeper({ db, redis })
    await again()
    await again()
    const entries = await kept()
    expect(entries).toHaveLength(before + 1)
    expect(new Set(entries.map(({ runId }) => runId)).size).toBe(2)
  })

  it('is forgotten after its time', async () => {
    const old = {
      runId: run,
      id: 1,
      usec: 5,
      command: 'get',
      args: run,
      client: '',
      at: new Date(Date.UTC(2001, 0, 1)),
    }
    expect(await insertSlowCommands(db, [old])).toBe(1)
    expect(await deleteOldCommands(db, { before: new Date(Date.UTC(2002, 0, 1)), limit: 100 })).toBeGreaterThan(0)
  })
})

describe('command rates', () => {
  /** Minutes have no worker and no tenant: a minute of its own, long ago. */
  const minute = Date.UTC(2005, 0, 1) + Math.floor(Math.random() * 1_000_000) * 60_000
  const range = { from: new Date(minute), to: new Date(minute + 60_000) }

  it('are the difference of two readings, and a minute that another worker saw more of wins', async () => {
    const rates = commandMinutes({ db })
    const first = { at: minute + 1_000, reading: await readInfo(redis) }
    for (let n = 0; n < 30; n++) await redis.commands.get(`${run}:rate`)
    await redis.commands.hget(`${run}:rate`, 'f')
    const second = { at: minute + 6_000, reading: await readInfo(redis) }
    rates.add(first, second)
    await rates.flush(minute + 30_000)
    expect((await commandTotals(db, { ...range, limit: 50 })).rows).toEqual([])
    await rates.flush(minute + 61_000)
    const { rows, usec } = await commandTotals(db, { ...range, limit: 50 })
    expect(rows.find(({ command }) => command === 'get')?.calls).toBe(30)
    expect(rows.find(({ command }) => command === 'hget')?.calls).toBe(1)
    expect(rows.find(({ command }) => command === 'set')).toBeUndefined()
    expect(usec).toBe(rows.reduce((sum, row) => sum + row.usec, 0))
    expect(await commandSeconds(db, range)).toBeCloseTo(5)

    const other = commandMinutes({ db })
    other.add({ ...first, at: minute + 3_000 }, second)
    await other.flush(minute + 61_000)
    expect(await commandSeconds(db, range)).toBeCloseTo(5)
    await deleteOldCommands(db, { before: new Date(minute + 60_000), limit: 1_000 })
  })
})
