import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testGateway } from '@/server/gateway/test-gateway'
import { system } from '@/server/services/context'
import { createKey } from '@/server/services/keys/create-key'
import { setChannelApproval } from '@/server/services/prompts/set-channel-approval'

let gateway: Awaited<ReturnType<typeof testGateway>>
let theirs: string
const [name, channel] = [`approvals/${randomUUID()}`, `c-${randomUUID()}`]
const path = `/v1/prompts/${encodeURIComponent(name)}`
const post = (rest: string, body: unknown = {}, key?: string) =>
  gateway.call(path + rest, { method: 'POST', body, key })

beforeAll(async () => {
  gateway = await testGateway()
  const another = { ...gateway.stores, actor: { ...system, id: 'another', name: 'Another' } }
  theirs = (await createKey(another, { name: 'release', scope: 'operator', tenants: null })).key
  await setChannelApproval({ ...gateway.stores, actor: system }, { channel, required: true })
  await gateway.call('/v1/prompts', { method: 'POST', body: { name } })
  for (const content of ['One', 'Two']) await post('/versions', { content })
})
afterAll(() => gateway.close())

it('202 where a channel needs approval; another key approves it, the own one may not', async () => {
  const asked = await post('/activate', { version: 1, channel, reason: 'First' })
  expect(asked.status).toBe(202)
  expect(asked.body).toMatchObject({ approval: { state: 'pending', version: 1, previousVersion: null, by: 'test' } })
  const { id } = asked.body.approval as { id: string }
  expect((await gateway.call(`${path}?channel=${channel}`)).status).toBe(404)
  expect((await post('/activate', { version: 2, channel })).body).toMatchObject({
    error: { code: 'conflict', field: 'channel', message: expect.stringContaining('test asked at') },
  })
  expect(await post(`/approvals/${id}/approve`)).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } })
  const approved = await post(`/approvals/${id}/approve`, { note: 'Fine' }, theirs)
  expect(approved).toMatchObject({ status: 200, body: { version: 1, previousVersion: null, revision: 1 } })
  expect((await gateway.call(`${path}?channel=${channel}`)).body).toMatchObject({ version: 1, revision: 1 })
  const { body } = await gateway.call(`${path}/approvals?channel=${channel}`)
  expect(body).toMatchObject({
    approvals: [{ id, state: 'approved', decidedBy: 'release', note: 'Fine', revision: 1 }],
  })
  const history = await gateway.call(`${path}/history?channel=${channel}`)
  expect(history.body).toMatchObject({ activations: [{ by: 'test, approved by release', reason: 'First' }] })
})

it('R13: bad input names its field and asks for nothing', async () => {
  const refused = async (rest: string, body: unknown, status: number, field: string) =>
    expect(await post(rest, body)).toMatchObject({ status, body: { error: { field } } })
  await refused('/activate', { version: 2, channel: 'my channel' }, 400, 'channel')
  await refused('/activate', { version: 9, channel }, 404, 'version')
  await refused('/activate', { version: '2', channel }, 400, 'version')
  await refused('/approvals/7/approve', {}, 400, 'id')
  await refused(`/approvals/${randomUUID()}/approve`, {}, 404, 'id')
  await refused(`/approvals/${randomUUID()}/reject`, {}, 400, 'note')
  await refused(`/approvals/${randomUUID()}/approve`, { note: 'x'.repeat(501) }, 400, 'note')
  expect((await gateway.call(`${path}/approvals?channel=my%20channel`)).body).toMatchObject({
    error: { field: 'channel' },
  })
  expect((await gateway.call(`${path}/approvals?channel=${channel}`)).body.approvals).toHaveLength(1)
})
