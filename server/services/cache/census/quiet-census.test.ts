import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { censusNodes } from '@/db/redis/census'
import { connectRedis, type RedisStore } from '@/db/redis/client'
import { readInfo } from '@/db/redis/info'
import { startRedis } from '@/scripts/engines/redis'
import { connectDb } from '@/server/services/stores'
import { censusTaker } from './take-census'

const KEYS = 1_000_000
const MEMBERS = 1_000_000
const AT_ONCE = 20_000
const TIMES = 12

describe('R8: a census of a million keys and a sorted set of a million members', () => {
  const db = connectDb('worker')
  let engine: Awaited<ReturnType<typeof startRedis>>
  let redis: RedisStore
  beforeAll(async () => {
    engine = await startRedis({ dataDir: 'memory' })
    redis = connectRedis({ urls: [engine.url], name: 'quiet-census', deadlineMs: 20_000 })
    await redis.ready()
    const fill = `for i = ARGV[1], ARGV[1] + ${AT_ONCE - 1} do redis.call('SET', 'k:' .. i, 'v') end`
    for (let at = 0; at < KEYS; at += AT_ONCE) await redis.commands.eval(fill, 0, at)
    const rank = `for i = ARGV[1], ARGV[1] + ${AT_ONCE - 1} do redis.call('ZADD', 'board', i, 'm' .. i) end`
    for (let at = 0; at < MEMBERS; at += AT_ONCE) await redis.commands.eval(rank, 0, at)
    await redis.commands.config('SET', 'slowlog-log-slower-than', 2_000)
    await redis.commands.config('SET', 'slowlog-max-len', 1_000)
    await redis.commands.slowlog('RESET')
  }, 180_000)
  afterAll(async () => {
    redis.close()
    await engine.stop()
    await db.close()
  })

  it('sends nothing that takes Redis two milliseconds', async () => {
    const taker = censusTaker({ db, redis }, { pauseMs: 0, pauseTimes: 0, mostExamined: 40_000, mostMeasured: 4_000 })
    while (!(await taker.run())) await sleep(1)
    const [node] = censusNodes(redis)
    for (let time = 0; time < TIMES; time++) await node?.measure([Buffer.from('board')], 'idle')
    const slow = (await redis.commands.slowlog('GET', 1_000)) as [number, number, number, string[]][]
    const slowOf = (command: string) => slow.filter(([, , , words]) => words[0]?.toLowerCase() === command).length
    // A busy machine makes any command slow now and then; one that is slow by nature is slow every time.
    const stats = (await readInfo(redis)).commandStats
    expect(stats.scan?.calls).toBeGreaterThan(100)
    for (const command of ['scan', 'type', 'pttl'])
      expect(slowOf(command) / (stats[command]?.calls ?? 0), command).toBeLessThan(0.25)
    expect(slowOf('memory')).toBeLessThan(TIMES)
    expect(slowOf('object')).toBeLessThan(TIMES)
  }, 120_000)
})
