import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createEngram, type Engram, type EngramOptions, type Hooks } from '@/sdk/src/engram'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { testGateway } from '@/server/gateway/test-gateway'

type Gateway = Awaited<ReturnType<typeof testGateway>>
type Link = Awaited<ReturnType<typeof faultyLink>>
let gateway: Gateway
let other: Gateway
let otherRedis: Link
let link: Link
let engrams: Engram[] = []

beforeAll(async () => {
  gateway = await testGateway()
  otherRedis = await faultyLink(process.env.REDIS_URL ?? '')
  other = await testGateway({ redisUrl: otherRedis.url })
  link = await faultyLink(gateway.url)
  await sleep(1_100) // until the gateways believe their Redis
})
afterEach(async () => {
  await Promise.all(engrams.map((engram) => engram.close({ timeoutMs: 1 })))
  engrams = []
})
afterAll(async () => {
  await link.close()
  await gateway.close()
  await other.close()
  await otherRedis.close()
})

function start(options: Partial<EngramOptions> = {}): Engram {
  const engram = createEngram({ url: gateway.url, key: gateway.keys.app, ...options })
  engrams.push(engram)
  return engram
}
const path = (name: string) => `/v1/prompts/${encodeURIComponent(name)}`
const post = async (path: string, body: object) => {
  const reply = await gateway.call(path, { method: 'POST', body })
  if (reply.status >= 300) throw new Error(JSON.stringify(reply.body))
  return reply.body as { revision: number }
}
async function promptWith(versions: number): Promise<string> {
  const name = `sdk/${randomUUID()}`
  await post('/v1/prompts', { name })
  for (let n = 1; n <= versions; n++) await post(`${path(name)}/versions`, { content: `Version ${n}` })
  await activate(name, 1)
  return name
}
const activate = (name: string, version: number) => post(`${path(name)}/activate`, { version })
const becomesCopy = async (engram: Engram, name: string) =>
  expect.poll(async () => (await engram.prompt(name)).source, { interval: 5, timeout: 3_000 }).toBe('copy')

it('R4: under activations no read is older than 250 ms, and many come from the copy', async () => {
  const name = await promptWith(2)
  const processes = [start(), start(), start({ push: false })]
  const acknowledged = [{ revision: 1, at: performance.now() }]
  const sources = { copy: 0, gateway: 0, 'last-good': 0 }
  let [stale, done] = [0, false]
  const reading = async (engram: Engram) => {
    while (!done) {
      const began = performance.now()
      const { revision, source } = await engram.prompt(name)
      const due = acknowledged.findLast(({ at }) => at <= began - 250)?.revision ?? 0
      sources[source]++
      if (revision < due) stale++
      await sleep(Math.random() * 3)
    }
  }
  const writing = async () => {
    for (let n = 0; n < 15; n++) {
      const { revision } = await activate(name, 1 + (n % 2))
      acknowledged.push({ revision, at: performance.now() })
      await sleep(20 + Math.random() * 80)
    }
    await sleep(300)
    done = true
  }
  await Promise.all([writing(), ...processes.map(reading)])
  expect(stale).toBe(0)
  expect(sources['last-good']).toBe(0)
  expect(sources.copy).toBeGreaterThan(100)
}, 60_000)

it('R4 R5: a frozen connection: no copy after 200 ms, then the last good one, called stale; it heals by itself', async () => {
  const name = await promptWith(2)
  const engram = start({ url: link.url.replace(/\/$/, ''), deadlineMs: 500 })
  const told: Hooks['stale'][] = []
  engram.on('stale', (event) => told.push(event))
  await becomesCopy(engram, name)
  link.freeze()
  const frozenAt = Date.now()
  await activate(name, 2)
  await sleep(210)
  expect(await engram.prompt(name)).toMatchObject({ stale: true, source: 'last-good', version: 1 })
  expect(told).toMatchObject([{ name, channel: 'production', revision: 1 }])
  expect(Math.abs((told[0]?.since.getTime() ?? 0) - frozenAt)).toBeLessThan(200)
  const began = performance.now()
  for (let n = 0; n < 100; n++) expect((await engram.prompt(name)).stale).toBe(true)
  expect(performance.now() - began).toBeLessThan(150)

  link.thaw()
  await expect
    .poll(() => engram.prompt(name), { timeout: 2_000, interval: 5 })
    .toMatchObject({ stale: false, version: 2 })
  await becomesCopy(engram, name)
})

it('R5: a gateway that is gone: the last good copy, or an error that says so; back within 2 s', async () => {
  const [known, unknown] = [await promptWith(1), await promptWith(1)]
  const engram = start({ url: link.url.replace(/\/$/, ''), deadlineMs: 500 })
  engram.on('stale', () => {})
  await becomesCopy(engram, known)
  link.cut()
  await expect.poll(() => engram.prompt(known)).toMatchObject({ stale: true, content: 'Version 1' })
  await expect(engram.prompt(unknown)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(link.url.replace(/\/$/, '')),
  })
  link.mend()
  const mended = performance.now()
  await expect.poll(() => engram.prompt(known), { timeout: 3_000 }).toMatchObject({ stale: false })
  expect(performance.now() - mended).toBeLessThan(2_000)
})

it('R4: never fills its copy from the copy of a gateway that has not heard yet', async () => {
  const name = await promptWith(2)
  await expect.poll(async () => (await other.call(path(name))).status).toBe(200)
  otherRedis.freeze() // the other gateway may serve its copy for 200 ms yet
  await activate(name, 2)
  const through: typeof fetch = (url, init) => fetch(String(url).replace(gateway.url, other.url), init)
  const engram = start({ fetch: through, key: gateway.keys.app })
  engram.on('stale', () => {})
  await engram.prompt(name)
  await sleep(600)
  expect(await engram.prompt(name)).toMatchObject({ version: 2, stale: false })
  otherRedis.thaw()
})

it('says what is missing, and why', async () => {
  const engram = start()
  await expect(engram.prompt('sdk/none')).rejects.toMatchObject({ code: 'not_found', field: 'name' })
  const name = await promptWith(1)
  await expect(engram.prompt(name, { channel: 'staging' })).rejects.toMatchObject({
    code: 'not_found',
    field: 'channel',
  })
  await expect(engram.prompt(name, { channel: 'two words' })).rejects.toMatchObject({
    code: 'bad_request',
    field: 'channel',
  })
  const stranger = start({ key: 'egm_app_nobody' })
  await expect(stranger.prompt(name)).rejects.toMatchObject({ code: 'unauthorized' })
})
