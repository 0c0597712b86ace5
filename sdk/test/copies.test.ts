import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createEngram, type Engram, type EngramOptions } from '@/sdk/src/engram'
import { errorBody, promptOf, standInGateway } from './stand-in-gateway'

let gateway: Awaited<ReturnType<typeof standInGateway>>
let engram: Engram
let beating: NodeJS.Timeout | undefined

beforeEach(async () => {
  gateway = await standInGateway()
})
afterEach(async () => {
  clearInterval(beating)
  await engram.close({ timeoutMs: 1 })
  await gateway.close()
})

const start = (options: Partial<EngramOptions> = {}) =>
  (engram = createEngram({ url: gateway.url, key: 'k', name: 'test', ...options }))

/** The stream of `at`, once it is open, beats as a gateway does. */
async function beat(at = 0) {
  await expect.poll(() => gateway.streams.length, { interval: 5 }).toBeGreaterThan(at)
  const stream = gateway.streams[at]
  if (!stream) throw new Error('no stream')
  const prove = () => stream.send('beat', { proven: performance.now() })
  prove()
  beating = setInterval(prove, 20)
  return stream
}
const source = async (name = 'a') => (await engram.prompt(name)).source
const becomesCopy = () => expect.poll(() => source(), { interval: 5 }).toBe('copy')

it('answers from its copy without a request while the gateway vouches for it', async () => {
  start()
  expect(await source()).toBe('gateway')
  await beat()
  await becomesCopy()
  const before = gateway.reads.length
  for (let n = 0; n < 200; n++) {
    expect(await source()).toBe('copy')
    await sleep(1) // lets the beats in: who never waits is not vouched for
  }
  expect(gateway.reads.length).toBe(before)
  const prompt = await engram.prompt('a')
  expect(Object.isFrozen(prompt) && Object.isFrozen(prompt.config)).toBe(true)
})

it('R4: no copy is used 200 ms after what was proven last, whenever that arrived', async () => {
  start()
  await engram.prompt('a')
  const stream = await beat()
  await becomesCopy()
  clearInterval(beating)
  const silentAt = performance.now()
  await expect.poll(() => source(), { interval: 5 }).toBe('gateway')
  expect(performance.now() - silentAt).toBeLessThan(260)
  // The beats of a gateway whose own subscription is late prove nothing about now.
  stream.send('beat', { proven: performance.now() - 210 })
  await sleep(20)
  expect(await source()).toBe('gateway')
  stream.send('beat', { proven: performance.now() })
  await becomesCopy()
})

it('R4: a call begun after an invalidation does not join a request begun before it, nor is its answer kept', async () => {
  start()
  await engram.prompt('a')
  const stream = await beat()
  await becomesCopy()
  let [revision, release] = [1, () => {}]
  gateway.answers.prompt = async (name) => {
    const asked = revision
    if (asked === 1) await new Promise<void>((resolve) => (release = resolve))
    return { body: promptOf(name, asked) }
  }
  const before = gateway.reads.length
  stream.send('lost', {})
  await expect.poll(() => gateway.reads.length, { interval: 5 }).toBe(before + 1)
  const early = engram.prompt('a')
  revision = 2
  stream.send('prompt', { name: 'a', channel: 'production', revision: 2 })
  await sleep(20)
  expect((await engram.prompt('a')).revision).toBe(2)
  release()
  expect((await early).revision).toBe(1)
  await sleep(20)
  expect(await engram.prompt('a')).toMatchObject({ revision: 2, source: 'copy' })
})

it('shares one request among all who ask meanwhile', async () => {
  start()
  gateway.answers.prompt = async (name) => (await sleep(50), { body: promptOf(name, 1) })
  await Promise.all(Array.from({ length: 100 }, () => engram.prompt('a')))
  expect(gateway.reads).toEqual(['a'])
})

it('confirms what it serves: at once what it never asked for, else once it was fetched', async () => {
  start()
  await engram.prompt('a')
  const stream = await beat()
  await becomesCopy()
  const confirmed = () => gateway.confirmed.flatMap(({ prompts }) => prompts)
  await expect.poll(confirmed).toEqual([{ name: 'a', channel: 'production', revision: 1 }])
  const before = gateway.reads.length
  gateway.answers.prompt = (name) => {
    const early = gateway.reads.length < before + 3
    return early ? { status: 503 } : { body: promptOf(name, 8) }
  }
  stream.send('prompt', { name: 'other', channel: 'staging', revision: 3 })
  stream.send('prompt', { name: 'a', channel: 'production', revision: 7 })
  await expect.poll(confirmed).toContainEqual({ name: 'other', channel: 'staging', revision: 3 })
  await expect.poll(confirmed).toContainEqual({ name: 'a', channel: 'production', revision: 8 })
  expect(gateway.reads.length).toBeGreaterThanOrEqual(before + 3)
  expect(confirmed()).toHaveLength(3)
  expect(new Set(gateway.confirmed.map(({ process }) => process)).size).toBe(1)
  expect(gateway.streams[0]?.url.searchParams.get('process')).toBe(gateway.confirmed[0]?.process)
})

it('R5: serves the last good copy, and says since when, when the gateway does not answer in time', async () => {
  start({ push: false, deadlineMs: 300 })
  await engram.prompt('a')
  const askedAt = Date.now()
  const told: { name: string; since: Date; reason: Error }[] = []
  engram.on('stale', (event) => told.push(event))
  gateway.answers.prompt = () => 'never'
  await sleep(20)
  expect(await engram.prompt('a')).toMatchObject({ stale: true, source: 'last-good', content: 'Version 1' })
  const began = performance.now()
  for (let n = 0; n < 50; n++) expect((await engram.prompt('a')).stale).toBe(true)
  expect(performance.now() - began).toBeLessThan(200)
  expect(told).toHaveLength(1)
  expect(told[0]?.reason.message).toContain('no answer within 300 ms')
  expect(Math.abs((told[0]?.since.getTime() ?? 0) - askedAt)).toBeLessThan(100)

  await expect(engram.prompt('b')).rejects.toMatchObject({ code: 'unavailable' })
  gateway.answers.prompt = (name) => ({ body: promptOf(name, 2) })
  await expect.poll(() => engram.prompt('a'), { timeout: 2_000 }).toMatchObject({ stale: false, revision: 2 })
})

it('never serves the last good copy of what is gone', async () => {
  start({ push: false })
  await engram.prompt('a')
  gateway.answers.prompt = () => ({ status: 404, body: errorBody('not_found', 'No prompt is named a.', 'name') })
  await expect(engram.prompt('a')).rejects.toMatchObject({ code: 'not_found', field: 'name' })
  gateway.answers.prompt = () => ({ status: 503, body: errorBody('unavailable', 'Postgres') })
  await expect(engram.prompt('a')).rejects.toMatchObject({ code: 'unavailable' })
})

it('takes the 404 of something that is no gateway for a gateway that cannot be reached', async () => {
  start({ push: false })
  await engram.prompt('a')
  gateway.answers.prompt = () => ({ status: 404, body: '404 page not found' })
  expect(await source()).toBe('last-good')
})

it('R4: a stream that ends takes its copies along; the next one brings them back', async () => {
  start()
  const heard: string[] = []
  for (const hook of ['connected', 'disconnected'] as const) engram.on(hook, () => heard.push(hook))
  await engram.prompt('a')
  const stream = await beat()
  await becomesCopy()
  clearInterval(beating)
  stream.end()
  await expect.poll(() => source(), { interval: 5 }).toBe('gateway')
  await beat(1)
  await becomesCopy()
  expect(heard).toEqual(['connected', 'disconnected', 'connected'])
})

it.each([
  ['name', () => engram.prompt('')],
  ['name', () => engram.prompt('..')],
  ['subject', () => engram.prompt('a', { subject: 'x'.repeat(10_000) })],
  ['subject', () => engram.prompt('a', { subject: '' })],
])('refuses a bad %s without asking', async (field, call) => {
  start()
  await expect(call()).rejects.toMatchObject({ code: 'bad_request', field })
  expect(gateway.reads).toEqual([])
})

it.each([
  ['url', { url: 'localhost:4000' }],
  ['key', { key: '' }],
  ['name', { name: 'two\nlines' }],
  ['batch', { usage: { batch: 1_001 } }],
  ['deadlineMs', { deadlineMs: 0 }],
])('refuses a bad %s at once', (field, options) => {
  start()
  expect(() => createEngram({ url: gateway.url, key: 'k', ...options })).toThrow(
    expect.objectContaining({ code: 'bad_request', field }),
  )
})
