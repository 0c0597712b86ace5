import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newTenant, testGateway } from '@/server/gateway/test-gateway'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { system } from '@/server/services/context'

let gateway: Awaited<ReturnType<typeof testGateway>>
const board = `weekly/${randomUUID()}`
const path = `/v1/leaderboards/${encodeURIComponent(board)}`
const score = (id: string, member: unknown, delta: unknown, more: object = {}, key = gateway.keys.app) =>
  gateway.call(`${path}/scores`, { method: 'POST', body: { id, member, delta, ...more }, key })

beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

describe('leaderboards', () => {
  it('are made by their first score, count an id once, and rank ties as Redis does', async () => {
    expect((await gateway.call(path)).status).toBe(404)
    expect((await score('1', 'ann', 10)).body).toEqual({ board, member: 'ann', score: 10, duplicate: false })
    expect((await score('1', 'ann', 10)).body).toEqual({ board, member: 'ann', score: 10, duplicate: true })
    expect(await score('1', 'ann', 11)).toMatchObject({ status: 409, body: { error: { field: 'id' } } })
    await score('2', '<img src=x onerror=alert(1)>', 10)
    await score('3', 'bob', 12.345)
    // Redis is believed a second after it came.
    const ask = async () => (await gateway.call(`${path}?top=3`)).body
    await expect.poll(async () => (await ask()).source, { timeout: 3_000 }).toBe('redis')
    expect(await ask()).toEqual({
      board,
      members: 3,
      ranking: [
        { rank: 1, member: 'bob', score: 12.345 },
        { rank: 2, member: 'ann', score: 10 },
        { rank: 3, member: '<img src=x onerror=alert(1)>', score: 10 },
      ],
      source: 'redis',
    })
    const place = await gateway.call(`${path}/members/ann?around=1`)
    expect(place.body).toMatchObject({ rank: 2, score: 10, members: 3 })
    expect((place.body.neighbours as { rank: number }[]).map(({ rank }) => rank)).toEqual([1, 2, 3])
    expect(await gateway.call(`${path}/members/nobody`)).toMatchObject({
      status: 404,
      body: { error: { field: 'member' } },
    })
  })

  it('R13: refuse what is no exact score, naming the field', async () => {
    const bad: [unknown, unknown, string][] = [
      ['ann', 'NaN', 'delta'],
      ['ann', null, 'delta'],
      ['ann', 2 ** 60, 'delta'],
      ['ann', 0.0001, 'delta'],
      ['ann', 1e12 + 0.5, 'delta'],
      ['', 1, 'member'],
      ['x'.repeat(257), 1, 'member'],
      ['nul\0', 1, 'member'],
    ]
    for (const [member, delta, field] of bad)
      expect(await score(randomUUID(), member, delta)).toMatchObject({ status: 400, body: { error: { field } } })
    const infinite = await gateway.call(`${path}/scores`, {
      method: 'POST',
      body: '{"id":"i","member":"ann","delta":1e999}',
    })
    expect(infinite).toMatchObject({ status: 400, body: { error: { field: 'delta' } } })
    for (const query of ['top=0', 'top=501', 'top=x'])
      expect(await gateway.call(`${path}?${query}`)).toMatchObject({ status: 400, body: { error: { field: 'top' } } })
  })

  it('R11: a tenant has boards of its own, which go with it', async () => {
    const [mine, other] = [newTenant(), newTenant()]
    const key = await gateway.keyFor('app', [mine])
    expect((await score('1', 'ann', 5, { tenant: mine }, key)).body).toMatchObject({ score: 5 })
    expect(await score('1', 'ann', 5, { tenant: other }, key)).toMatchObject({ status: 403 })
    expect((await score('1', 'ann', 5, {}, key)).body).toMatchObject({ duplicate: true })
    expect((await gateway.call(path, { key })).body).toMatchObject({ members: 1 })
    const both = await gateway.keyFor('app', [mine, other])
    expect(await gateway.call(path, { key: both })).toMatchObject({ status: 400, body: { error: { field: 'tenant' } } })
    expect((await gateway.call(`${path}?tenant=${mine}`, { key })).body).toMatchObject({ members: 1 })
    const receipt = await eraseTenant({ ...gateway.stores, actor: system }, { slug: mine })
    expect(receipt).toMatchObject({ verified: true, redis: { leaderboards: 2 }, postgres: { leaderboards: 1 } })
    expect((await score('1', 'ann', 7, { tenant: mine }, key)).body).toMatchObject({ score: 7, duplicate: false })
  })

  it('count every one of many scores at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => score(`many-${n % 100}`, `m${n % 7}`.slice(0, 2), 1 + (n % 100))),
    )
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].every((status) => status === 200 || status === 409)).toBe(true)
    const { body } = await gateway.call(`${path}?top=500`)
    const sum = (body.ranking as { member: string; score: number }[])
      .filter(({ member }) => /^m\d$/.test(member))
      .reduce((total, row) => total + row.score, 0)
    expect(sum).toBe(5050)
  })
})
