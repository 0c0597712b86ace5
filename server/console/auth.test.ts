import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Caller, system } from '@/server/services/context'
import { createSignInLink } from '@/server/services/operators/create-sign-in-link'
import { disableOperator } from '@/server/services/operators/disable-operator'
import { setRole } from '@/server/services/operators/set-role'
import { authFor } from './auth'
import { handleAuth } from './auth-route'
import { operatorOf } from './session'
import { browser, faultyStores, makeOperator, password } from './test-support'

type World = Awaited<ReturnType<typeof faultyStores>>
let world: World
let caller: Caller
beforeAll(async () => {
  world = await faultyStores()
  caller = { ...world.stores, actor: system }
  await makeOperator(world.stores, 'admin') // So that no test disables the last admin.
})
afterAll(() => world.close())

const auth = () => authFor(world.stores)
const whoIs = (visitor: ReturnType<typeof browser>) => operatorOf(world.stores, visitor.headers())
const healthy = (expected: boolean) => vi.waitFor(() => expect(world.stores.redis.healthy()).toBe(expected), 5_000)

describe('signing in', () => {
  test('with the right password names the operator and the role', async () => {
    const { id, email } = await makeOperator(world.stores, 'operator')
    const visitor = browser(auth())
    expect((await visitor.signIn(email.toUpperCase())).status).toBe(200)
    expect(await whoIs(visitor)).toMatchObject({ kind: 'operator', id, email, role: 'operator' })
  })

  test('with a wrong password, or as nobody, says the same', async () => {
    const { email } = await makeOperator(world.stores, 'viewer')
    const wrong = await browser(auth()).signIn(email, 'not the password')
    const nobody = await browser(auth()).signIn('nobody@example.com')
    expect([wrong.status, nobody.status]).toEqual([401, 401])
    expect(await wrong.text()).toBe(await nobody.text())
  })

  test('without a session, or with a forged one, is nobody', async () => {
    expect(await operatorOf(world.stores, new Headers())).toBeNull()
    expect(await operatorOf(world.stores, new Headers({ cookie: 'engram.session_token=abc.def' }))).toBeNull()
  })

  test('guessing is refused after ten tries a minute, from wherever, and only for that account', async () => {
    const victim = await makeOperator(world.stores, 'admin')
    const other = await makeOperator(world.stores, 'viewer')
    const tries = Array.from({ length: 20 }, () => browser(auth()).signIn(victim.email, 'guess guess guess'))
    const codes = (await Promise.all(tries)).map((reply) => reply.status)
    expect(codes.filter((code) => code === 401)).toHaveLength(10)
    expect(codes.filter((code) => code === 429)).toHaveLength(10)
    expect((await browser(auth()).signIn(victim.email)).status).toBe(429)
    expect((await browser(auth()).signIn(other.email)).status).toBe(200)
  })

  test.each(['/sign-up/email', '/sign-in/magic-link', '/update-user', '/change-email', '/delete-user'])(
    'leaves %s closed',
    async (path) => {
      const request = new Request(`http://localhost:3000/api/auth${path}`, { method: 'POST', body: '{}' })
      expect((await handleAuth(request)).status).toBe(404)
    },
  )
})

describe('a one-time link', () => {
  test('signs in exactly one of many who open it at once', async () => {
    const { id, email } = await makeOperator(world.stores, 'viewer')
    const { link } = await createSignInLink(caller, { email })
    const visitors = Array.from({ length: 5 }, () => browser(auth()))
    await Promise.all(visitors.map((visitor) => visitor.open(link)))
    const found = await Promise.all(visitors.map(whoIs))
    expect(found.filter((operator) => operator?.id === id)).toHaveLength(1)
    expect(found.filter((operator) => operator === null)).toHaveLength(4)
  })

  test('leads to the sign-in page with a reason once it was used, and when it never was one', async () => {
    const { email } = await makeOperator(world.stores, 'viewer')
    const { link } = await createSignInLink(caller, { email })
    expect((await browser(auth()).open(link)).headers.get('location')).toBe('http://localhost:3000/')
    for (const spent of [link, link.replace(/token=[^&]+/, 'token=nonsense')])
      expect((await browser(auth()).open(spent)).headers.get('location')).toMatch(/\/sign-in\?error=link$/)
  })

  test('does nothing for who was disabled after it was made', async () => {
    const { id, email } = await makeOperator(world.stores, 'viewer')
    const { link } = await createSignInLink(caller, { email })
    await disableOperator(caller, { id })
    const visitor = browser(auth())
    await visitor.open(link)
    expect(await whoIs(visitor)).toBeNull()
  })
})

describe('a change of an operator', () => {
  test('disabling ends every session at once, and no password works any more', async () => {
    const { id, email } = await makeOperator(world.stores, 'operator')
    const visitors = [browser(auth()), browser(auth())]
    for (const visitor of visitors) await visitor.signIn(email)
    expect(await disableOperator(caller, { id })).toMatchObject({ sessionsEnded: 2 })
    expect(await Promise.all(visitors.map(whoIs))).toEqual([null, null])
    expect((await browser(auth()).signIn(email)).status).toBe(403)
  })

  test('a new role holds for the session that stands', async () => {
    const { id, email } = await makeOperator(world.stores, 'admin')
    const visitor = browser(auth())
    await visitor.signIn(email)
    await setRole(caller, { id, role: 'viewer' })
    expect(await whoIs(visitor)).toMatchObject({ role: 'viewer' })
  })
})

describe('R5: while Redis does not answer', () => {
  beforeEach(() => healthy(true))

  test('sessions go on, signing in works, guesses are still counted', async () => {
    const { id, email } = await makeOperator(world.stores, 'operator')
    const before = browser(auth())
    await before.signIn(email)
    world.redisLink.cut()
    await healthy(false)
    const during = browser(auth())
    expect((await during.signIn(email)).status).toBe(200)
    expect(await whoIs(before)).toMatchObject({ id })
    expect(await whoIs(during)).toMatchObject({ id })
    for (let guess = 0; guess < 10; guess++) await browser(auth()).signIn(email, 'guess guess guess')
    expect((await browser(auth()).signIn(email, password)).status).toBe(429)
    world.redisLink.mend()
    await healthy(true)
    expect(await whoIs(during)).toMatchObject({ id })
  })

  test('signing out, disabling and a new role are not undone by what Redis still holds', async () => {
    const [leaver, disabled, demoted] = [
      await makeOperator(world.stores, 'operator'),
      await makeOperator(world.stores, 'operator'),
      await makeOperator(world.stores, 'operator'),
    ]
    const visitors = [browser(auth()), browser(auth()), browser(auth())] as const
    await visitors[0].signIn(leaver.email)
    await visitors[1].signIn(disabled.email)
    await visitors[2].signIn(demoted.email)
    world.redisLink.cut()
    await healthy(false)
    const cookie = visitors[0].headers()
    await visitors[0].signOut()
    await disableOperator(caller, { id: disabled.id })
    await setRole(caller, { id: demoted.id, role: 'viewer' })
    world.redisLink.mend()
    await healthy(true)
    expect(await operatorOf(world.stores, cookie)).toBeNull()
    expect(await whoIs(visitors[1])).toBeNull()
    expect(await whoIs(visitors[2])).toMatchObject({ role: 'viewer' })
  })
})

test('R5: while Postgres does not answer, a session goes on from its copy in Redis', async () => {
  const { id, email } = await makeOperator(world.stores, 'operator')
  const visitor = browser(auth())
  await visitor.signIn(email)
  world.postgresLink.cut()
  try {
    expect(await whoIs(visitor)).toMatchObject({ id, role: 'operator' })
  } finally {
    world.postgresLink.mend()
  }
})
