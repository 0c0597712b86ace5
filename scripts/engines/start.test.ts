import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { startEngines } from './start'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'engram-home-'))
  vi.stubEnv('DATABASE_URL', '')
  vi.stubEnv('REDIS_URL', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

async function remember(databaseUrl: string, redisUrl: string, note?: string): Promise<[unknown, unknown]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const redis = new Redis(redisUrl)
  try {
    await sql`create table if not exists note (note text)`
    if (note) {
      await sql`insert into note values (${note})`
      await redis.set('note', note)
    }
    const [row] = await sql`select note from note`
    return [row?.note, await redis.get('note')]
  } finally {
    await sql.end()
    redis.disconnect()
  }
}

test('both memories keep what they were told from one start to the next', async () => {
  const first = await startEngines({ home })
  expect(first.describe).toHaveLength(2)
  await remember(first.databaseUrl, first.redisUrl, 'hello')
  await first.stop()
  const second = await startEngines({ home })
  expect(await remember(second.databaseUrl, second.redisUrl)).toEqual(['hello', 'hello'])
  await second.stop()
})

test('in memory nothing is written to the home', async () => {
  const engines = await startEngines({ home, memory: true })
  expect(await remember(engines.databaseUrl, engines.redisUrl, 'gone soon')).toEqual(['gone soon', 'gone soon'])
  await engines.stop()
  expect(readdirSync(home)).toEqual([])
})

test('a store that is given is used as it is, the other one is embedded', async () => {
  vi.stubEnv('DATABASE_URL', 'postgres://someone@db.example/engram')
  const engines = await startEngines({ home, memory: true })
  expect(engines.databaseUrl).toBe('postgres://someone@db.example/engram')
  expect(engines.redisUrl).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/)
  await engines.stop()
})

test('when one engine cannot start, the other one is not left running', async () => {
  const engines = await startEngines({ home, memory: true })
  const redisPort = Number(new URL(engines.redisUrl).port)
  await expect(startEngines({ home, redisPort })).rejects.toThrow(/Address already in use/)
  // A Postgres that was left behind would still own its data.
  const again = await startEngines({ home })
  await again.stop()
  await engines.stop()
})
