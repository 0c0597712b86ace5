import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testGateway } from '@/server/gateway/test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const live = (query: Record<string, string>, key?: string) =>
  gateway.call(`/v1/live?${new URLSearchParams(query)}`, { key })

it('answers what was live at the instant that an activation was acknowledged with, and just before it', async () => {
  const name = `test/live ${randomUUID()}`
  const path = `/v1/prompts/${encodeURIComponent(name)}`
  await gateway.call('/v1/prompts', { method: 'POST', body: { name } })
  await gateway.call(`${path}/versions`, { method: 'POST', body: { content: 'One', model: 'gpt-4o-mini' } })
  const { body } = await gateway.call(`${path}/activate`, { method: 'POST', body: { version: 1 } })
  const at = String(body.committedAt)

  const then = await live({ at, prompt: name, subject: 'u-17', tenant: 'acme' })
  expect(then.status).toBe(200)
  expect(then.body).toMatchObject({
    at,
    total: 1,
    prompts: [{ name, version: 1, content: 'One', model: 'gpt-4o-mini', subjectVersion: 1, until: null, since: at }],
    reported: { versions: expect.any(Array) },
  })
  const before = await live({ at: new Date(Date.parse(at) - 1).toISOString(), prompt: name })
  expect(before.body).toMatchObject({ total: 0, prompts: [], notLive: { prompts: [{ name, firstLiveAt: at }] } })
})

it.each([
  ['at', { at: 'yesterday' }],
  ['at', { at: '2026-11-12T14:03' }],
  ['at', { at: new Date(Date.now() + 3_600_000).toISOString() }],
  ['channel', { channel: 'two words' }],
  ['tenant', { tenant: 'No Such' }],
  ['subject', { subject: 'x'.repeat(10_000) }],
  ['prompt', { prompt: ' ' }],
])('R13: a wrong %s is named, with 400', async (field, query) => {
  const { status, body } = await live(query)
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: { code: 'bad_request', field } })
})

it('is for operators, and a prompt that does not exist is not found', async () => {
  expect((await live({}, gateway.keys.app)).status).toBe(403)
  expect(await live({ prompt: `no ${randomUUID()}` })).toMatchObject({
    status: 404,
    body: { error: { code: 'not_found', field: 'prompt' } },
  })
})
