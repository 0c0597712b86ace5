import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testGateway } from '@/server/gateway/test-gateway'
import { runCorrections } from '@/server/services/usage/prices/run-corrections'

let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const from = '2026-04-01T00:00:00Z'
const post = (path: string, body: unknown = undefined, key = gateway.keys.operator) =>
  gateway.call(path, { method: 'POST', body, key })

it('R7: a model waits unpriced, gets a price, and its calls are re-priced after a preview', async () => {
  const tenant = `priced-${randomUUID().slice(0, 12)}`
  const model = `house-${randomUUID().slice(0, 8)}`
  const event = (id: string) => ({
    id,
    tenant,
    provider: 'house',
    model,
    inputTokens: 1_000,
    outputTokens: 0,
    occurredAt: '2026-04-01T10:00:00Z',
  })
  await post('/v1/usage', { events: [event('a'), event('b')] }, gateway.keys.app)
  const summary = async () => {
    const { body } = await gateway.call(`/v1/usage/summary?tenant=${tenant}&from=${from}`, {
      key: gateway.keys.operator,
    })
    return body.totals
  }
  const waiting = async () =>
    (await gateway.call(`/v1/prices/unpriced?tenant=${tenant}`, { key: gateway.keys.operator })).body
  expect(await waiting()).toMatchObject({
    total: 1,
    models: [{ provider: 'house', model, requests: 2, inputTokens: 2_000, tenants: [tenant] }],
  })

  const entered = await post('/v1/prices/overrides', {
    tenant,
    provider: 'house',
    model,
    rates: { input: '2.5' },
    from,
  })
  expect(entered.status).toBe(201)
  expect(await summary()).toMatchObject({ costUsd: '0', unpriced: 2 })
  const id = await (async function asked(): Promise<string> {
    const { body } = await post('/v1/prices/corrections', {
      from,
      to: '2026-04-02T00:00:00Z',
      tenants: [tenant],
      reason: 'Test',
    })
    const state = async () =>
      (await gateway.call(`/v1/prices/corrections/${body.id}`, { key: gateway.keys.operator })).body.state
    while ((await state()) !== 'previewed') await runCorrections(gateway.stores, { runMs: 100 })
    // Another test may have changed the prices in between.
    return (await post(`/v1/prices/corrections/${body.id}/apply`)).status === 202 ? String(body.id) : asked()
  })()
  const read = async () => (await gateway.call(`/v1/prices/corrections/${id}`, { key: gateway.keys.operator })).body
  while ((await read()).state !== 'applied') await runCorrections(gateway.stores, { runMs: 100 })
  expect((await read()).differences).toMatchObject({
    total: { requests: 2, newlyPriced: 2, difference: '0.005' },
    count: 1,
  })
  expect(await summary()).toMatchObject({ costUsd: '0.005', unpriced: 0 })
  expect(await waiting()).toMatchObject({ total: 0, models: [] })

  expect((await post(`/v1/prices/overrides/${String(entered.body.id)}/end`)).status).toBe(200)
  expect((await post(`/v1/prices/overrides/${String(entered.body.id)}/end`)).status).toBe(404)
})

it.each([
  ['a float', { rates: { input: 2.5 } }, 'rates.input'],
  ['seven decimals', { rates: { input: '0.0000001' } }, 'rates.input'],
  ['a sign', { rates: { input: '-1' } }, 'rates.input'],
  ['a currency', { rates: { input: '$1' } }, 'rates.input'],
  ['no price', { rates: {} }, 'rates.input'],
  [
    'tiers in disorder',
    {
      rates: {
        input: '1',
        tiers: [
          { above: 9, input: '2' },
          { above: 3, input: '3' },
        ],
      },
    },
    'rates.tiers',
  ],
  ['an end before its beginning', { to: '2026-03-01T00:00:00Z' }, 'to'],
  ['a tenant that there is none of', { tenant: 'no-such-tenant' }, 'tenant'],
  ['nothing to supersede', { supersedes: 2_147_483_647 }, 'supersedes'],
])('R13: refuses %s by its field', async (_, wrong, field) => {
  const good = { provider: 'house', model: 'x', rates: { input: '1' }, from }
  const { status, body } = await post('/v1/prices/overrides', { ...good, ...wrong })
  expect([400, 404]).toContain(status)
  expect(body.error).toMatchObject({ field })
})

it('R13: an alias needs a target that has a price', async () => {
  const { status, body } = await post('/v1/prices/aliases', {
    provider: 'azure',
    model: 'x',
    target: { provider: 'nobody', model: 'y' },
  })
  expect([status, body.error]).toMatchObject([400, { field: 'target' }])
})

it('R10: an application key may not', async () => {
  const { status } = await post(
    '/v1/prices/corrections',
    { from, to: '2026-04-02T00:00:00Z', reason: 'Test' },
    gateway.keys.app,
  )
  expect(status).toBe(403)
})
