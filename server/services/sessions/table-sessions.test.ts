import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { keys } from '@/db/redis/keys'
import { rawSql } from '@/scripts/faults/raw-sql'
import { expected } from '@/server/failure'
import { type Caller, system } from '@/server/services/context'
import { readConversation } from '@/server/services/conversations/read-conversation'
import { connectStores } from '@/server/services/stores'
import { createTenant } from '@/server/services/tenants/create-tenant'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { expireTableSessions } from '@/server/worker/jobs/expire-sessions'
import { addTurn } from './add-turn'
import { advanceSessionMoves } from './advance-moves'
import { checkSessions } from './check-sessions'
import { countSessions } from './count-sessions'
import { endSession } from './end-session'
import { getSession } from './get-session'
import { listSessions } from './list-sessions'
import { logOut } from './log-out'
import { peekSession } from './peek-session'
import { forgetPlaces } from './places'
import { putSession } from './put-session'
import { ListSessions, LogOut, SessionFilter } from './session-lists.schema'
import { createSessionNamespace, moveSessions, removeSessionNamespace } from './session-namespaces'
import { undoLogOut } from './undo-log-out'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const sql = rawSql(process.env.DATABASE_URL ?? '')
const inTable = `t-${randomUUID().slice(0, 8)}`
const inRedis = `r-${randomUUID().slice(0, 8)}`
const newTenant = () => `tab-${randomUUID().slice(0, 8)}`

/** As the console makes it, without the time that processes are given to learn of it. */
async function settledIn(name: string, store: 'redis' | 'unlogged') {
  await sql`insert into session_namespaces (name, store, created_by) values (${name}, ${store}, 'test')`
  forgetPlaces(stores)
}
beforeAll(async () => {
  await stores.redis.ready()
  await settledIn(inTable, 'unlogged')
  await settledIn(inRedis, 'redis')
})
afterAll(async () => {
  await sql`delete from sessions_unlogged where namespace = ${inTable}`
  await sql`delete from session_namespaces where name in (${inTable}, ${inRedis})`
  await sql.end()
  await stores.close()
})

type Of = { tenant: string; user?: string; ttlSeconds?: number; data?: unknown }
const begin = (id: string, { tenant, user = 'u-1', ttlSeconds = 300, data = { locale: 'de' } }: Of, at = stores) =>
  putSession(at, { id, session: { tenant, user, ttlSeconds, data }, simulated: false })
const say = (id: string, content: string, own?: string, at = stores) =>
  addTurn(at, { id, turn: { role: 'user', content, ...(own ? { id: own } : {}) }, allowed: null })
const read = (id: string, allowed: string[] | null = null) => getSession(stores, { id, allowed })
const said = async (id: string) => (await read(id)).turns.map(({ content }) => content)
const gone = (id: string) => expect(read(id)).rejects.toMatchObject({ code: 'not_found' })
const list = (input: Partial<ListSessions>) => ({ ...ListSessions.parse({ soonest: false }), ...input })
const rowsOf = async (id: string) => Number((await sql`select from sessions_unlogged where id = ${id}`).count)

describe.each([
  { where: 'Redis', namespace: inRedis, store: 'redis' },
  { where: 'the table', namespace: inTable, store: 'unlogged' },
])('a session in $where', ({ namespace, store }) => {
  const newId = () => `${namespace}:${randomUUID()} "x"\\,{}`

  it('keeps data and the last 50 turns, adds a turn of one id once, and lives in its store alone', async () => {
    const [tenant, id] = [newTenant(), newId()]
    const { createdAt } = await begin(id, { tenant })
    for (let n = 1; n <= 52; n++) expect((await say(id, `${n}`, `m-${n}`)).turns).toBe(Math.min(n, 50))
    expect((await say(id, '52', 'm-52')).turns).toBe(50)
    await expect(say(id, 'else', 'm-52')).rejects.toMatchObject({ code: 'conflict' })
    expect(await begin(id, { tenant, data: [1] })).toMatchObject({ createdAt })
    expect(await read(id)).toMatchObject({ tenant, user: 'u-1', ttlSeconds: 300, data: [1], createdAt })
    expect(await said(id)).toEqual(Array.from({ length: 50 }, (_, n) => `${n + 3}`))
    expect(await peekSession(stores, { id })).toMatchObject({ store, turnsInAll: 52 })
    expect([await stores.redis.commands.exists(keys.session(id)), await rowsOf(id)]).toEqual(
      store === 'redis' ? [1, 0] : [0, 1],
    )
    expect(await endSession(stores, { id, allowed: null })).toEqual({ deleted: true })
    await gone(id)
    await expect(endSession(stores, { id, allowed: null })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is as good as absent for other tenants, and ends with its time', async () => {
    const [tenant, other, id] = [newTenant(), newTenant(), newId()]
    await begin(id, { tenant, ttlSeconds: 1 })
    await expect(read(id, [other])).rejects.toMatchObject({ code: 'not_found' })
    expect((await read(id, [other, tenant])).tenant).toBe(tenant)
    await expect(begin(id, { tenant: other })).rejects.toMatchObject({ code: 'conflict', field: 'id' })
    await expect.poll(() => peekSession(stores, { id }).catch(() => null), { timeout: 10_000 }).toBeNull()
    await say(id, 'late').then(
      () => expect.unreachable(),
      (error) => expect(error).toMatchObject({ code: 'not_found' }),
    )
    // The id is free then, also where nobody has tidied up yet, and the new session knows nothing of the old one.
    await begin(id, { tenant: other })
    expect(await read(id)).toMatchObject({ tenant: other, turns: [] })
  })

  it('is logged out with all that match, and comes back with an undo, turns and time included', async () => {
    const tenant = newTenant()
    const ids = Array.from({ length: 4 }, newId)
    for (const id of ids) await begin(id, { tenant, ttlSeconds: 200 })
    const [kept = '', replaced = '', single = '', busy = ''] = ids
    await say(kept, 'hello')
    await begin(busy, { tenant, user: 'u-2' })
    expect(await countSessions(stores, SessionFilter.parse({ tenant, user: 'u-1' }))).toMatchObject({ matched: 3 })
    const { id, loggedOut } = await logOut(caller, LogOut.parse({ namespace, tenant, user: 'u-1' }))
    expect(loggedOut).toBe(3)
    for (const one of [kept, replaced, single]) await gone(one)
    await read(busy)
    await begin(replaced, { tenant, data: 'new' })
    expect(await undoLogOut(caller, { id })).toEqual({ restored: 2, taken: 1, expired: 0 })
    expect(await said(kept)).toEqual(['hello'])
    expect((await read(replaced)).data).toBe('new')
    expect(await logOut(caller, LogOut.parse({ ids: [single] }))).toMatchObject({ loggedOut: 1 })
    await gone(single)
    await expect(logOut(caller, LogOut.parse({ ids: [single] }))).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is erased with its tenant, also when it was logged out, and its conversation with it', async () => {
    const [tenant, ids] = [newTenant(), [newId(), newId()]]
    await createTenant(caller, { slug: tenant })
    for (const id of ids) await begin(id, { tenant })
    for (const id of ids) await say(id, 'hello')
    await logOut(caller, LogOut.parse({ ids: ids.slice(1) }))
    const receipt = await eraseTenant(caller, { slug: tenant })
    expect(receipt).toMatchObject({ verified: true })
    expect(receipt.redis.sessions + receipt.postgres.sessionsUnlogged).toBe(2)
    for (const id of ids) await gone(id)
  })
})

it('lists sessions of both memories in one order, page by page, and of one namespace alone', async () => {
  const tenant = newTenant()
  const ids = Array.from({ length: 9 }, (_, n) => `${n % 2 ? inTable : inRedis}:${randomUUID()}`)
  for (const [n, id] of ids.entries()) await begin(id, { tenant, ttlSeconds: 100 + n * 10 })
  const found: { id: string; store: string }[] = []
  let cursor: ListSessions['cursor'] = null
  do {
    const page = await listSessions(stores, list({ tenant, soonest: true, cursor }), { limit: 4 })
    found.push(...page.sessions)
    cursor = page.next
  } while (cursor)
  expect(found.map(({ id }) => id)).toEqual(ids)
  expect(found.map(({ store }) => store)).toEqual(ids.map((id) => (id.startsWith('t-') ? 'unlogged' : 'redis')))
  const some = await listSessions(stores, list({ tenant, namespace: inTable }))
  expect(some.sessions.map(({ id }) => id)).toEqual(ids.filter((id) => id.startsWith(inTable)).reverse())
})

it('writes a turn of a session in the table and its message as one, also when it is sent many times at once', async () => {
  const [tenant, id] = [newTenant(), `${inTable}:${randomUUID()}`]
  await begin(id, { tenant })
  await Promise.all(Array.from({ length: 12 }, (_, n) => say(id, `turn ${n % 3}`, `m-${n % 3}`)))
  await endSession(stores, { id, allowed: null })
  await begin(id, { tenant })
  await say(id, 'a later life')
  const { turns, turnsInAll } = await readConversation(stores, { tenant, id, cursor: null })
  expect(turnsInAll).toBe(4)
  expect(turns.map(({ content }) => content).toSorted()).toEqual(['a later life', 'turn 0', 'turn 1', 'turn 2'])
})

it('forgets what has expired, and what nobody can bring back', async () => {
  const [tenant, ids] = [newTenant(), [0, 1, 2].map((n) => `${inTable}:${randomUUID()}-${n}`)]
  for (const id of ids) await begin(id, { tenant })
  await logOut(caller, LogOut.parse({ ids: [ids[1]] }))
  await sql`update sessions_unlogged set expires_at = now() - interval '1 s' where id = ${ids[0] ?? ''}`
  await sql`update sessions_unlogged set kept_until = now() - interval '1 s' where id = ${ids[1] ?? ''}`
  await expireTableSessions(stores)
  expect(await Promise.all(ids.map(rowsOf))).toEqual([0, 0, 1])
})

const SESSIONS = 1_000
/** A worker of its own, that can be killed. */
const startWorker = () =>
  spawn(process.execPath, ['--import', 'tsx', 'server/worker/main.ts'], { env: process.env, stdio: 'ignore' })
async function end(worker: ChildProcess, signal: NodeJS.Signals) {
  const exited = once(worker, 'exit')
  worker.kill(signal)
  await exited
}
const notFound = (error: unknown) => {
  const code = expected(error)?.code
  if (code === 'not_found') return 'gone' as const
  if (code === 'unavailable') return 'unavailable' as const
  throw error
}

describe('a move', () => {
  /** The worker until the move is over; phases are given less time than processes need, for there is none that is slow. */
  async function untilSettled(name: string) {
    for (;;) {
      await sql`update session_namespaces set phase_since = phase_since - interval '3.5 s'
        where name = ${name} and phase_since > now() - interval '3 s'`
      await advanceSessionMoves(stores)
      const [row] = await sql<{ phase: string; store: string }[]>`
        select phase, store from session_namespaces where name = ${name}`
      if (row?.phase === 'settled') return row.store
      await pause(100)
    }
  }

  it('there and back loses no session, no turn and no log-out while applications go on', async () => {
    const [tenant, name] = [newTenant(), `m-${randomUUID().slice(0, 8)}`]
    onTestFinished(() => void sql`delete from session_namespaces where name = ${name}`.execute())
    const ids = Array.from({ length: 30 }, (_, n) => `${name}:${n}`)
    const [first = '', ended = '', out = ''] = ids
    for (const id of ids) await begin(id, { tenant })
    for (let n = 1; n <= 52; n++) await say(first, `${n}`, `m-${n}`)

    const gateways = [connectStores('worker'), connectStores('worker')]
    onTestFinished(async () => void (await Promise.all(gateways.map((one) => one.close()))))
    await Promise.all(gateways.map((one) => one.redis.ready()))
    const told = new Map<string, string[]>()
    let going = true
    const talk = async (at: (typeof gateways)[number], mine: string[], who: number) => {
      for (let n = 0; going; n++)
        for (const id of mine) {
          const answered = await say(id, `${who}-${n}`, undefined, at).catch((error: unknown) => {
            if (expected(error)?.code !== 'unavailable') throw error
            return null
          })
          if (answered) told.set(id, [...(told.get(id) ?? []), `${who}-${n}`])
          await pause(20)
        }
    }
    const talking = gateways.map((at, who) => talk(at, ids.slice(10, 20), who))
    const whole = async () => {
      expect(await said(first)).toEqual(Array.from({ length: 50 }, (_, n) => `${n + 3}`))
      expect((await say(first, '52', 'm-52')).turns).toBe(50)
      const { sessions } = await listSessions(stores, list({ namespace: name, tenant }), { limit: 100 })
      expect(sessions.length).toBe(ids.length - 2)
      await gone(ended)
      await gone(out)
    }

    await createSessionNamespace(caller, { name, store: 'unlogged' })
    await endSession(stores, { id: ended, allowed: null })
    await logOut(caller, LogOut.parse({ ids: [out] }))
    // An undo may still bring it back, to where it was.
    await sql`update session_logouts set finished_at = now() - interval '1 min' where filter -> 'ids' ->> 0 = ${out}`
    expect(await untilSettled(name)).toBe('unlogged')
    await whole()
    expect(await stores.redis.commands.exists(keys.session(first))).toBe(0)

    await moveSessions(caller, { name, store: 'redis' })
    await expect(removeSessionNamespace(caller, { name })).rejects.toMatchObject({ code: 'conflict' })
    expect(await untilSettled(name)).toBe('redis')
    await whole()
    expect(await rowsOf(first)).toBe(0)
    going = false
    await Promise.all(talking)
    for (const id of ids.slice(10, 20)) {
      const { turns } = await readConversation(stores, { tenant, id, cursor: null })
      const kept = new Set(turns.map(({ content }) => content))
      const last = told.get(id)?.slice(-10) ?? []
      expect(last.length).toBeGreaterThan(0)
      // The newest may still wait in Redis: the session has them.
      const live = new Set(await said(id))
      expect(last.filter((one) => !kept.has(one) && !live.has(one))).toEqual([])
    }
    await removeSessionNamespace(caller, { name })
    await whole()
  }, 60_000)

  it('there and back, over a worker killed in the middle of each, loses no session and leaves none twice', async () => {
    const [tenant, name] = [newTenant(), `k-${randomUUID().slice(0, 8)}`]
    const ids = Array.from({ length: SESSIONS }, (_, n) => `${name}:${n}`)
    const last = new Map(ids.map((id, n) => [id, n]))
    for (let at = 0; at < SESSIONS; at += 50)
      await Promise.all(ids.slice(at, at + 50).map((id) => begin(id, { tenant, data: last.get(id) })))
    let worker = startWorker()
    let going = true
    const wrong: string[] = []
    /** Each uses sessions of its own, so that it knows what they must hold; what was not acknowledged may be either. */
    const use = async (mine: string[]) => {
      for (let n = SESSIONS; going; n++) {
        const id = mine[n % mine.length] ?? ''
        const seen = await read(id).catch(notFound)
        if (seen !== 'unavailable' && last.has(id) && (seen === 'gone' || seen.data !== last.get(id)))
          wrong.push(`${id}: ${seen === 'gone' ? seen : String(seen.data)} is not ${last.get(id)}`)
        const put = await begin(id, { tenant, data: n }).catch(notFound)
        if (put === 'unavailable') last.delete(id)
        else last.set(id, n)
        await pause(20)
      }
    }
    const using = Promise.all([0, 1, 2].map((who) => use(ids.filter((_, n) => n % 20 === who))))
    const states = async () =>
      (
        await sql<{ phase: string; moved: number }[]>`
        select phase, moved::int from session_namespaces where name = ${name}`
      )[0]
    onTestFinished(async () => {
      going = false
      await using
      await end(worker, 'SIGTERM')
      await sql`delete from sessions_unlogged where namespace = ${name}`
      await sql`delete from session_namespaces where name = ${name}`
    })
    const moves = {
      unlogged: () => createSessionNamespace(caller, { name, store: 'unlogged' }),
      redis: () => moveSessions(caller, { name, store: 'redis' }),
    }
    for (const store of ['unlogged', 'redis'] as const) {
      await moves[store]()
      await expect.poll(async () => (await states())?.moved, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0)
      expect(await states()).toMatchObject({ phase: 'moving' })
      // Anywhere between two answers of Postgres.
      await pause(randomInt(100))
      await end(worker, 'SIGKILL')
      worker = startWorker()
      await expect.poll(async () => (await states())?.phase, { timeout: 120_000 }).toBe('settled')
      const [inTheTable] = await sql<{ n: number }[]>`
        select count(*)::int as n from sessions_unlogged where namespace = ${name}`
      const inRedis = await Promise.all(ids.map((id) => stores.redis.commands.exists(keys.session(id))))
      const there = inRedis.reduce((sum, one) => sum + one, 0)
      expect([inTheTable?.n, there]).toEqual(store === 'redis' ? [0, SESSIONS] : [SESSIONS, 0])
    }
    going = false
    await using
    expect(wrong).toEqual([])
    for (const [id, data] of last) expect((await read(id)).data).toBe(data)
  }, 240_000)

  it('finds what lies in the wrong store, and moves it home unless it was begun anew there', async () => {
    const [tenant, name] = [newTenant(), `w-${randomUUID().slice(0, 8)}`]
    onTestFinished(() => void sql`delete from session_namespaces where name = ${name}`.execute())
    const [lost, anew] = [`${name}:lost`, `${name}:anew`]
    for (const id of [lost, anew]) await begin(id, { tenant, data: 'old' })
    await settledIn(name, 'unlogged')
    await begin(anew, { tenant, data: 'new' })
    await gone(lost)
    await checkSessions(stores)
    expect((await read(lost)).data).toBe('old')
    expect((await read(anew)).data).toBe('new')
    const [check] = await sql<{ misplaced: number }[]>`
      select max(misplaced) as misplaced from session_checks where at > now() - interval '5 min'`
    expect(check?.misplaced).toBeGreaterThanOrEqual(2)
  })
})
