import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hooks } from '@/sdk/src/hooks'
import { listenToStream } from '@/sdk/src/stream'
import { standInGateway } from './stand-in-gateway'

let gateway: Awaited<ReturnType<typeof standInGateway>>
let stream: ReturnType<typeof listenToStream>
let heard: string[]
let provenAt: number

beforeEach(async () => {
  gateway = await standInGateway()
  heard = []
  provenAt = -Infinity
})
afterEach(async () => {
  stream.close()
  await gateway.close()
})

function listen({ renewMs = 60_000, checkMs = 10 } = {}) {
  const { on, tell } = hooks()
  on('connected', () => heard.push('connected'))
  on('disconnected', ({ reason }) => heard.push(`disconnected: ${reason.message}`))
  const connection = { url: gateway.url, key: 'k', fetch, deadlineMs: 300 }
  const identity = { process: 'p-1', name: 'api' }
  stream = listenToStream(
    { connection, identity, tell, renewMs, checkMs },
    {
      proven: (at) => (provenAt = at),
      moved: ({ name, revision }) => heard.push(`${name} ${revision}`),
      lost: () => heard.push('lost'),
    },
  )
}
const opened = async (count: number) => {
  await expect.poll(() => gateway.streams.length, { interval: 2 }).toBe(count)
  await sleep(10) // its hello arrives
  const last = gateway.streams[count - 1]
  if (!last) throw new Error('no stream')
  return last
}
const moved = (name: string, revision: number) => ({ name, channel: 'production', revision })

it('tells who it is, and hears what moves', async () => {
  listen()
  const { url, send } = await opened(1)
  expect(Object.fromEntries(url.searchParams)).toEqual({ process: 'p-1', name: 'api', beat: '50' })
  send('prompt', moved('support/reply', 3))
  send('beat', { proven: performance.now() })
  await expect.poll(() => heard).toEqual(['support/reply 3', 'connected'])
})

it('R4: never takes a proof for younger than it is, whatever the clock of the gateway and the way to it', async () => {
  gateway.answers.clockAheadMs = 1e9
  gateway.answers.helloAfterMs = 80
  listen()
  const { send } = await opened(1)
  await sleep(100)
  const proven = performance.now()
  send('beat', { proven: proven + 1e9 })
  await expect.poll(() => provenAt).toBeGreaterThan(0)
  expect(provenAt).toBeLessThanOrEqual(proven)
  expect(provenAt).toBeGreaterThan(proven - 140)
})

it('R4: renews without a gap: the old link goes once it proved what came before the new one heard', async () => {
  listen({ renewMs: 1_000 })
  const old = await opened(1)
  old.send('beat', { proven: performance.now() })
  const young = await opened(2)
  old.send('prompt', moved('a', 2))
  const published = performance.now()
  await sleep(5)
  young.send('beat', { proven: performance.now() })
  await expect.poll(() => heard).toContain('a 2')
  old.send('beat', { proven: published - 50 })
  await sleep(20)
  expect(old.open()).toBe(true)
  old.send('beat', { proven: performance.now() })
  await expect.poll(old.open).toBe(false)
  const handedOver = provenAt
  young.send('beat', { proven: performance.now() })
  await expect.poll(() => provenAt).toBeGreaterThan(handedOver)
  expect(heard).toEqual(['connected', 'a 2'])
})

it('R4: an old link that ends before that leaves a gap, and says so', async () => {
  listen({ renewMs: 1_000 })
  const old = await opened(1)
  old.send('beat', { proven: performance.now() })
  const young = await opened(2)
  old.end()
  await expect.poll(() => heard).toEqual(['connected', 'lost', 'disconnected: The stream was closed'])
  young.send('beat', { proven: performance.now() })
  await expect.poll(() => heard.at(-1)).toBe('connected')
  expect(gateway.streams).toHaveLength(2)
})

it('ends a link that could not be renewed in time', async () => {
  listen({ renewMs: 200 })
  const old = await opened(1)
  gateway.answers.stream = 503
  const beating = setInterval(() => old.send('beat', { proven: performance.now() }), 20)
  await expect.poll(old.open, { timeout: 2_000 }).toBe(false)
  clearInterval(beating)
  expect(heard).toContain('lost')
})

it('looks for a better link when the first word came late', async () => {
  gateway.answers.helloAfterMs = 120
  listen()
  const { send } = await opened(1)
  const beating = setInterval(() => send('beat', { proven: performance.now() }), 50)
  await expect.poll(() => gateway.streams.length, { timeout: 8_000 }).toBe(2)
  clearInterval(beating)
})

it('comes back by itself, soon after a failure and seldom after a refusal', async () => {
  gateway.answers.stream = 503
  listen()
  await expect.poll(() => heard.length).toBeGreaterThan(0)
  gateway.answers.stream = 200
  const { send } = await opened(1)
  send('beat', { proven: performance.now() })
  await expect.poll(() => heard.at(-1)).toBe('connected')
  gateway.answers.stream = 401
  gateway.streams[0]?.end()
  await sleep(1_000)
  gateway.answers.stream = 200
  await sleep(1_500)
  expect(gateway.streams).toHaveLength(1)
})
