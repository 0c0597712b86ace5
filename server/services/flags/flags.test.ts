import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillFlag } from '@/db/redis/flags'
import { insertMissingTenants } from '@/db/postgres/queries/tenants'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { relayOutbox } from '@/server/worker/jobs/relay-outbox'
import { changeFlag, createFlag, deleteFlag } from './change-flag'
import { evaluateFlag, type FlagDefinition } from './evaluate-flag'
import { flagReader } from './flag-reader'
import { flagsAt } from './flags-at'
import { flagPage } from './list-flags'
import { previewFlag } from './preview-flag'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const rules = { enabled: true, share: 20, users: ['u-1'], groups: ['beta'] }
const newFlag = async () => {
  const name = `flag/${randomUUID()}`
  await createFlag(caller, { name, description: null, ...rules })
  return name
}

beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

describe('a flag', () => {
  const flag: FlagDefinition = {
    ...{ name: 'f', revision: 1, salt: 'salt', ...rules, share: 2_000 },
    overrides: { acme: { enabled: true, share: 10_000, users: [], groups: [] }, off: { ...rules, enabled: false } },
  }
  const ask = (asked: Parameters<typeof evaluateFlag>[1]) => evaluateFlag(flag, asked).reason

  it('says why it is on or off', () => {
    expect(ask({ subject: 'u-1' })).toBe('on: user u-1')
    expect(ask({ subject: 'x', groups: ['staff', 'beta'] })).toBe('on: group beta')
    expect(ask({ tenant: 'acme' })).toBe('on: everybody for acme')
    expect(ask({ tenant: 'off', subject: 'u-1' })).toBe('off: switched off for off')
    expect(ask({})).toBe('off: no subject, to see whether it is in the 20 % of this flag')
    expect(ask({ tenant: 'constructor' })).toMatch(/^off: no subject/)
    const reasons = new Set(Array.from({ length: 100 }, (_, n) => ask({ subject: `s${n}` })))
    expect(reasons).toEqual(new Set(['on: in the 20 % of this flag', 'off: not in the 20 % of this flag']))
  })

  it('reaches its share, and a wider one keeps whom it had', () => {
    const on = (share: number) =>
      Array.from({ length: 5_000 }, (_, n) => `s${n}`).filter(
        (subject) => evaluateFlag({ ...flag, share }, { subject }).enabled,
      )
    const [some, more] = [on(2_000), on(5_000)]
    expect(some.length / 5_000).toBeCloseTo(0.2, 1)
    expect(new Set(more)).toEqual(new Set([...more, ...some]))
  })

  it('R4: a change is seen by a read that begins after it was acknowledged; a fill that it overtook is refused', async () => {
    const name = await newFlag()
    const { read } = flagReader(stores, null)
    expect(await read(name)).toMatchObject({ share: 2_000, revision: 1 })
    for (let share = 0; share < 20; share++) {
      const { revision } = await changeFlag(caller, { name, tenant: null, rules: { ...rules, share }, reason: null })
      expect(await read(name)).toMatchObject({ share: share * 100, revision })
    }
    expect(await fillFlag(stores.redis, name, { token: 'of before', value: '{}' })).toBe(false)
  })

  it('keeps who changed what, refuses a change of what somebody changed meanwhile, and goes', async () => {
    const name = await newFlag()
    await insertMissingTenants(stores.db, ['flag-tenant'], false)
    const own = { ...rules, enabled: false }
    await changeFlag(caller, { name, tenant: 'flag-tenant', rules: own, expectedRevision: 1, reason: 'Asked for it' })
    const late = changeFlag(caller, { name, tenant: null, rules, expectedRevision: 1, reason: null })
    await expect(late).rejects.toMatchObject({ code: 'conflict', field: 'expectedRevision' })
    const page = await flagPage(stores, { name })
    expect(page.overrides).toEqual([{ tenant: 'flag-tenant', rules: own }])
    expect(page.changes[0]).toMatchObject({
      tenant: 'flag-tenant',
      before: null,
      after: own,
      reason: 'Asked for it',
      by: 'Engram',
    })
    expect(await previewFlag(stores, { name, tenant: 'flag-tenant', rules: null })).toMatchObject({
      gained: 0,
      lost: 0,
    })
    const at = new Date()
    const held = () => flagsAt(stores, { at, tenant: 'flag-tenant' })
    expect((await held()).filter(({ flag }) => flag === name)).toMatchObject([
      { tenant: null, rules },
      { tenant: 'flag-tenant', rules: own, revision: 2 },
    ])
    await new Promise((resolve) => setTimeout(resolve, 5))
    await deleteFlag(caller, { name, reason: null })
    const later = await flagsAt(stores, { at: new Date(), tenant: 'flag-tenant' })
    expect(later.filter(({ flag }) => flag === name)).toEqual([])
    expect((await held()).filter(({ flag }) => flag === name)).toHaveLength(2)
    const { read } = flagReader(stores, null)
    await expect(read(name)).rejects.toMatchObject({ code: 'not_found' })
    expect((await createFlag(caller, { name, description: null, ...rules })).revision).toBe(4)
  })

  it('what Redis was not told of, the relay tells it', async () => {
    const name = await newFlag()
    const { read } = flagReader(stores, null)
    await expect
      .poll(
        async () =>
          (await stores.redis.commands.exists(`engram:flags:{${encodeURIComponent(name)}}`)) || (await read(name), 0),
      )
      .toBe(1)
    const mute = new Proxy(stores.redis.commands, {
      get: (target, key) =>
        key === 'del' ? () => Promise.reject(new Error('gone')) : Reflect.get(target, key).bind(target),
    })
    const away: Caller = { ...caller, redis: { ...stores.redis, commands: mute } }
    const changed = await changeFlag(away, { name, tenant: null, rules: { ...rules, share: 77 }, reason: null })
    expect(changed.applied).toBe(false)
    await expect
      .poll(async () => {
        await relayOutbox(stores)
        return (await read(name)).share
      })
      .toBe(7_700)
  })
})
