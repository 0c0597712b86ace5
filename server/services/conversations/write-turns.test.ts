import { spawn } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connectRedis } from '@/db/redis/client'
import { readInfo } from '@/db/redis/info'
import { keys, shardOf } from '@/db/redis/keys'
import { MOST_WAITING_BYTES } from '@/db/redis/sessions'
import { countWaitingTurns } from '@/db/redis/waiting-turns'
import { startRedis } from '@/scripts/engines/redis'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Caller, system } from '@/server/services/context'
import { addTurn } from '@/server/services/sessions/add-turn'
import { endSession } from '@/server/services/sessions/end-session'
import { putSession } from '@/server/services/sessions/put-session'
import { connectStores } from '@/server/services/stores'
import { createTenant } from '@/server/services/tenants/create-tenant'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { writeTurns } from './write-turns'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const sql = rawSql(process.env.DATABASE_URL ?? '')
beforeAll(() => stores.redis.ready())
afterAll(async () => {
  await sql.end()
  await stores.close()
})

const newTenant = () => `talk-${randomUUID().slice(0, 8)}`
const start = (tenant: string, id: string) =>
  putSession(stores, { id, session: { tenant, user: 'u-1', ttlSeconds: 300, data: {} }, simulated: false })
const say = (id: string, content: string, more: { usageId?: string } = {}) =>
  addTurn(stores, { id, turn: { role: 'user', content, ...more }, allowed: null })
const said = async (tenant: string) => {
  const rows = await sql<{ conversation: string; content: string }[]>`
    select conversation, content from messages where tenant = ${tenant} order by conversation, begun, ordinal`
  return rows.map(({ conversation, content }) => `${conversation} ${content}`)
}
const stream = (id: string) => keys.waitingTurns(shardOf(id))

describe('writeTurns', () => {
  it('R8: to look whether a turn waits is no look-up in Redis’ own counts', async () => {
    const engine = await startRedis({ dataDir: 'memory' })
    const redis = connectRedis({ urls: [engine.url], name: 'quiet-turns', deadlineMs: 5_000 })
    onTestFinished(async () => {
      redis.close()
      await engine.stop()
    })
    await redis.ready()
    for (let times = 0; times < 3; times++) await writeTurns({ ...stores, redis })
    expect(await readInfo(redis)).toMatchObject({ keyspaceHits: 0, keyspaceMisses: 0 })
  })

  it('writes every turn once and in order, beyond the 50 that the session keeps, and forgets them in Redis', async () => {
    const [tenant, id] = [newTenant(), `two lives\n${randomUUID()}`]
    await start(tenant, id)
    for (let n = 1; n <= 60; n++) await say(id, `${n}`)
    await say(id, '61', { usageId: 'call-61' })
    await writeTurns(stores)
    await endSession(stores, { id, allowed: null })
    await start(tenant, id)
    await say(id, 'again')
    await Promise.all([writeTurns(stores), writeTurns(stores)])
    expect(await said(tenant)).toEqual([...Array.from({ length: 61 }, (_, n) => `${id} ${n + 1}`), `${id} again`])
    const rows = await sql`select turns, user_id from conversations where tenant = ${tenant}`
    expect([...rows]).toEqual([{ turns: 62, user_id: 'u-1' }])
    const linked = await sql`select content, usage_id from messages where tenant = ${tenant} and usage_id is not null`
    expect([...linked]).toEqual([{ content: '61', usage_id: 'call-61' }])
    await expect.poll(async () => (await countWaitingTurns(stores.redis)).count).toBe(0)
    expect(await stores.redis.commands.exists(stream(id), keys.waitingBytes(shardOf(id)))).toBe(0)
  })

  it('drops what another program put into the stream, and goes on past a stream that is none', async () => {
    const tenant = newTenant()
    const [id, other] = ['a', 'b'].map((name) => `${name}-${randomUUID()}`) as [string, string]
    await start(tenant, id)
    await stores.redis.commands.xadd(stream(id), '*', 'tenant', tenant, 'id', id, 'turn', '{"role":"user"')
    await stores.redis.commands.xadd(stream(id), '*', 'hello', '<b>world</b>')
    await say(id, 'mine')
    await writeTurns(stores)
    expect(await said(tenant)).toEqual([`${id} mine`])

    const shard = (shardOf(id) + 1) % 16
    await stores.redis.commands.set(keys.waitingTurns(shard), 'junk')
    onTestFinished(() => void stores.redis.commands.del(keys.waitingTurns(shard)))
    const elsewhere = shardOf(other) === shard ? `${id}-c` : other
    await start(tenant, elsewhere)
    const refused = shardOf(elsewhere) === shard
    if (!refused) await say(elsewhere, 'on another shard')
    await expect(writeTurns(stores)).rejects.toThrow('WRONGTYPE')
    if (!refused) expect(await said(tenant)).toContain(`${elsewhere} on another shard`)
  })

  it('refuses turns rather than fill Redis while Postgres does not take them', async () => {
    const [tenant, id] = [newTenant(), randomUUID()]
    await start(tenant, id)
    await stores.redis.commands.set(keys.waitingBytes(shardOf(id)), MOST_WAITING_BYTES)
    onTestFinished(() => void stores.redis.commands.del(keys.waitingBytes(shardOf(id))))
    await expect(say(id, 'one too many')).rejects.toMatchObject({ code: 'unavailable' })
    expect(await stores.redis.commands.exists(keys.sessionTurns(id))).toBe(0)
  })

  it('leaves nothing of a tenant that is erased while its turns are on their way', async () => {
    const tenant = newTenant()
    await createTenant(caller, { slug: tenant })
    const ids = Array.from({ length: 20 }, () => randomUUID())
    for (const id of ids) {
      await start(tenant, id)
      for (let n = 0; n < 10; n++) await say(id, `${n}`)
    }
    let going = true
    const workers = [1, 2].map(async () => {
      while (going) await writeTurns(stores)
    })
    const receipt = await eraseTenant(caller, { slug: tenant })
    going = false
    await Promise.all(workers)
    // One that is being written is in both, and goes from both.
    expect(receipt.redis.waitingTurns + receipt.postgres.messages).toBeGreaterThanOrEqual(200)
    expect(receipt.verified).toBe(true)
    expect(await said(tenant)).toEqual([])
  })

  it('loses no acknowledged turn and writes none twice when gateway and worker die with kill -9', async () => {
    const [tenant, kills] = [newTenant(), 10]
    const ids = Array.from({ length: 8 }, () => randomUUID())
    for (const id of ids) await start(tenant, id)
    const acknowledged: string[] = []

    const boot = `
      const { setTimeout: sleep } = await import('node:timers/promises')
      const { connectStores } = await import('@/server/services/stores')
      const stores = connectStores('worker')
      await stores.redis.ready()`
    const worker = `${boot}
      const { writeTurns } = await import('@/server/services/conversations/write-turns')
      console.log('running')
      for (;;) { await writeTurns(stores); await sleep(2) }`
    const gateway = `${boot}
      const { addTurn } = await import('@/server/services/sessions/add-turn')
      console.log('running')
      const talk = async (id) => {
        for (let n = 0; ; n++) {
          const content = process.pid + '-' + n
          await addTurn(stores, { id, turn: { role: 'user', content }, allowed: null })
          process.stdout.write(id + ' ' + content + '\\n')
          await sleep(1)
        }
      }
      await Promise.all(${JSON.stringify(ids)}.map(talk))`

    const running = async (script: string) => {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        env: process.env,
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      let rest = ''
      child.stdout.on('data', (data: Buffer) => {
        const lines = (rest + data.toString()).split('\n')
        rest = lines.pop() ?? ''
        acknowledged.push(...lines.filter((line) => line !== 'running'))
      })
      await new Promise<void>((resolve, reject) => {
        child.stdout.once('data', () => resolve())
        child.once('exit', (code) => reject(new Error(`a process ended with ${code}`)))
      })
      return child
    }
    const members = [
      { script: worker, child: await running(worker) },
      { script: gateway, child: await running(gateway) },
    ]
    for (let kill = 0; kill < kills; kill++) {
      await sleep(30 + randomInt(300))
      const victim = members[kill % 2]
      if (!victim) throw new Error('nobody to kill')
      const ended = new Promise((resolve) => victim.child.stdout.once('close', resolve))
      victim.child.kill('SIGKILL')
      await ended
      if (kill < kills - 2) victim.child = await running(victim.script)
    }
    for (const { child } of members) child.kill('SIGKILL')
    await writeTurns(stores)

    const found = await said(tenant)
    expect(acknowledged.length).toBeGreaterThan(500)
    expect(new Set(found).size).toBe(found.length)
    expect(acknowledged.filter((one) => !found.includes(one))).toEqual([])
    // A turn may have been kept without its answer reaching anybody: at most one per session and kill of the gateway.
    expect(found.length - acknowledged.length).toBeLessThanOrEqual((ids.length * kills) / 2)
    for (const id of ids) {
      const of = (all: string[]) => all.filter((line) => line.startsWith(id))
      const told = new Set(of(acknowledged))
      expect(of(found).filter((line) => told.has(line))).toEqual(of(acknowledged))
    }
    const [{ turns } = { turns: 0 }] = await sql<{ turns: number }[]>`
      select sum(turns)::int as turns from conversations where tenant = ${tenant}`
    expect(turns).toBe(found.length)
  }, 180_000)
})
