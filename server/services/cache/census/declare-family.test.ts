import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { startRedis } from '@/scripts/engines/redis'
import { system } from '@/server/services/context'
import { connectDb } from '@/server/services/stores'
import { DeclareFamily } from './census.schema'
import { declareFamily, forgetFamily } from './declare-family'
import { globEscape, globExpression } from './glob'
import { keyspaceReport } from './keyspace-report'
import { censusTaker } from './take-census'

const run = randomUUID().slice(0, 8)
const db = connectDb('worker')
let engine: Awaited<ReturnType<typeof startRedis>>
let redis: RedisStore
beforeAll(async () => {
  engine = await startRedis({ dataDir: 'memory' })
  redis = connectRedis({ urls: [engine.url], name: 'declare-test', deadlineMs: 5_000 })
  await redis.ready()
})
afterAll(async () => {
  redis.close()
  await engine.stop()
  await db.close()
})

const family = { name: `carts ${run}`, pattern: `cart${run}:*`, kind: 'cache', decode: 'json', userAt: null, software: null } as const // prettier-ignore
const scope = { tenant: null, range: '1h', from: null, to: null, timezone: 'UTC' } as const
const census = async () => {
  const taker = censusTaker({ db, redis }, { pauseMs: 0, pauseTimes: 0 })
  while (!(await taker.run())) await sleep(1)
  const { census } = await keyspaceReport({ db }, scope)
  return census?.report.families ?? []
}

describe('declared families', () => {
  it('are counted by their name in the next census, and by their prefix again once forgotten', async () => {
    const caller = { db, redis, actor: system }
    for (let n = 0; n < 12; n++) await redis.commands.set(`cart${run}:${n}`, '{}', 'EX', 600)
    expect((await census()).find(({ name }) => name === `cart${run}:`)).toMatchObject({ of: 'other', keys: 12 })
    await declareFamily(caller, family)
    await expect(declareFamily(caller, { ...family, name: `other ${run}` })).rejects.toMatchObject({ code: 'conflict' })
    const counted = await census()
    expect(counted.find(({ name }) => name === family.name)).toMatchObject({ of: 'declared', keys: 12, kind: 'cache' })
    expect(counted.find(({ name }) => name === `cart${run}:`)).toBeUndefined()
    await forgetFamily(caller, { name: family.name })
    await expect(forgetFamily(caller, { name: family.name })).rejects.toMatchObject({ code: 'not_found' })
    expect((await census()).find(({ name }) => name === `cart${run}:`)).toMatchObject({ keys: 12 })
  })

  it.each([
    ['pattern', { pattern: '*' }],
    ['pattern', { pattern: 'engram:sessions:*' }],
    ['pattern', { pattern: '' }],
    ['name', { name: '' }],
    ['kind', { kind: 'nonsense' }],
  ])('R13: bad input names its field, %s', (field, wrong) => {
    expect(DeclareFamily.safeParse({ ...family, ...wrong }).error?.issues[0]?.path).toEqual([field])
  })

  it('reads patterns as Redis does', async () => {
    const keys = ['a:1', 'a:12', 'b:1', 'a*b', 'a[b', 'a\\b', 'a.b', 'a-b', 'ab\nc', 'a/b']
    for (const key of keys) await redis.commands.set(`${run}${key}`, '1')
    const patterns = [
      'a:*',
      'a:?',
      '[ab]:1',
      '[^a]:1',
      'a\\*b',
      'a\\[b',
      'a[./]b',
      '[a-b]:1',
      'ab*',
      'a?b',
      globEscape('a\\b'),
    ]
    for (const pattern of patterns) {
      const found = new Set(await redis.commands.scan('0', 'MATCH', run + pattern, 'COUNT', 500).then(([, all]) => all))
      const expression = globExpression(run + pattern)
      expect(keys.filter((key) => expression.test(run + key)).sort(), pattern).toEqual(
        keys.filter((key) => found.has(run + key)).sort(),
      )
    }
  })
})
