import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { edgesOf } from '@/db/redis/foreign-boards'
import { startRedis } from '@/scripts/engines/redis'
import { DeclareFamily } from '@/server/services/cache/census/census.schema'
import { declareFamily, forgetFamily } from '@/server/services/cache/census/declare-family'
import { type Caller, system } from '@/server/services/context'
import { addConnection, removeConnection } from '@/server/services/redis-keys/connections'
import { AddConnection } from '@/server/services/redis-keys/redis-keys.schema'
import { connectStores } from '@/server/services/stores'
import { foreignBoardPage } from './foreign-board-page'
import { ForeignBoardPage, ListForeignBoards } from './foreign-boards.schema'
import { boardFamilies, listForeignBoards } from './list-foreign-boards'

const stores = connectStores('console')
const caller: Caller = { ...stores, actor: system }
const run = randomUUID().slice(0, 8)
const family = `boards ${run}`
const key = (name: string) => `board-${run}:${name}`
let engine: Awaited<ReturnType<typeof startRedis>>
let redis: RedisStore
const here = { connection: '' }

beforeAll(async () => {
  engine = await startRedis({ dataDir: 'memory' })
  redis = connectRedis({ urls: [engine.url], name: 'boards-test', deadlineMs: 5_000 })
  await Promise.all([redis.ready(), stores.redis.ready()])
  const declared = {
    name: family,
    pattern: key('*'),
    kind: 'leaderboard',
    decode: 'opaque',
    userAt: null,
    software: null,
  }
  await declareFamily(caller, DeclareFamily.parse(declared))
  here.connection = (await addConnection(caller, AddConnection.parse({ name: run, address: engine.url }))).id
}, 60_000)
afterAll(async () => {
  await forgetFamily(caller, { name: family })
  await removeConnection(caller, here)
  redis.close()
  await engine.stop()
  await stores.close()
})

const b64 = (text: string) => Buffer.from(text).toString('base64url')
const page = (name: string, asked: Partial<ForeignBoardPage> = {}) =>
  foreignBoardPage(stores, ForeignBoardPage.parse({ ...here, key: b64(key(name)), page: 0, lowest: false, member: null, ...asked })) // prettier-ignore

it('sorted sets of a declared family are listed with who leads them, and nothing else is', async () => {
  await redis.commands.zadd(key('week'), 3, 'ann', 5, '<b>bob</b>')
  await redis.commands.set(key('text'), 'no board')
  await redis.commands.zadd(`other-${run}`, 1, 'x')
  expect(await boardFamilies(stores)).toContainEqual({ name: family, pattern: key('*'), software: null })
  const list = await listForeignBoards(stores, ListForeignBoards.parse({ ...here, family }))
  expect(list.boards.map(({ name }) => name)).toEqual([key('week')])
  expect(list.boards[0]).toMatchObject({ members: 2, expiresAt: null, highest: { member: '<b>bob</b>', score: '5' } })
  expect(list.next).toBeNull()
  const none = ListForeignBoards.parse({ ...here, family: `no ${run}` })
  await expect(listForeignBoards(stores, none)).rejects.toMatchObject({ code: 'not_found', field: 'family' })
})

it('a board is paged, shows a member among its neighbours either way round, and says how scores lie', async () => {
  const pairs = Array.from({ length: 120 }, (_, n) => [n, `m-${String(n).padStart(3, '0')}`] as const)
  await redis.commands.zadd(key('big'), ...pairs.flat())
  const first = await page('big')
  expect(first.ranking).toHaveLength(50)
  expect(first.ranking[0]).toMatchObject({ rank: 1, member: 'm-119', score: '119' })
  const last = await page('big', { page: 2, member: b64('m-001') })
  expect(last.ranking.map(({ rank }) => rank)).toEqual(Array.from({ length: 20 }, (_, n) => 101 + n))
  expect(last.place).toBe(119)
  expect(last.around.map(({ member }) => member)).toEqual(['m-004', 'm-003', 'm-002', 'm-001', 'm-000'])
  const up = await page('big', { lowest: true, member: b64('m-001') })
  expect(up.place).toBe(2)
  expect(up.ranking[0]).toMatchObject({ member: 'm-000' })
  expect((await page('big', { member: b64('nobody') })).place).toBeNull()
  expect(up.spread).toMatchObject({ low: 0, high: 119, below: 0, above: 0 })
  expect(up.spread.counts.reduce((sum, one) => sum + one, 0)).toBe(120)
  expect((await page('big', { page: 1_000 })).ranking).toEqual([])
})

it('scores beyond what can be drawn, members that are bytes and keys of other types are told as they are', async () => {
  const { commands } = redis
  await commands.zadd(
    key('odd'),
    '-inf',
    'low',
    '+inf',
    'high',
    String(2 ** 60),
    'huge',
    '1e308',
    'larger',
    '-1e308',
    'least',
  )
  await commands.zadd(key('odd'), 7, Buffer.from([0xff, 0]))
  const odd = await page('odd', { member: Buffer.from([0xff, 0]).toString('base64url') })
  expect(odd.ranking.map(({ member }) => member)).toEqual(['high', 'larger', 'huge', '\\xff\\x00', 'least', 'low'])
  expect(odd.ranking[0]?.score).toBe('inf')
  expect(Number(odd.ranking[2]?.score)).toBe(2 ** 60)
  expect(odd.place).toBe(4)
  expect(odd.spread).toMatchObject({ low: -1e308, high: 1e308, below: 1, above: 1 })
  expect(odd.spread.counts.reduce((sum, one) => sum + one, 0)).toBe(4)
  await commands.zadd(key('infinite'), '+inf', 'a')
  expect((await page('infinite')).spread).toEqual({ low: null, high: null, counts: [], below: 0, above: 1 })
  await commands.zadd(key('heavy'), 1, 'x'.repeat(1_000_000))
  expect(await page('heavy')).toMatchObject({ most: 0, ranking: [] })
  await commands.set(key('text'), 'v')
  await expect(page('text')).rejects.toMatchObject({ code: 'conflict', field: 'key' })
  await expect(page('none')).rejects.toMatchObject({ code: 'not_found', field: 'key' })
})

it('R8: a page of a board asks for a few places and counts, never for all of it', async () => {
  const { commands } = redis
  await commands.zadd(key('asked'), ...Array.from({ length: 500 }, (_, n) => [n, `m-${n}`]).flat())
  await page('asked')
  const before = ((await commands.config('GET', 'slowlog-log-slower-than')) as string[])[1] ?? '10000'
  onTestFinished(async () => void (await commands.config('SET', 'slowlog-log-slower-than', before)))
  await commands.config('SET', 'slowlog-log-slower-than', 0)
  await commands.slowlog('RESET')
  await page('asked', { page: 3, member: b64('m-250') })
  await commands.config('SET', 'slowlog-log-slower-than', -1)
  const log = (await commands.slowlog('GET', 100)) as [number, number, number, string[]][]
  const sent = log.map(([, , , args]) => args).filter(([command]) => !/^(slowlog|config)$/i.test(command ?? ''))
  expect(sent.length).toBeGreaterThan(20)
  for (const [command = '', , from, to, ...rest] of sent) {
    expect(command.toLowerCase()).toMatch(
      /^(type|zcard|memory|pexpiretime|zrevrank|zrevrange|zrangebyscore|zrevrangebyscore|zcount|ping|info|client|select)$/,
    )
    if (/^zrevrange$/i.test(command)) expect(Number(to) - Number(from)).toBeLessThan(50)
    if (/byscore$/i.test(command)) expect(rest.slice(-2)).toEqual(['0', '1'])
    if (/^memory$/i.test(command)) expect(to ?? from).not.toBe('0')
  }
})

it('stretches of scores have ends that a double holds', () => {
  expect(edgesOf(-1e308, 1e308, 4).every(Number.isFinite)).toBe(true)
  expect(edgesOf(3, 3, 20)).toEqual([3, 3])
  expect(edgesOf(0, 10, 2)).toEqual([0, 5, 10])
})
