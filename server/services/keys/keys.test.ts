import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import type { Postgres } from '@/db/postgres/client'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { actorOfKey, authenticateKey, keyAuthenticator } from './authenticate-key'
import { createKey } from './create-key'
import { firstCallOfKey } from './first-call-of-key'
import { hashOfKey } from './key-text'
import { CreateKey } from './keys.schema'
import { listKeys } from './list-keys'
import { revokeKey } from './revoke-key'
import { keyUses } from './touch-keys'

const stores = connectStores('gateway')
const admin: Caller = { ...stores, actor: system }
afterAll(() => stores.close())

const make = (tenants: string[] | null = null) =>
  createKey(admin, { name: `test ${randomUUID()}`, scope: 'app', tenants })
const listed = async (id: string) => (await listKeys(stores)).keys.find((key) => key.id === id)

describe('a key', () => {
  test('is handed over once: only its hash and its prefix are kept', async () => {
    const { id, key } = await make(['northwind'])
    expect(key).toMatch(/^egm_app_[A-Za-z0-9_-]{43}$/)
    const row = await stores.db.query.apiKeys.findFirst({ where: (t, { eq }) => eq(t.id, id) })
    expect(row).toMatchObject({ hash: hashOfKey(key), prefix: key.slice(0, 12), tenants: ['northwind'] })
    expect(JSON.stringify(row)).not.toContain(key)
    expect(JSON.stringify(await listKeys(stores))).not.toContain(key)
  })

  test('R10: its making and its end each leave an audit row, without its text', async () => {
    const { id, key } = await make()
    await revokeKey(admin, { id })
    const rows = await stores.db.query.audit.findMany({ where: (t, { eq }) => eq(t.target, id) })
    expect(rows.map((row) => row.action).sort()).toEqual(['keys.create', 'keys.revoke'])
    expect(JSON.stringify(rows)).not.toContain(key)
  })

  test('R10: only an admin makes one', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      const caller: Caller = { ...stores, actor: { kind: 'operator', id: 'o', name: 'O', role } }
      await expect(createKey(caller, { name: 'x', scope: 'app', tenants: null })).rejects.toMatchObject({
        code: 'forbidden',
      })
    }
  })

  test('R13: with the operator scope is refused tenants, naming the field', () => {
    const parsed = CreateKey.safeParse({ name: 'ci', scope: 'operator', tenants: ['a'] })
    expect(parsed.error?.issues[0]?.path).toEqual(['tenants'])
  })
})

describe('authentication', () => {
  test('knows a key by its text and refuses any other', async () => {
    const { id, key } = await make(['northwind'])
    expect(await authenticateKey(stores, key)).toMatchObject({ id, scope: 'app', tenants: ['northwind'] })
    expect(await authenticateKey(stores, `egm_app_${'A'.repeat(43)}`)).toBeNull()
    expect(await authenticateKey(stores, 'nonsense')).toBeNull()
    expect(await authenticateKey(stores, hashOfKey(key))).toBeNull()
  })

  test('refuses a revoked key; revoking twice is a conflict', async () => {
    const { id, key } = await make()
    await revokeKey(admin, { id })
    expect(await authenticateKey(stores, key)).toBeNull()
    await expect(revokeKey(admin, { id })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('an app key is a viewer, an operator key an operator', async () => {
    const { key } = await createKey(admin, { name: 'ci', scope: 'operator', tenants: null })
    const found = await authenticateKey(stores, key)
    expect(found && actorOfKey(found).role).toBe('operator')
    expect(found && actorOfKey({ ...found, scope: 'app' }).role).toBe('viewer')
  })
})

describe("the gateway's authenticator", () => {
  const stopped = {
    select: () => ({ from: () => ({ where: () => ({ limit: () => Promise.reject(new Error('gone')) }) }) }),
  }

  test('honours a revoked key for five seconds at most', async () => {
    let now = Date.now()
    const authenticate = keyAuthenticator(stores, () => now)
    const { id, key } = await make()
    expect(await authenticate(key)).toMatchObject({ id })
    await revokeKey(admin, { id })
    now += 5_001
    expect(await authenticate(key)).toBeNull()
    expect(await authenticate(key)).toBeNull()
  })

  test('R5: while Postgres does not answer, known keys go on and unknown ones get 503', async () => {
    let now = Date.now()
    const { id, key } = await make()
    const handle = { db: stores.db }
    const authenticate = keyAuthenticator(handle, () => now)
    await authenticate(key)
    handle.db = stopped as unknown as Postgres
    now += 60_000
    expect(await authenticate(key)).toMatchObject({ id })
    const { key: unknown } = await make()
    await expect(authenticate(unknown)).rejects.toMatchObject({ code: 'unavailable' })

    handle.db = stores.db
    await revokeKey(admin, { id })
    now += 2_000
    expect(await authenticate(key)).toBeNull()
  })
})

describe('uses', () => {
  test('the first data call is kept for ever, the last use moves on', async () => {
    const { id } = await make()
    const uses = keyUses(stores)
    expect((await firstCallOfKey(stores, { id })).firstCall).toBeNull()

    uses.note(id, undefined, new Date('2026-01-01T10:00:00Z'))
    await uses.flush()
    expect(await listed(id)).toMatchObject({ lastUsedAt: '2026-01-01T10:00:00.000Z', firstEventAt: null })

    uses.note(id, { call: 'usage', tenant: 'northwind', model: 'gpt-4o' }, new Date('2026-01-01T10:00:05Z'))
    uses.note(id, { call: 'cache', tenant: 'contoso', model: null }, new Date('2026-01-01T10:00:06Z'))
    await uses.flush()
    uses.note(id, { call: 'prompt', tenant: null, model: null }, new Date('2026-01-01T11:00:00Z'))
    await uses.flush()
    expect((await firstCallOfKey(stores, { id })).firstCall).toEqual({
      call: 'usage',
      tenant: 'northwind',
      model: 'gpt-4o',
      at: '2026-01-01T10:00:05.000Z',
    })
    expect(await listed(id)).toMatchObject({ lastUsedAt: '2026-01-01T11:00:00.000Z' })
  })
})
