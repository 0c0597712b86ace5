import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import { RedisStore as SessionStore } from 'connect-redis'
import session from 'express-session'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newestCensus } from '@/db/postgres/queries/censuses'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { startRedis } from '@/scripts/engines/redis'
import { connectDb } from '@/server/services/stores'
import type { CensusReport, Proposal } from './census.schema'
import { detect } from './detect'
import { censusTaker } from './take-census'

const db = connectDb('worker')
let engine: Awaited<ReturnType<typeof startRedis>>
let redis: RedisStore
let proposals: Proposal[]
const uuid = '4bd7c9ae-3f2e-4b1a-9c33-1f6b0c2d7e88'
const pickle = (text: string) => Buffer.concat([Buffer.from([0x80, 5, 0x95]), Buffer.from(text), Buffer.from('.')])

/** Keys as each software writes them: by the library itself where there is one for Node, else byte by byte. */
beforeAll(async () => {
  engine = await startRedis({ dataDir: 'memory' })
  redis = connectRedis({ urls: [engine.url], name: 'detect-test', deadlineMs: 5_000 })
  await redis.ready()
  const { commands } = redis

  // connect-redis takes a client of node-redis; these are the few commands that it sends.
  const client = {
    get: (key: string) => commands.get(key),
    set: (key: string, value: string, { expiration }: { expiration: { type: 'EX'; value: number } }) =>
      commands.set(key, value, 'EX', expiration.value),
    expire: (key: string, seconds: number) => commands.expire(key, seconds),
  }
  const store = new SessionStore({ client: client as never })
  // Its types know no options; connect-redis writes it as its toJSON says.
  const cookie = new (session.Cookie as unknown as new (options: object) => object)({ maxAge: 3_600_000 })
  for (let n = 0; n < 8; n++) await store.set(randomUUID(), { cookie, passport: { user: `u-${n}` } } as never)

  const queue = new Queue('emails', { connection: { url: engine.url } })
  await queue.addBulk(Array.from({ length: 5 }, (_, n) => ({ name: 'welcome', data: { n } })))
  await queue.close()

  const limiter = new RateLimiterRedis({ storeClient: commands, points: 5, duration: 60 })
  await limiter.consume('10.0.0.1')

  await commands.set('iron:1', 'Fe26.2*1*0b8d*yNz*2aF**9c1*Q~2')
  const spring = 'spring:session:sessions:'
  await commands.hset(`${spring}${uuid}`, {
    creationTime: 'x',
    lastAccessedTime: 'x',
    maxInactiveInterval: 'x',
    'sessionAttr:SPRING_SECURITY_CONTEXT': 'x',
  })
  await commands.set(`${spring}expires:${uuid}`, '')
  await commands.set(':1:views.decorators.cache.header.home', pickle('home'))
  await commands.set(':1:hits', '42')
  await commands.set(`:1:django.contrib.sessions.cache${'a1'.repeat(16)}`, pickle('session'))
  await commands.set('views/products/1-2026', Buffer.from('\x04\bo: ActiveSupport::Cache::Entry\t', 'latin1'))
  await commands.set('shop:views/cart', Buffer.from('\x00\x11\x00\x00\x00', 'latin1'))
  await commands.set(`myapp:session:2::${'0a'.repeat(32)}`, Buffer.from('\x04\b{\x06I"\x0fuser', 'latin1'))
  await commands.set(`celery-task-meta-${uuid}`, `{"status": "SUCCESS", "result": 1, "task_id": "${uuid}"}`)
  await commands.sadd('_kombu.binding.celery', 'celery\x06\x16\x06\x16celery')
  await commands.lpush('celery', '{"body": "W10=", "content-encoding": "utf-8", "headers": {"task": "add"}}')
  await commands.rpush('message_store:chat-1', '{"type": "human", "data": {"content": "Hello"}}')
  await commands.rpush('history:chat-2', '{"type":"ai","data":{"content":"Hi"}}')
  // What looks a little like it and is something else.
  await commands.set('sessions-of-day:1', '{"cookie":"oat"}')
  await commands.set('numbers:1', '17')
  await commands.hset('people:1', { name: 'Ada', data: '1' })
  await commands.rpush('lines:1', '{"type":"human"}')

  const taker = censusTaker({ db, redis }, { pauseMs: 0, pauseTimes: 0 })
  while (!(await taker.run())) await sleep(1)
  proposals = ((await newestCensus(db, { before: new Date() }))?.report as CensusReport).proposals
}, 60_000)
afterAll(async () => {
  redis.close()
  await engine.stop()
  await db.close()
})

describe('detection', () => {
  it.each([
    ['connect-redis', { pattern: 'sess:*', kind: 'session', decode: 'json', userAt: 'passport.user', keys: 8 }],
    ['iron sessions', { pattern: 'iron:*', kind: 'session', decode: 'opaque', keys: 1 }],
    ['Spring Session', { pattern: 'spring:session:*', userAt: 'sessionAttr:SPRING_SECURITY_CONTEXT' }],
    ['Django cache', { pattern: ':1:*', kind: 'cache' }],
    ['Django sessions', { pattern: ':1:django.contrib.sessions.cache*', kind: 'session' }],
    ['Rails sessions', { pattern: 'myapp:session:2::*', kind: 'session' }],
    ['rate-limiter-flexible', { pattern: 'rlflx:*', kind: 'limit', decode: 'number', keys: 1 }],
    ['BullMQ', { pattern: 'bull:*', kind: 'queue', decode: 'hash' }],
    ['Celery results', { pattern: 'celery-task-meta-*', kind: 'queue', decode: 'json' }],
  ])('recognises %s by the names and the shapes of its keys', (software, expected) => {
    expect(proposals.find((one) => one.software === software)).toMatchObject(expected)
  })

  it('recognises what has several patterns', () => {
    const patterns = (software: string) =>
      proposals.filter((one) => one.software === software).map(({ pattern }) => pattern).sort() // prettier-ignore
    expect(patterns('Rails cache')).toEqual(['shop:*', 'views/*'])
    expect(patterns('Celery')).toEqual(['_kombu.binding.*', 'celery'])
    expect(patterns('LangChain')).toEqual(['history:*', 'message_store:*'])
  })

  it('proposes nothing for keys of other shapes, and keeps no value of any', () => {
    const told = JSON.stringify(proposals)
    for (const other of ['sessions-of-day', 'numbers', 'people', 'lines']) expect(told).not.toContain(other)
    expect(told).not.toContain('u-1')
    expect(told).not.toContain('Hello')
  })

  it('recognises documents of Redis OM by their type, which comes with a module', () => {
    const key = 'Person:01GDV2D3Q8V2JC6V4BH1VK3Y2E'
    const seen = [{ key, type: 'ReJSON-RL', head: '', fields: [] }]
    expect(detect([{ keys: 40, seen }])).toMatchObject([{ software: 'Redis OM', pattern: 'Person:*', keys: 40 }])
    expect(detect([{ keys: 40, seen: [{ key, type: 'hash', head: '', fields: ['name'] }] }])).toEqual([])
  })
})
