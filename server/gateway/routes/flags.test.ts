import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newTenant, testGateway } from '@/server/gateway/test-gateway'
import { system } from '@/server/services/context'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'

let gateway: Awaited<ReturnType<typeof testGateway>>
const name = `checkout/${randomUUID()}`
const path = `/v1/flags/${encodeURIComponent(name)}`
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const ask = async (query: string) => (await gateway.call(`${path}?${query}`, { key: gateway.keys.app })).body
const put = (body: object, key = gateway.keys.operator) => gateway.call(path, { method: 'PUT', body, key })

it('a flag is set, asked for with its reason, and held to each tenant', async () => {
  expect((await gateway.call(path)).status).toBe(404)
  expect((await put({ enabled: true }, gateway.keys.app)).status).toBe(403)
  expect(await put({ enabled: true, groups: ['beta'] })).toMatchObject({
    status: 200,
    body: { revision: 1, applied: true },
  })
  expect(await ask('subject=u&groups=x,beta')).toEqual({ enabled: true, reason: 'on: group beta' })
  expect(await ask('subject=u')).toEqual({ enabled: false, reason: 'off: only for named users and groups' })

  const tenant = newTenant()
  await gateway.call(`/v1/tenants/${tenant}`, { method: 'PUT', body: { name: tenant } })
  expect((await put({ enabled: true, share: 100, users: ['u-9'], tenant })).status).toBe(200)
  await expect.poll(() => ask(`tenant=${tenant}`)).toEqual({ enabled: true, reason: `on: everybody for ${tenant}` })
  const stranger = await gateway.keyFor('app', [newTenant()])
  expect((await gateway.call(`${path}?tenant=${tenant}`, { key: stranger })).status).toBe(403)

  const receipt = await eraseTenant({ ...gateway.stores, actor: system }, { slug: tenant })
  expect(receipt).toMatchObject({ verified: true, postgres: { flagOverrides: 1, flagChanges: 1 } })
  await expect.poll(() => ask(`tenant=${tenant}`)).toMatchObject({ enabled: false })
})

it('R4: through its own copies a gateway serves a change within 250 ms', async () => {
  await put({ enabled: false })
  await ask('subject=u')
  for (let turn = 0; turn < 10; turn++) {
    const enabled = turn % 2 === 0
    await put({ enabled, share: 100 })
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(await ask('subject=u')).toMatchObject({ enabled })
  }
})

it('R13: refuses what makes no sense, naming the field', async () => {
  const bad: [object, string][] = [
    [{ enabled: 'yes' }, 'enabled'],
    [{ enabled: true, share: 101 }, 'share'],
    [{ enabled: true, share: 0.001 }, 'share'],
    [{ enabled: true, users: [''] }, 'users.0'],
    [{ enabled: true, tenant: 'No Slug' }, 'tenant'],
    [{ enabled: true, tenant: 'unknown-tenant' }, 'tenant'],
    [{ enabled: true, extra: 1 }, 'extra'],
  ]
  for (const [body, field] of bad) expect(await put(body)).toMatchObject({ status: 400, body: { error: { field } } })
  expect(await put({ enabled: true, expectedRevision: 1 })).toMatchObject({ status: 409 })
})
