import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newTenant, testGateway } from './test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
const tenant = newTenant()
const item = { id: 'one', content: 'The first', kind: 'note', embedding: [0.5, -1, 2], embeddingModel: 'test-3' }
const post = (path: string, body: unknown, key?: string) =>
  gateway.call(`/v1/memory/${path}`, { method: 'POST', body, ...(key && { key }) })

beforeAll(async () => {
  gateway = await testGateway()
  expect((await post(`${tenant}/items`, { items: [item] })).body).toMatchObject({ added: 1, ids: ['one'] })
})
afterAll(() => gateway.close())

it('an application remembers, finds and forgets', async () => {
  expect(await post(`${tenant}/search`, { embedding: [0.5, -1, 2], k: 3 })).toMatchObject({
    status: 200,
    body: { items: [{ id: 'one', distance: 0, content: 'The first', kind: 'note', metadata: {} }] },
  })
  const added = await post(`${tenant}/items`, { items: [{ ...item, id: 'a/b', metadata: { deep: { ok: true } } }] })
  expect(added.body).toEqual({ added: 1, updated: 0, unchanged: 0, ids: ['a/b'] })
  expect((await post(`${tenant}/search`, { embedding: [1, 1, 1], k: 3 })).body.items).toHaveLength(2)
  const forget = () => gateway.call(`/v1/memory/${tenant}/items/a%2Fb`, { method: 'DELETE' })
  expect((await forget()).body).toEqual({ deleted: true })
  expect((await forget()).body).toEqual({ deleted: false })
  expect((await post(`${tenant}/search`, { embedding: [1, 1, 1], k: 3 })).body.items).toHaveLength(1)
})

it('a key of one tenant is refused another, and a registered tenant without items has none', async () => {
  const other = newTenant()
  const key = await gateway.keyFor('app', [other])
  expect(await post(`${tenant}/search`, { embedding: [1, 1, 1], k: 3 }, key)).toMatchObject({ status: 403 })
  expect(await post(`${tenant}/items`, { items: [item] }, key)).toMatchObject({ status: 403 })
  await gateway.call(`/v1/tenants/${other}`, { method: 'PUT', body: {} })
  expect(await post(`${other}/search`, { embedding: [1], k: 3 }, key)).toMatchObject({
    status: 200,
    body: { items: [] },
  })
})

it('an operator measures recall; an application may not, and without an index there is nothing to measure', async () => {
  expect(await post(`${tenant}/recall`, {}, gateway.keys.app)).toMatchObject({ status: 403 })
  expect(await post(`${tenant}/recall`, { k: 10 })).toMatchObject({ status: 409, body: { error: { field: 'tenant' } } })
  expect(await post(`${tenant}/recall`, { efSearch: [0] })).toMatchObject({ status: 400 })
  expect(await post(`${newTenant()}/recall`, {})).toMatchObject({ status: 404 })
})

describe('R13: bad input', () => {
  const add = (more: object) => () => post(`${tenant}/items`, { items: [{ ...item, id: 'bad', ...more }] })
  const search = (more: object) => () => post(`${tenant}/search`, { embedding: [1, 2, 3], k: 3, ...more })
  const raw = (body: string) => () => gateway.call(`/v1/memory/${tenant}/search`, { method: 'POST', body })
  type Wrong = [what: string, call: () => ReturnType<typeof post>, status: number, field: string]
  const wrong: Wrong[] = [
    ['too few dimensions', add({ embedding: [1, 2] }), 400, 'items.0.embedding'],
    ['too few dimensions in a search', search({ embedding: [1, 2] }), 400, 'embedding'],
    ['no dimensions', search({ embedding: [] }), 400, 'embedding'],
    ['20,000 dimensions', add({ embedding: Array(20_000).fill(1) }), 400, 'items.0.embedding'],
    ['20,000 dimensions in a search', search({ embedding: Array(20_000).fill(1) }), 400, 'embedding'],
    ['NaN', raw('{"embedding":[1,NaN,3],"k":3}'), 400, 'body'],
    ['infinity', raw('{"embedding":[1,1e999,3],"k":3}'), 400, 'embedding.1'],
    ['null in a vector', search({ embedding: [1, null, 3] }), 400, 'embedding.1'],
    ['what single precision cannot hold', search({ embedding: [1, 1e300, 3] }), 400, 'embedding'],
    ['a vector without a direction', search({ embedding: [0, 0, 0] }), 400, 'embedding'],
    ['an item without a direction', add({ embedding: [0, -0, 1e-40] }), 400, 'items.0.embedding'],
    ['k of 0', search({ k: 0 }), 400, 'k'],
    ['k of a billion', search({ k: 1e9 }), 400, 'k'],
    ['k of 1.5', search({ k: 1.5 }), 400, 'k'],
    ['ef_search of 0', search({ efSearch: 0 }), 400, 'efSearch'],
    ['metadata that are a list', search({ metadata: [1] }), 400, 'metadata'],
    ['metadata with NUL', add({ metadata: { a: 'x\0' } }), 400, 'items.0.metadata'],
    ['a time without an offset', search({ from: '2026-01-01T00:00:00' }), 400, 'from'],
    ['another model', add({ embeddingModel: 'other' }), 409, 'items.0.embeddingModel'],
    ['a content of 5 MB', add({ content: 'x'.repeat(5 * 1024 * 1024) }), 413, 'body'],
    ['a content of 1 MB', add({ content: 'x'.repeat(1024 * 1024) }), 400, 'items.0.content'],
    ['a content with NUL', add({ content: 'x\0' }), 400, 'items.0.content'],
    ['an id with NUL', () => gateway.call(`/v1/memory/${tenant}/items/a%00`, { method: 'DELETE' }), 400, 'id'],
    ['an id twice', () => post(`${tenant}/items`, { items: [item, item] }), 400, 'items.1.id'],
    ['no items', () => post(`${tenant}/items`, { items: [] }), 400, 'items'],
    ['501 items', () => post(`${tenant}/items`, { items: Array(501).fill(item) }), 400, 'items'],
    ['an unknown tenant', () => post(`${newTenant()}/search`, { embedding: [1], k: 1 }), 404, 'tenant'],
    [
      'a slug with quotes',
      () => post(`${encodeURIComponent(`a'"; drop`)}/search`, { embedding: [1], k: 1 }),
      400,
      'tenant',
    ],
  ]

  it.each(wrong)('%s names its field', async (_what, call, status, field) => {
    const { status: answered, body } = await call()
    expect({ status: answered, field: (body.error as { field: string }).field }).toEqual({ status, field })
  })

  it('changes nothing', async () => {
    expect((await post(`${tenant}/search`, { embedding: [1, 1, 1], k: 100 })).body.items).toHaveLength(1)
  })
})

it('R11: of hundreds of calls on one pool, none answers with another tenant', async () => {
  const tenants = Array.from({ length: 12 }, newTenant)
  let strays = 0
  let searches = 0
  const vector = () => [Math.random() - 0.5, Math.random() - 0.5]
  const act = async () => {
    const of = tenants[Math.floor(Math.random() * tenants.length)] ?? ''
    if (Math.random() < 0.3)
      return post(`${of}/items`, {
        items: [{ ...item, id: `${Math.floor(Math.random() * 20)}`, content: of, embedding: vector() }],
      })
    const { status, body } = await post(`${of}/search`, {
      embedding: vector(),
      k: 20,
      ...(Math.random() < 0.3 && { text: of }),
    })
    if (status === 404) return
    searches++
    for (const found of body.items as { content: string }[]) if (found.content !== of) strays++
  }
  const caller = async () => {
    for (let n = 0; n < 50; n++) await act()
  }
  await Promise.all(Array.from({ length: 12 }, caller))
  expect({ strays, enough: searches > 300 }).toEqual({ strays: 0, enough: true })
})
