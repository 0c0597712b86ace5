import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '@/scripts/engines/redis'
import { startRedisCluster } from '@/scripts/engines/redis-cluster'
import { connectRedis, type RedisStore } from './client'

const DEADLINE_MS = 100
const single = async () => {
  const { url, pid, stop } = await startRedis({ dataDir: 'memory' })
  return { urls: [url], pids: [pid], stop }
}

describe.each([
  { name: 'a Redis', start: single },
  { name: 'a Redis Cluster', start: startRedisCluster },
])('R5: the deadline of a command to $name', ({ start }) => {
  let engine: Awaited<ReturnType<typeof start>>
  let redis: RedisStore
  const names = Array.from({ length: 30 }, (_, n) => `client-test:${n}`)
  const readAll = () => Promise.allSettled(names.map((name) => redis.commands.get(name)))

  beforeAll(async () => {
    engine = await start()
    redis = connectRedis({ urls: engine.urls, name: 'client-test', deadlineMs: DEADLINE_MS })
    await redis.ready()
    for (const name of names) await redis.commands.set(name, name)
  })
  afterAll(async () => {
    redis.close()
    await engine.stop()
  })

  it('does not count how long this process itself is too busy to listen', async () => {
    const reading = readAll()
    await new Promise(setImmediate)
    for (const until = performance.now() + 3 * DEADLINE_MS; performance.now() < until;);
    expect(await reading).toEqual(names.map((value) => ({ status: 'fulfilled', value })))
  })

  it('ends the wait for a server that hangs', async () => {
    const [pid = 0] = engine.pids
    process.kill(pid, 'SIGSTOP')
    try {
      const started = performance.now()
      const answers = await readAll()
      expect(performance.now() - started).toBeLessThan(3 * DEADLINE_MS)
      // Of a cluster the other two answer for their own.
      const late = answers.filter(({ status }) => status === 'rejected').length
      expect(late).toBeGreaterThan(0)
      expect(late < names.length).toBe(engine.pids.length > 1)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await sleep(DEADLINE_MS)
    expect((await readAll()).every(({ status }) => status === 'fulfilled')).toBe(true)
  })
})
