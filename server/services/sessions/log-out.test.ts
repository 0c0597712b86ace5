import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { selectLogout } from '@/db/postgres/queries/session-logouts'
import { keys, shardOf } from '@/db/redis/keys'
import { faultyStores } from '@/server/console/test-support'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { createTenant } from '@/server/services/tenants/create-tenant'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { logOutSessions } from '@/server/worker/jobs/log-out-sessions'
import { addTurn } from './add-turn'
import { checkSessions } from './check-sessions'
import { cancelLogOut } from './cancel-log-out'
import { countSessions } from './count-sessions'
import { getSession } from './get-session'
import { listSessions } from './list-sessions'
import { logOut, runLogOut } from './log-out'
import { peekSession } from './peek-session'
import { putSession } from './put-session'
import { readLogOut } from './read-log-out'
import { ListSessions, LogOut, SessionFilter } from './session-lists.schema'
import { undoLogOut } from './undo-log-out'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const { commands } = stores.redis
const sql = rawSql(process.env.DATABASE_URL ?? '')
beforeAll(() => stores.redis.ready())
afterAll(async () => {
  await sql.end()
  await stores.close()
})

const newTenant = () => `out-${randomUUID().slice(0, 8)}`
type Of = { tenant: string; user?: string; ttlSeconds?: number; data?: unknown }
const begin = async (id: string, { tenant, user = 'u-1', ttlSeconds = 300, data = { locale: 'de' } }: Of) =>
  putSession(stores, { id, session: { tenant, user, ttlSeconds, data }, simulated: false })
const many = async (of: Of, count: number) => {
  const ids = Array.from({ length: count }, (_, n) => `${of.tenant}/${of.user ?? 'u-1'}/${n}`)
  await Promise.all(ids.map((id) => begin(id, of)))
  return ids
}
const say = (id: string, content: string) => addTurn(stores, { id, turn: { role: 'user', content }, allowed: null })
const read = (id: string) => getSession(stores, { id, allowed: null })
const gone = (id: string) => expect(read(id)).rejects.toMatchObject({ code: 'not_found' })
const list = (input: Partial<ListSessions>) => ({ ...ListSessions.parse({ soonest: false }), ...input })

describe('logOut', () => {
  it('takes every session of a user at once, on every connection, and nobody else’s', async () => {
    const tenant = newTenant()
    const [mine, others] = [await many({ tenant, user: 'u-1' }, 30), await many({ tenant, user: 'u-2' }, 3)]
    const out = await logOut(caller, LogOut.parse({ tenant, user: 'u-1' }))
    expect(out).toMatchObject({ state: 'done', loggedOut: 30 })
    const other = connectStores('gateway')
    onTestFinished(other.close)
    await other.redis.ready()
    for (const id of mine)
      await expect(getSession(other, { id, allowed: null })).rejects.toMatchObject({ code: 'not_found' })
    for (const id of others) await read(id)
    const audits = await sql`select action, target, after from audit where after ->> 'id' = ${out.id}`
    expect(audits[0]).toMatchObject({ action: 'sessions.log-out', target: `sessions of tenant ${tenant}, user u-1` })
  })

  it('gives everything back on undo, with the time that was left, but leaves a session that was begun since', async () => {
    const tenant = newTenant()
    const [kept, replaced] = (await many({ tenant, ttlSeconds: 100 }, 2)) as [string, string]
    await say(kept, 'hello')
    const before = await commands.pexpiretime(keys.session(kept))
    const { id } = await logOut(caller, LogOut.parse({ tenant }))
    await gone(kept)
    await expect(say(kept, 'too late')).rejects.toMatchObject({ code: 'not_found' })
    await begin(replaced, { tenant, data: 'new' })
    expect(await undoLogOut(caller, { id })).toEqual({ restored: 1, taken: 1, expired: 0 })
    expect(await commands.pexpiretime(keys.session(kept))).toBe(before)
    expect(await commands.pexpiretime(keys.sessionTurns(kept))).toBe(before)
    expect(Number(await commands.zscore(keys.liveSessions(shardOf(kept)), kept))).toBe(before)
    expect((await read(kept)).turns.map(({ content }) => content)).toEqual(['hello'])
    expect((await read(replaced)).data).toBe('new')
    expect(await undoLogOut(caller, { id })).toEqual({ restored: 0, taken: 0, expired: 0 })
  })

  it('does not bring back what a later log-out took', async () => {
    const tenant = newTenant()
    const [id] = (await many({ tenant }, 1)) as [string]
    const first = await logOut(caller, LogOut.parse({ ids: [id] }))
    await begin(id, { tenant, data: 'second' })
    await logOut(caller, LogOut.parse({ ids: [id] }))
    expect(await undoLogOut(caller, { id: first.id })).toEqual({ restored: 0, taken: 0, expired: 1 })
    await gone(id)
  })

  it('refuses an undo once its 30 seconds are over, and a log-out of what is not there', async () => {
    const tenant = newTenant()
    const [id] = (await many({ tenant }, 1)) as [string]
    const out = await logOut(caller, LogOut.parse({ ids: [id] }))
    await sql`update session_logouts set finished_at = now() - interval '36 seconds' where id = ${out.id}`
    await expect(undoLogOut(caller, { id: out.id })).rejects.toMatchObject({ code: 'conflict' })
    await expect(logOut(caller, LogOut.parse({ ids: [id] }))).rejects.toMatchObject({ code: 'not_found' })
    expect(LogOut.safeParse({}).success).toBe(false)
    expect(LogOut.safeParse({ ids: [id], tenant }).success).toBe(false)
  })

  it('is finished by another process when the one that began fell silent, and stops when it is cancelled', async () => {
    const tenant = newTenant()
    const ids = await many({ tenant }, 20)
    const filter = LogOut.parse({ tenant })
    const begun = async () => {
      const [row] = await sql<{ id: string }[]>`
        insert into session_logouts (filter, of_sessions, by, touched_at)
        values (${sql.json(filter)}, 20, 'test', now() - interval '1 hour') returning id`
      return row?.id ?? ''
    }
    const cancelled = await begun()
    await cancelLogOut(caller, { id: cancelled })
    await logOutSessions(stores)
    expect(await readLogOut(stores, { id: cancelled })).toMatchObject({ state: 'cancelled', loggedOut: 0 })
    for (const id of ids) await read(id)
    const id = await begun()
    await logOutSessions(stores)
    expect(await readLogOut(stores, { id })).toMatchObject({ state: 'done', loggedOut: 20 })
    for (const one of ids) await gone(one)
  })

  it('meets every session although all of them are touched while it walks', async () => {
    const tenant = newTenant()
    // All in one shard, so that the walk takes several steps through it.
    const ids = Array.from({ length: 40_000 }, (_, n) => `${tenant}/${n}`).filter((id) => shardOf(id) === 5)
    await Promise.all(ids.map((id) => begin(id, { tenant })))
    let going = true
    const traffic = [0, 1, 2, 3].map(async (lane) => {
      for (let n = lane; going; n = (n + 4) % ids.length) await read(ids[n] ?? '').catch(() => {})
    })
    const out = await logOut(caller, LogOut.parse({ tenant }))
    going = false
    await Promise.all(traffic)
    expect(ids.length).toBeGreaterThan(2_000)
    expect(out).toMatchObject({ state: 'done', loggedOut: ids.length })
    expect((await countSessions(stores, SessionFilter.parse({ tenant }))).matched).toBe(0)
  })

  it('leaves no half log-out behind where it stops in the middle: begun anew, it goes on', async () => {
    const tenant = newTenant()
    await many({ tenant }, 300)
    const [row] = await sql<{ id: string }[]>`
      insert into session_logouts (filter, of_sessions, by) values (${sql.json(LogOut.parse({ tenant }))}, 300, 'test') returning id`
    const logout = await selectLogout(stores.db, row?.id ?? '')
    if (!logout) throw new Error('nothing was inserted')
    await Promise.all([
      runLogOut(stores, logout, { untilMs: Infinity }),
      runLogOut(stores, logout, { untilMs: Infinity }),
    ])
    expect(await readLogOut(stores, logout)).toMatchObject({ state: 'done', loggedOut: 300 })
    expect(await undoLogOut(caller, logout)).toEqual({ restored: 300, taken: 0, expired: 0 })
  })
})

it('is erased with its tenant also while it waits aside', async () => {
  const tenant = newTenant()
  await createTenant(caller, { slug: tenant })
  const [id] = (await many({ tenant }, 3)) as [string]
  await say(id, 'hello')
  const out = await logOut(caller, LogOut.parse({ tenant }))
  const receipt = await eraseTenant(caller, { slug: tenant })
  expect(receipt).toMatchObject({ verified: true, redis: { sessions: 3 } })
  expect(await commands.exists(keys.goneSession(id), keys.goneTurns(id))).toBe(0)
  expect(await undoLogOut(caller, { id: out.id })).toEqual({ restored: 0, taken: 0, expired: 3 })
})

it('R5: says that Redis does not answer, logs out nothing and writes no audit row', async () => {
  const faulty = await faultyStores()
  onTestFinished(faulty.close)
  const tenant = newTenant()
  const [id] = (await many({ tenant }, 1)) as [string]
  faulty.redisLink.cut()
  const without = { ...faulty.stores, actor: system }
  await expect(logOut(without, LogOut.parse({ tenant }))).rejects.toMatchObject({ code: 'unavailable' })
  await expect(listSessions(without, list({ tenant }))).rejects.toMatchObject({ code: 'unavailable' })
  await read(id)
  expect(await sql`select 1 from audit where target like ${`%${tenant}%`}`).toHaveLength(0)
})

describe('listSessions', () => {
  it('pages through all of them once, in the order in which they expire, both ways', async () => {
    const tenant = newTenant()
    const ids = await many({ tenant }, 130)
    for (const soonest of [true, false]) {
      const seen: { id: string; expiresAt: string }[] = []
      let cursor: ListSessions['cursor'] = null
      do {
        const page = await listSessions(stores, list({ tenant, soonest, cursor }), { limit: 20 })
        seen.push(...page.sessions)
        cursor = page.next
      } while (cursor)
      expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
      const times = seen.map(({ expiresAt }) => Date.parse(expiresAt))
      expect(times).toEqual(times.toSorted((a, b) => (soonest ? a - b : b - a)))
    }
  })

  it('filters by user, size, idleness and the prompt of the last call, and adds up its usage', async () => {
    const tenant = newTenant()
    const [small, big] = [`${tenant}-small`, `${tenant}-big\n<img src=x>`]
    await begin(small, { tenant, user: 'u-1' })
    await begin(big, { tenant, user: 'u-2', data: 'x'.repeat(5_000) })
    await ingestUsage(stores, {
      key: { id: null, tenants: null, simulated: false },
      events: [7, 8].map((version) => ({
        ...{ id: randomUUID(), tenant, conversation: big, provider: 'openai', model: 'gpt-4o-mini' },
        ...{ inputTokens: 1_000_000, outputTokens: 10, prompt: { name: 'reply', version } },
        occurredAt: new Date(Date.now() + version).toISOString(),
      })),
    })
    const found = async (filter: Partial<SessionFilter>) =>
      (await listSessions(stores, list({ tenant, ...filter }))).sessions
    expect((await found({ user: 'u-1' })).map(({ id }) => id)).toEqual([small])
    expect((await found({ minBytes: 5_000 })).map(({ id }) => id)).toEqual([big])
    expect(await found({ idleSeconds: 60 })).toEqual([])
    expect(await found({ prompt: 'reply@7' })).toEqual([])
    expect(await found({ prompt: 'reply@8' })).toMatchObject([
      { id: big, bytes: 5_002, usage: { requests: 2, tokens: 2_000_020, costUsd: '0.300012', prompt: 'reply@8' } },
    ])
    expect(await found({ prompt: 'reply', user: 'u-1' })).toEqual([])
  })

  it('says how many it looked at where few pass, and goes on from there', async () => {
    const tenant = newTenant()
    await many({ tenant, ttlSeconds: 4_000 }, 1_200)
    const needle = `${tenant}-needle`
    await begin(needle, { tenant, user: 'needle', ttlSeconds: 3_000 })
    const first = await listSessions(stores, list({ tenant, user: 'needle' }), { most: 500 })
    expect(first).toMatchObject({ sessions: [], examined: 500 })
    const second = await listSessions(stores, list({ tenant, user: 'needle', cursor: first.next }), { most: 5_000 })
    expect(second.sessions.map(({ id }) => id)).toEqual([needle])
    expect(second.examined).toBeGreaterThan(1_200)
    await logOut(caller, LogOut.parse({ tenant }))
  })
})

describe('what other programs leave in the family', () => {
  it('shows a session that is not JSON as text, and answers its readers with a conflict rather than an error', async () => {
    const tenant = newTenant()
    const id = `${tenant} <script>alert(1)</script>\n`
    await begin(id, { tenant })
    await commands.hset(keys.session(id), 'data', '{"broken', 'createdAt', 'yesterday')
    await commands.rpush(keys.sessionTurns(id), 'not a turn')
    expect(await peekSession(stores, { id })).toMatchObject({ data: '{"broken', dataIsJson: false, createdAt: null })
    await expect(read(id)).rejects.toMatchObject({ code: 'conflict', field: 'id' })
    const [row] = (await listSessions(stores, list({ tenant }))).sessions
    expect(row).toMatchObject({ id, createdAt: null, usage: null })
    expect((await logOut(caller, LogOut.parse({ tenant }))).loggedOut).toBe(1)
  })

  it('skips keys of the wrong type, and names them in the check', async () => {
    const id = randomUUID()
    const foreign = 'engram:sessions:{s1}:%zz:junk'
    await commands.set(keys.session(id), 'a string')
    await commands.set(foreign, 'x')
    await commands.zadd(keys.liveSessions(shardOf(id)), Date.now() + 60_000, id)
    onTestFinished(async () => {
      await commands.del(keys.session(id))
      await commands.del(foreign)
      await commands.zrem(keys.liveSessions(shardOf(id)), id)
    })
    await expect(read(id)).rejects.toMatchObject({ code: 'conflict' })
    await expect(peekSession(stores, { id })).rejects.toMatchObject({ code: 'conflict' })
    expect((await listSessions(stores, list({}))).sessions.map((one) => one.id)).not.toContain(id)
    await checkSessions(stores)
    const [check] = await sql`select junk, to_json(junk_keys) as junk_keys from session_checks order by at desc limit 1`
    expect(check?.junk).toBeGreaterThanOrEqual(2)
    expect(check?.junk_keys).toEqual(expect.arrayContaining([foreign, keys.session(id)]))
  })

  it('puts orphans right both ways and keeps what it found', async () => {
    const tenant = newTenant()
    const [lost, unknown] = (await many({ tenant }, 2)) as [string, string]
    await commands.del(keys.session(lost))
    await commands.zrem(keys.liveSessions(shardOf(unknown)), unknown)
    expect((await listSessions(stores, list({ tenant }))).sessions).toEqual([])
    await checkSessions(stores, Date.now() + 1)
    const [check] = await sql`select * from session_checks order by at desc limit 1`
    expect(check?.indexed_without_session).toBeGreaterThanOrEqual(1)
    expect(check?.sessions_without_index).toBeGreaterThanOrEqual(1)
    expect(await commands.zscore(keys.liveSessions(shardOf(lost)), lost)).toBeNull()
    expect((await listSessions(stores, list({ tenant }))).sessions.map(({ id }) => id)).toEqual([unknown])
  })
})
