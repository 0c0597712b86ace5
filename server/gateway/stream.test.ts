import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishInvalidation } from '@/db/redis/invalidations'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { system } from '@/server/services/context'
import { createKey } from '@/server/services/keys/create-key'
import { revokeKey } from '@/server/services/keys/revoke-key'
import { testGateway } from './test-gateway'
import { openStream } from './test-stream'

type Gateway = Awaited<ReturnType<typeof testGateway>>
let redisLink: Awaited<ReturnType<typeof faultyLink>>
let gateway: Gateway
let other: Gateway

beforeAll(async () => {
  redisLink = await faultyLink(process.env.REDIS_URL ?? '')
  gateway = await testGateway({ redisUrl: redisLink.url })
  other = await testGateway()
})
afterAll(async () => {
  await gateway.close()
  await other.close()
  await redisLink.close()
})

const follow = (query: Record<string, string> = {}, of = gateway) => openStream(of.url, of.keys.app, query)
/** Heard at least once: the gateway's subscription is known to be live. */
const followLive = async (query: Record<string, string> = {}, of = gateway) => {
  const stream = await follow({ beat: '50', ...query }, of)
  await expect.poll(() => stream.of('beat').length, { timeout: 5_000 }).toBeGreaterThan(0)
  return stream
}

/** A prompt with two versions of which the first is live. */
async function promptOfTwo() {
  const name = `stream/${randomUUID()}`
  const path = `/v1/prompts/${encodeURIComponent(name)}`
  await gateway.call('/v1/prompts', { method: 'POST', body: { name } })
  for (const content of ['One', 'Two']) await gateway.call(`${path}/versions`, { method: 'POST', body: { content } })
  const activate = (version: number) => other.call(`${path}/activate`, { method: 'POST', body: { version } })
  await activate(1)
  return { name, activate }
}

describe('a stream', () => {
  it('begins at once, uncached and unbuffered, with the gateway and its clock', async () => {
    const before = performance.now()
    const stream = await follow()
    await expect.poll(() => stream.events[0]).toMatchObject({ event: 'hello', data: { gateway: expect.any(String) } })
    const clock = Number(stream.events[0]?.data.clock)
    expect(clock).toBeGreaterThanOrEqual(before)
    expect(clock).toBeLessThanOrEqual(performance.now())
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    expect(stream.headers.get('content-encoding')).toBeNull()
    stream.leave()
  })

  it('R4: every reader of every gateway hears of an activation within 250 ms of its acknowledgement', async () => {
    const streams = await Promise.all([gateway, gateway, other, other].map((of) => followLive({}, of)))
    const { name, activate } = await promptOfTwo()
    for (let revision = 2; revision <= 10; revision++) {
      expect((await activate(1 + (revision % 2))).body).toMatchObject({ revision })
      const acknowledged = performance.now()
      for (const stream of streams) {
        const heard = () => stream.of('prompt').find(({ data }) => data.name === name && data.revision === revision)
        await expect.poll(heard, { interval: 5, timeout: 2_000 }).toBeDefined()
        expect((heard()?.at ?? Infinity) - acknowledged).toBeLessThan(250)
        expect(heard()?.data).toEqual({ name, channel: 'production', revision })
      }
    }
    for (const stream of streams) stream.leave()
  })

  it('R4: whatever was published before the instant that a beat proves stands before that beat', async () => {
    const stream = await followLive({ beat: '20' })
    const published: { name: string; at: number }[] = []
    for (let n = 0; n < 100; n++) {
      const message = { family: 'prompts', name: randomUUID(), channel: 'production', revision: n } as const
      await publishInvalidation(other.stores.redis, message)
      published.push({ name: message.name, at: performance.now() })
      await sleep(3)
    }
    const last = performance.now()
    await expect.poll(() => Number(stream.of('beat').at(-1)?.data.proven)).toBeGreaterThan(last)
    stream.leave()
    const heard = new Set<unknown>()
    let beats = 0
    for (const { event, data } of stream.events) {
      if (event === 'prompt') heard.add(data.name)
      if (event !== 'beat') continue
      beats++
      const missing = published.filter(({ name, at }) => at < Number(data.proven) && !heard.has(name))
      expect(missing).toEqual([])
    }
    expect(beats).toBeGreaterThan(10)
  })

  it.each(['freeze', 'cut'] as const)(
    'R4: Redis gone (%s): "lost" comes and beats stop within 250 ms; afterwards "lost" comes before the first beat',
    async (fault) => {
      const stream = await followLive({ beat: '20' })
      const losses = stream.of('lost').length
      redisLink[fault]()
      const gone = performance.now()
      await expect.poll(() => stream.of('lost').length, { interval: 5 }).toBeGreaterThan(losses)
      expect((stream.of('lost')[losses]?.at ?? Infinity) - gone).toBeLessThan(300)
      await sleep(600)
      const late = stream.of('beat').filter(({ at }) => at - gone > 250)
      expect(late).toEqual([])
      expect(stream.of('lost').length).toBe(losses + 1)
      // Nobody hears of this one on the connection that was lost.
      const missed = { family: 'prompts', name: randomUUID(), channel: 'production', revision: 2 } as const
      await publishInvalidation(other.stores.redis, missed)

      const healing = stream.events.length
      redisLink[fault === 'freeze' ? 'thaw' : 'mend']()
      const healed = performance.now()
      const since = () => stream.events.slice(healing).map(({ event }) => event)
      await expect.poll(since, { timeout: 3_000 }).toContain('beat')
      expect(performance.now() - healed).toBeLessThan(2_000)
      expect(since().indexOf('lost')).toBeGreaterThanOrEqual(0)
      expect(since().indexOf('lost')).toBeLessThan(since().indexOf('beat'))
      stream.leave()
    },
  )

  it('is let go when it does not keep up', async () => {
    const stuck = request(`${gateway.url}/v1/stream`, { headers: { authorization: `Bearer ${gateway.keys.app}` } })
    stuck.on('error', () => {}).on('response', (response) => response.pause().on('error', () => {}))
    stuck.end()
    const healthy = await followLive()
    const open = async () =>
      Number(/^engram_streams_open (\d+)$/m.exec(await (await fetch(`${gateway.url}/metrics`)).text())?.[1])
    await expect.poll(open).toBe(2)
    const name = 'n'.repeat(200)
    // What the kernel takes comes first: loopback sockets hold megabytes.
    for (let n = 0; n < 400 && (await open()) === 2; n++)
      await Promise.all(
        Array.from({ length: 250 }, (_, revision) =>
          publishInvalidation(other.stores.redis, { family: 'prompts', name, channel: 'production', revision }),
        ),
      )
    await expect.poll(open).toBe(1)
    expect(healthy.of('prompt').length).toBeGreaterThan(250)
    stuck.destroy()
    healthy.leave()
    await expect.poll(open).toBe(0)
  })

  it('ends within seconds once its key is revoked', async () => {
    const caller = { ...gateway.stores, actor: system }
    const { id, key } = await createKey(caller, { name: 'to be revoked', scope: 'app', tenants: null })
    const stream = await openStream(gateway.url, key, { beat: '50' })
    await expect.poll(() => stream.of('beat').length).toBeGreaterThan(0)
    await revokeKey(caller, { id })
    const revoked = performance.now()
    expect((await stream.ended) - revoked).toBeLessThan(6_000)
  })
})

describe('a gateway', () => {
  it('takes so many streams and answers 503 with Retry-After beyond', async () => {
    const small = await testGateway({ maxStreams: 2 })
    const streams = [await follow({}, small), await follow({}, small)]
    const refused = await small.call('/v1/stream')
    expect([refused.status, refused.body.error, refused.headers.get('retry-after')]).toEqual([
      503,
      { code: 'unavailable', message: expect.stringContaining('2 streams') },
      '1',
    ])
    streams[0]?.leave()
    await expect
      .poll(() =>
        follow({}, small).then(
          (stream) => streams.push(stream) > 0,
          () => false,
        ),
      )
      .toBe(true)
    const closing = performance.now()
    await small.close()
    expect(performance.now() - closing).toBeLessThan(1_000)
    await Promise.all(streams.map(({ ended }) => ended))
  })
})
