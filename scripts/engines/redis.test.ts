import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { findRedis, startRedis } from './redis'
import { installRedis } from './redis-install'

let home: string
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'engram-redis-'))
  if (!findRedis()) await installRedis()
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

async function withClient<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('sessions survive a restart of a Redis that has a directory', async () => {
  const dataDir = join(home, 'redis')
  let engine = await startRedis({ dataDir })
  await withClient(engine.url, (redis) => redis.set('session', 'alive', 'EX', 1_000))
  await engine.stop()
  expect(isAlive(engine.pid)).toBe(false)
  engine = await startRedis({ dataDir })
  expect(await withClient(engine.url, (redis) => redis.get('session'))).toBe('alive')
  await engine.stop()
})

test('a killed Redis gives its directory to the next one', async () => {
  const dataDir = join(home, 'redis')
  const killed = await startRedis({ dataDir })
  await withClient(killed.url, async (redis) => {
    await redis.set('session', 'alive')
    await expect.poll(() => redis.info('persistence'), { timeout: 5_000 }).toContain('aof_pending_bio_fsync:0')
  })
  process.kill(killed.pid, 'SIGKILL')
  const engine = await startRedis({ dataDir })
  expect(await withClient(engine.url, (redis) => redis.get('session'))).toBe('alive')
  await engine.stop()
})

test('in memory it keeps nothing, listens on loopback only and evicts as told', async () => {
  const engine = await startRedis({ dataDir: 'memory', maxmemoryMb: 64, policy: 'allkeys-lru' })
  await withClient(engine.url, async (redis) => {
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'no'])
    expect(await redis.config('GET', 'save')).toEqual(['save', ''])
    expect(await redis.config('GET', 'bind')).toEqual(['bind', '127.0.0.1'])
    expect(await redis.config('GET', 'maxmemory')).toEqual(['maxmemory', String(64 * 1024 * 1024)])
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'allkeys-lru'])
  })
  await engine.stop()
})

test('a port that is taken is reported in the words of Redis', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  await expect(startRedis({ dataDir: 'memory', port })).rejects.toThrow(/Address already in use/)
  taken.close()
})

test('it does not outlive the process that started it, not even one that is killed', async () => {
  const parent = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--input-type=module', '--eval'],
      `import { startRedis } from './scripts/engines/redis.ts'
       const { pid } = await startRedis({ dataDir: 'memory' })
       console.log(pid)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false)
})
