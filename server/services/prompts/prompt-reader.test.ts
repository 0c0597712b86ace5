import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectPostgres } from '@/db/postgres/client'
import { connectRedis } from '@/db/redis/client'
import { subscribeInvalidations } from '@/db/redis/invalidations'
import { keys } from '@/db/redis/keys'
import { forgetPrompt, readCachedPrompt } from '@/db/redis/prompts'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { rawSql } from '@/scripts/faults/raw-sql'
import type { Caller, Stores } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { relayOutbox } from '@/server/worker/jobs/relay-outbox'
import { redisReteller } from '@/server/worker/jobs/retell-redis'
import { startSchedule } from '@/server/worker/schedule'
import { wakeRelay } from '@/server/worker/wake-relay'
import { activatePrompt } from './activate-prompt'
import { createPrompt } from './create-prompt'
import { createVersion } from './create-version'
import { promptReader } from './prompt-reader'

const databaseUrl = process.env.DATABASE_URL ?? ''
const redisUrl = process.env.REDIS_URL ?? ''
const channel = 'production'
const writer = connectStores('console')
const caller: Caller = { ...writer, actor: { kind: 'key', id: 'test', name: 'ci', role: 'operator' } }
const closing: (() => unknown)[] = [() => writer.close()]

beforeAll(() => writer.redis.ready())
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

/** A process of its own: connections through links that can be made to misbehave. */
async function processOf({ copies }: { copies: boolean }) {
  const [postgresLink, redisLink] = [await faultyLink(databaseUrl), await faultyLink(redisUrl)]
  const db = connectPostgres({ url: postgresLink.url, poolSize: 4, deadlineMs: 3_000, applicationName: 'test' })
  const redis = connectRedis({ urls: [redisLink.url], name: 'test', deadlineMs: 100 })
  const invalidations = copies ? subscribeInvalidations({ urls: [redisLink.url], name: 'test' }) : null
  const stores: Stores = { db, redis }
  const reader = promptReader(stores, invalidations)
  closing.push(async () => {
    reader.close()
    invalidations?.close()
    redis.close()
    await db.close()
    await postgresLink.close()
    await redisLink.close()
  })
  await redis.ready()
  await sleep(1_100) // until the reader believes its Redis
  return { stores, reader, postgresLink, redisLink, read: async (name: string) => reader.read({ name, channel }) }
}

async function promptWith(versions: number): Promise<string> {
  const name = `test/${randomUUID()}`
  await createPrompt(caller, { name })
  for (let version = 1; version <= versions; version++)
    await createVersion(caller, { name, content: `Version ${version}`, force: false })
  await activate(name, 1)
  return name
}
const activate = (name: string, version: number, as: Caller = caller) => activatePrompt(as, { name, version, channel })

it('R3 R4: an activation whose process died before telling Redis is told by the relay', async () => {
  const process = await processOf({ copies: true })
  const name = await promptWith(2)
  expect((await process.read(name)).prompt.version).toBe(1)
  const dead = connectRedis({ urls: ['redis://127.0.0.1:1'], name: 'dead', deadlineMs: 50 })
  closing.push(() => dead.close())
  const reply = await activate(name, 2, { ...caller, redis: dead })
  expect(reply).toMatchObject({ revision: 2, appliedAt: null })
  expect((await process.read(name)).prompt.version).toBe(1)
  expect(await relayOutbox(writer)).toBeGreaterThan(0)
  await expect.poll(async () => (await process.read(name)).prompt.version, { timeout: 250 }).toBe(2)
  expect(await relayOutbox(writer)).toBe(0)
})

/** Clients of the embedded Postgres share one session: what it notifies reaches nobody. */
async function sessionsOfTheirOwn(): Promise<boolean> {
  const clients = [rawSql(databaseUrl), rawSql(databaseUrl)]
  const pids = await Promise.all(clients.map(async (sql) => (await sql`select pg_backend_pid() as pid`)[0]?.pid))
  for (const sql of clients) await sql.end()
  return pids[0] !== pids[1]
}

it.each([
  { listens: true, everyMs: 3_600_000, url: databaseUrl, how: 'woken by its NOTIFY, long before the next look' },
  {
    listens: false,
    everyMs: 200,
    url: 'postgres://postgres@127.0.0.1:1/none',
    how: 'by its looks where it cannot listen',
  },
])('R3 R4: the relay tells an activation whose process died: $how', async ({ listens, everyMs, url }) => {
  const wakeUps = listens && (await sessionsOfTheirOwn())
  const process = await processOf({ copies: true })
  const dead = connectRedis({ urls: ['redis://127.0.0.1:1'], name: 'dead', deadlineMs: 50 })
  const run = async () => relayOutbox(writer)
  const schedule = startSchedule([{ name: 'relay-outbox', everyMs: wakeUps ? everyMs : 200, run }])
  const stopListening = wakeRelay(() => schedule.wake('relay-outbox'), url)
  closing.push(stopListening, schedule.stop, () => dead.close())
  const name = await promptWith(2)
  expect((await process.read(name)).prompt.version).toBe(1)
  await sleep(500)

  const began = performance.now()
  const dying = activate(name, 2, { ...caller, redis: dead })
  await expect.poll(async () => (await process.read(name)).prompt.version, { interval: 5, timeout: 1_500 }).toBe(2)
  expect(performance.now() - began).toBeLessThan(1_000)
  await dying
  await stopListening()
  await schedule.stop()
})

it('R4: a Redis that comes back with what it held before is told again', async () => {
  const process = await processOf({ copies: false })
  const name = await promptWith(2)
  await process.read(name)
  const entry = () => readCachedPrompt(writer.redis, { name, channel })
  await expect.poll(entry).not.toBeNull()
  const old = (await entry()) ?? ''
  const reteller = redisReteller(writer)
  expect(await reteller()).toBeGreaterThan(0)
  expect(await reteller()).toBe(0)
  await activate(name, 2)
  await writer.redis.commands.set(keys.prompt(name, channel), old) // as a restart from an old snapshot would
  expect((await process.read(name)).prompt.version).toBe(1)
  await redisReteller(writer)()
  expect((await process.read(name)).prompt.version).toBe(2)
})

it('R4: an entry of a process that knew no rollouts is a miss, and replaced', async () => {
  const { reader, read } = await processOf({ copies: false })
  const name = await promptWith(1)
  const { json } = await read(name)
  const entry = () => readCachedPrompt(writer.redis, { name, channel })
  await expect.poll(entry).toBe(`${json.slice(0, -1)},"rollout":null}`)
  await writer.redis.commands.set(keys.prompt(name, channel), json)
  const before = { ...reader.reads }
  expect((await read(name)).json).toBe(json)
  expect(reader.reads).toEqual({ ...before, postgres: before.postgres + 1 })
  await expect.poll(entry).not.toBe(json)
  expect((await read(name)).json).toBe(json)
  expect(reader.reads.redis).toBe(before.redis + 1)
})

it.each(['freeze', 'cut'] as const)(
  'R5: Redis gone (%s): every read is right within 150 ms at p99, back within 2 s',
  async (fault) => {
    const [copying, sharing] = await Promise.all([processOf({ copies: true }), processOf({ copies: false })])
    const name = await promptWith(4)
    const waits: number[] = []
    const check = async (version: number) => {
      for (const { read } of [copying, sharing]) {
        const began = performance.now()
        expect((await read(name)).prompt.version).toBe(version)
        waits.push(performance.now() - began)
      }
      await sleep(2)
    }
    for (let turn = 0; turn < 5; turn++) await check(1)
    for (const { redisLink } of [copying, sharing]) redisLink[fault]()
    for (let turn = 0; turn < 150; turn++) await check(1)
    // Both processes are cut off: neither hears of this one, and a copy may be 250 ms old.
    await activate(name, 2)
    await sleep(250)
    for (let turn = 0; turn < 150; turn++) await check(2)

    for (const { redisLink } of [copying, sharing]) redisLink[fault === 'freeze' ? 'thaw' : 'mend']()
    const healed = performance.now()
    const before = { copy: copying.reader.reads.copy, redis: sharing.reader.reads.redis }
    const recovered = () => copying.reader.reads.copy > before.copy && sharing.reader.reads.redis > before.redis
    while (!recovered() && performance.now() - healed < 5_000) await check(2)
    expect(performance.now() - healed).toBeLessThan(2_000)
    waits.sort((a, b) => a - b)
    expect(waits[Math.floor(waits.length * 0.99)]).toBeLessThan(150)
  },
)

it('R5: Postgres gone: what is warm is served on, from the copy and from Redis', async () => {
  const [copying, sharing] = await Promise.all([processOf({ copies: true }), processOf({ copies: false })])
  const name = await promptWith(1)
  for (const { read } of [copying, sharing]) await read(name)
  await expect.poll(() => readCachedPrompt(writer.redis, { name, channel })).not.toBeNull()
  for (const { postgresLink } of [copying, sharing]) postgresLink.cut()
  for (const { read } of [copying, sharing]) expect((await read(name)).prompt.content).toBe('Version 1')
  await forgetPrompt(writer.redis, { name, channel })
  await expect(sharing.read(name)).rejects.toThrow()
})

it('says what is missing', async () => {
  const { reader } = await processOf({ copies: true })
  const name = `test/${randomUUID()}`
  await expect(reader.read({ name, channel })).rejects.toMatchObject({ code: 'not_found', field: 'name' })
  await createPrompt(caller, { name })
  await expect(reader.read({ name, channel })).rejects.toMatchObject({ code: 'not_found', field: 'channel' })
})
