import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { RedisStore as ConnectRedis } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { createClient } from 'redis'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { newestCensus } from '@/db/postgres/queries/censuses'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { startRedis } from '@/scripts/engines/redis'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { rawSql } from '@/scripts/faults/raw-sql'
import type { CensusReport } from '@/server/services/cache/census/census.schema'
import { DeclareFamily } from '@/server/services/cache/census/census.schema'
import { declareFamily, forgetFamily } from '@/server/services/cache/census/declare-family'
import { censusTaker } from '@/server/services/cache/census/take-census'
import { type Caller, system } from '@/server/services/context'
import { addConnection, removeConnection, setWritable } from '@/server/services/redis-keys/connections'
import { AddConnection } from '@/server/services/redis-keys/redis-keys.schema'
import { connectStores } from '@/server/services/stores'
import { logOutSessions } from '@/server/worker/jobs/log-out-sessions'
import { listLogOuts } from '@/server/services/sessions/list-log-outs'
import { undoLogOut } from '@/server/services/sessions/undo-log-out'
import { ForeignLogOut, ListForeign } from './foreign-sessions.schema'
import { countForeign, listForeign, peekForeign } from './list-foreign'
import { logOutForeign } from './log-out-foreign'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const sql = rawSql(process.env.DATABASE_URL ?? '')
const run = randomUUID().slice(0, 8)
const prefix = `sess-${run}:`
const names = { shop: `shop ${run}`, spring: `spring ${run}`, odd: `odd ${run}` }
let engine: Awaited<ReturnType<typeof startRedis>>
let redis: RedisStore
let shop: Awaited<ReturnType<typeof startShop>>
/** The connection to the Redis of that application; Engram's own is another one. */
const here = { connection: '' }

const declare = (family: Partial<DeclareFamily> & Pick<DeclareFamily, 'name' | 'pattern'>) =>
  declareFamily(
    caller,
    DeclareFamily.parse({ kind: 'session', decode: 'json', userAt: 'passport.user', software: null, ...family }),
  )
const connect = async (address: string, password: string | null = null) =>
  (await addConnection(caller, AddConnection.parse({ name: `c-${randomUUID().slice(0, 8)}`, address, password }))).id

beforeAll(async () => {
  engine = await startRedis({ dataDir: 'memory' })
  redis = connectRedis({ urls: [engine.url], name: 'foreign-test', deadlineMs: 5_000 })
  await Promise.all([redis.ready(), stores.redis.ready()])
  shop = await startShop(engine.url)
  await declare({ name: names.shop, pattern: `${prefix}*`, software: 'connect-redis' })
  await declare({ name: names.spring, pattern: `spring-${run}:sessions:*`, decode: 'hash', userAt: 'principal' })
  await declare({ name: names.odd, pattern: `odd-${run}:*` })
  here.connection = await connect(engine.url)
  await setWritable(caller, { ...here, writable: true })
}, 60_000)
beforeEach(() => redis.commands.flushall())
afterAll(async () => {
  await shop.close()
  for (const name of Object.values(names)) await forgetFamily(caller, { name })
  await removeConnection(caller, here)
  redis.close()
  await engine.stop()
  await sql.end()
  await stores.close()
})

/** An application that knows nothing of Engram: Express, express-session and connect-redis over node-redis. */
async function startShop(url: string) {
  const client = createClient({ url })
  client.on('error', () => {}) // Its Redis ends before it does.
  await client.connect()
  const app = express()
  app.use(
    session({
      store: new ConnectRedis({ client, prefix }),
      secret: 'only for this test',
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 600_000 },
    }),
  )
  app.post('/sign-in/:user', (request, response) => {
    Object.assign(request.session, { passport: { user: request.params.user } })
    response.json({})
  })
  app.get('/me', (request, response) => {
    const { passport } = request.session as unknown as { passport?: { user: string } }
    response.json({ user: passport?.user ?? null })
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    /** A browser with a cookie of its own. */
    async signIn(user: string) {
      const reply = await fetch(`${at}/sign-in/${encodeURIComponent(user)}`, { method: 'POST' })
      const cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
      const id = decodeURIComponent(cookie).replace(/^connect\.sid=s:/, '').split('.')[0] ?? '' // prettier-ignore
      const me = async () =>
        ((await (await fetch(`${at}/me`, { headers: { cookie } })).json()) as { user: unknown }).user
      return { me, key: `${prefix}${id}` }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      client.destroy()
    },
  }
}

const b64 = (text: string) => Buffer.from(text).toString('base64url')
const asked = (input: Partial<ListForeign> = {}) =>
  ListForeign.parse({ ...here, family: names.shop, user: null, ...input })
/** Every page, one after the other. */
async function listed(input: Partial<ListForeign> = {}) {
  const sessions = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof listForeign>> = await listForeign(stores, asked({ ...input, cursor }))
    sessions.push(...page.sessions)
    cursor = page.next
  } while (cursor !== null)
  return sessions.sort((a, b) => a.name.localeCompare(b.name))
}
const logOut = (input: Partial<ForeignLogOut>, family = names.shop) =>
  logOutForeign(caller, ForeignLogOut.parse({ ...here, family, keys: null, user: null, everything: false, ...input }))

/** What takes longer than the caller waits is done by a worker: this one, or that of another test. */
const stateOf = async (id: string) =>
  (await sql`select state, problem, finished_at, logged_out from session_logouts where id = ${id}`)[0]
async function workOff(id: string) {
  await sql`update session_logouts set touched_at = now() - interval '10 seconds' where id = ${id} and finished_at is null`
  while (await logOutSessions(stores));
  return stateOf(id)
}
const finished = (id: string) =>
  expect.poll(() => workOff(id), { timeout: 20_000 }).toMatchObject({ state: 'done', problem: null })

describe('an application with express-session and connect-redis', () => {
  it('shows its sessions, is logged out from here, and logged in again by an undo', async () => {
    const [phone, other] = [await shop.signIn('ann'), await shop.signIn('<b>bob</b>')]
    expect((await listed()).map(({ user }) => user).sort()).toEqual(['<b>bob</b>', 'ann'])
    const [mine] = await listed({ user: 'ann' })
    expect(mine).toMatchObject({ name: phone.key, readable: true, undoable: true, why: null })
    const before = await redis.commands.pexpiretime(phone.key)
    expect(mine?.expiresAt).toBe(new Date(before).toISOString())

    const out = await logOut({ keys: [mine?.key ?? ''] })
    expect(out).toMatchObject({ state: 'done', loggedOut: 1 })
    expect(await phone.me()).toBeNull()
    expect(await other.me()).toBe('<b>bob</b>')
    expect(await listed({ user: 'ann' })).toEqual([])
    const [told] = (await listLogOuts(stores)).filter(({ id }) => id === out.id)
    expect(told).toMatchObject({ ofOthers: { family: names.shop }, of: null })

    expect(await undoLogOut(caller, { id: out.id })).toEqual({ restored: 1, taken: 0, expired: 0 })
    expect(await redis.commands.pexpiretime(phone.key)).toBe(before)
    expect(await phone.me()).toBe('ann')
    const audited =
      await sql`select action, target from audit where target like ${`%${phone.key}`} or target = ${`log-out ${out.id}`} order by at`
    expect(audited.map(({ action }) => action as string)).toEqual(['sessions.log-out', 'sessions.undo-log-out'])
  })

  it('loses all sessions of a user, or of everybody, and no others; who signed in again meanwhile stays so', async () => {
    const anns = [await shop.signIn('ann'), await shop.signIn('ann'), await shop.signIn('ann')]
    const bob = await shop.signIn('bob')
    await redis.commands.set(`else-${run}:1`, '{"passport":{"user":"ann"}}')
    expect(await countForeign(stores, asked({ user: 'ann' }))).toMatchObject({ matched: 3, forGood: 0, next: null })
    const out = await logOut({ user: 'ann' })
    expect(out.loggedOut).toBe(3)
    for (const { me } of anns) expect(await me()).toBeNull()
    expect(await bob.me()).toBe('bob')
    await redis.commands.set(anns[0]?.key ?? '', '{"cookie":{},"passport":{"user":"anew"}}')
    expect(await undoLogOut(caller, { id: out.id })).toEqual({ restored: 2, taken: 1, expired: 0 })
    expect(await Promise.all(anns.map(({ me }) => me()))).toEqual(['anew', 'ann', 'ann'])
    expect((await logOut({ everything: true })).loggedOut).toBe(4)
    expect(await redis.commands.exists(`else-${run}:1`)).toBe(1)
  })

  it('is recognised by a census beside the queue of BullMQ, whose jobs go on', async () => {
    for (let n = 0; n < 6; n++) await shop.signIn(`u-${n}`)
    const connection = { url: engine.url }
    const queue = new Queue(`mails-${run}`, { connection, prefix: `bull-${run}` })
    await queue.addBulk(Array.from({ length: 5 }, (_, n) => ({ name: 'welcome', data: { n } })))
    const taker = censusTaker({ db: stores.db, redis }, { pauseMs: 0, pauseTimes: 0 })
    while (!(await taker.run())) await sleep(1)
    const report = (await newestCensus(stores.db, { before: new Date() }))?.report as CensusReport
    expect(report.families.find(({ name }) => name === names.shop)).toMatchObject({ of: 'declared', keys: 6 })
    const found = (software: string) => report.proposals.find((one) => one.software === software)
    expect(found('connect-redis') ?? { pattern: `${prefix}*` }).toMatchObject({ pattern: `${prefix}*` })
    expect(found('BullMQ')).toMatchObject({ pattern: `bull-${run}:*`, kind: 'queue' })

    await logOut({ everything: true })
    const done: number[] = []
    const worker = new Worker(queue.name, (job) => Promise.resolve(done.push((job.data as { n: number }).n)), { connection, prefix: `bull-${run}` }) // prettier-ignore
    await expect.poll(() => done.length, { timeout: 15_000 }).toBe(5)
    await worker.close()
    await queue.close()
  })

  it('is not touched where its Redis is read-only, or by who may not', async () => {
    const ann = await shop.signIn('ann')
    const readOnly = await connect(engine.url)
    onTestFinished(async () => void (await removeConnection(caller, { connection: readOnly })))
    await expect(logOut({ connection: readOnly, user: 'ann' })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/read-only here until an admin/),
    })
    const viewer: Caller = { ...stores, actor: { kind: 'operator', id: run, name: 'Viewer', role: 'viewer' } }
    const input = { ...here, family: names.shop, keys: null, user: 'ann', everything: false }
    await expect(logOutForeign(viewer, input)).rejects.toMatchObject({ code: 'forbidden' })
    await redis.commands.set(`bull-${run}:x`, 'v')
    await expect(logOut({ keys: [b64(`bull-${run}:x`)] })).rejects.toMatchObject({ code: 'bad_request', field: 'keys' })
    await expect(logOut({ keys: [b64(`${prefix}none`)] })).rejects.toMatchObject({ code: 'not_found' })
    await expect(logOut({ user: 'ann' }, `no ${run}`)).rejects.toMatchObject({ code: 'not_found', field: 'family' })
    expect(await ann.me()).toBe('ann')
    expect(ForeignLogOut.safeParse({ ...input, user: null }).error?.issues[0]?.path).toEqual(['everything'])
    expect(ForeignLogOut.safeParse({ ...input, keys: [b64('x')] }).error?.issues[0]?.path).toEqual(['keys'])
  })
})

describe('sessions of any shape', () => {
  it('are listed as what they are: not JSON, no user, too large, a hash of Java, of another type', async () => {
    const odd = (name: string) => `odd-${run}:${name}`
    const { commands } = redis
    await commands.set(odd('a'), '{"passport":{"user":7}}')
    await commands.set(odd('b'), Buffer.from([0x80, 5, 0x95, 0xff, 0]))
    await commands.set(odd('c'), 'null')
    await commands.set(odd('d'), JSON.stringify({ passport: { user: { toString: 1 } } }))
    await commands.set(odd('e'), JSON.stringify({ passport: { user: 'big' }, more: 'x'.repeat(70_000) }))
    await commands.set(Buffer.from(`odd-${run}:<img src=x>\0\xff`, 'latin1'), '{"passport.user":"dotted"}')
    await commands.hset(odd('hash'), 'passport.user', 'ann')
    await commands.set(`odd-${run}:`, '')
    const rows = await listed({ family: names.odd })
    const of = (name: string) => rows.find((row) => row.name === odd(name))
    expect(of('a')).toMatchObject({ user: '7', expiresAt: null })
    expect(of('b')).toMatchObject({ user: null, readable: false, why: 'the value is not JSON' })
    expect(of('c')).toMatchObject({ user: null, readable: true, why: 'nothing stands at passport.user' })
    expect(of('d')).toMatchObject({ user: null, readable: true })
    expect(of('e')).toMatchObject({ user: null, why: expect.stringMatching(/above 64 kB/) })
    expect(of('')).toMatchObject({ readable: false })
    expect(of('<img src=x>\\x00\\xff')).toMatchObject({ user: 'dotted' })
    expect(of('hash')).toBeUndefined()
    expect((await listForeign(stores, asked({ family: names.odd }))).others).toBe(1)
    const key = of('<img src=x>\\x00\\xff')?.key ?? ''
    expect(await peekForeign(stores, { ...here, family: names.odd, key })).toMatchObject({ user: 'dotted' })
    expect((await logOut({ keys: [key, of('b')?.key ?? ''] }, names.odd)).loggedOut).toBe(2)

    const spring = (id: string) => `spring-${run}:sessions:${id}`
    const java = Buffer.concat([Buffer.from([0xac, 0xed, 0, 5, 0x74, 0, 3]), Buffer.from('ann')])
    await commands.hset(spring('1'), { principal: java, creationTime: 'x' })
    await commands.hset(spring('2'), { principal: '"eve"' })
    await commands.hset(spring('3'), { other: 'x' })
    await commands.set(spring('expires:1'), '')
    const users = (await listed({ family: names.spring })).map(({ user }) => user)
    expect(users).toEqual(['ann', 'eve', null])
    expect((await logOut({ user: 'ann' }, names.spring)).loggedOut).toBe(1)
    expect(await commands.exists(spring('1'), spring('2'))).toBe(1)
  })

  it('come in small steps, and those above 1 MB go for good', async () => {
    const pipeline = redis.commands.pipeline()
    for (let n = 0; n < 300; n++) pipeline.set(`${prefix}${n}`, `{"passport":{"user":"u-${n % 2}"}}`, 'EX', 600)
    await pipeline.exec()
    const page = await listForeign(stores, asked())
    expect(page.sessions.length).toBeLessThan(300)
    expect(page).toMatchObject({ total: 300, next: expect.any(String) as string })
    expect(await listed()).toHaveLength(300)
    await redis.commands.set(`${prefix}big`, 'x'.repeat(1_100_000))
    const { id } = await logOut({ everything: true })
    await finished(id)
    expect(await listed()).toEqual([])
    expect((await undoLogOut(caller, { id })).restored).toBe(300)
  })
})

describe('a Redis in trouble', () => {
  it('that asks for a password says so, and works with it', async () => {
    const guarded = await connect(engine.url)
    onTestFinished(async () => void (await removeConnection(caller, { connection: guarded })))
    await shop.signIn('ann')
    await redis.commands.config('SET', 'requirepass', 'sesame')
    try {
      await expect(listForeign(stores, asked({ connection: guarded }))).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringMatching(/asks for a password/),
      })
      const known = await connect(engine.url, 'sesame')
      expect(await listed({ connection: known })).toHaveLength(1)
      await removeConnection(caller, { connection: known })
    } finally {
      await redis.commands.config('SET', 'requirepass', '')
    }
  })

  it('that drops the connection leaves a log-out that the worker finishes', async () => {
    const link = await faultyLink(engine.url)
    onTestFinished(link.close)
    const connection = await connect(link.url)
    onTestFinished(async () => void (await removeConnection(caller, { connection })))
    await setWritable(caller, { connection, writable: true })
    const ann = await shop.signIn('ann')
    await listed({ connection })
    link.cut()
    await expect(listForeign(stores, asked({ connection }))).rejects.toMatchObject({ code: 'unavailable' })
    const filter = ForeignLogOut.parse({ connection, family: names.shop, keys: null, user: 'ann', everything: false })
    const [row] = await sql`
      insert into session_logouts (filter, of_sessions, by, touched_at)
      values (${sql.json({ foreign: filter })}, 1, 'test', now() - interval '10 seconds') returning id`
    const id = String(row?.id)
    await expect
      .poll(() => workOff(id), { timeout: 20_000 })
      .toMatchObject({ finished_at: null, problem: expect.stringMatching(/refused|dropped/) as string })
    expect(await ann.me()).toBe('ann')
    link.mend()
    await finished(id)
    expect(await stateOf(id)).toMatchObject({ logged_out: 1 })
    expect(await ann.me()).toBeNull()
  })
})
