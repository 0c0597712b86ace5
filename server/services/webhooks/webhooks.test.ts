import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Caller, system } from '@/server/services/context'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import { orAsk } from '@/server/services/prompts/or-ask'
import { rollOutPrompt } from '@/server/services/prompts/roll-out-prompt'
import { rollbackPrompt } from '@/server/services/prompts/rollback-prompt'
import { setChannelApproval } from '@/server/services/prompts/set-channel-approval'
import { connectStores } from '@/server/services/stores'
import { webhookSender } from '@/server/worker/jobs/send-webhooks'
import { pruneDeliveries } from '@/server/worker/jobs/prune-deliveries'
import { createWebhook } from './create-webhook'
import { deleteWebhook } from './delete-webhook'
import { listDeliveries } from './list-deliveries'
import { listWebhooks } from './list-webhooks'
import { retryDelivery } from './retry-delivery'
import { isSigned, testReceiver } from './test-receiver'
import { testWebhook } from './test-webhook'
import { updateWebhook } from './update-webhook'
import type { WebhookEvent } from './webhooks.schema'

const stores = connectStores('worker')
const sql = rawSql(process.env.DATABASE_URL ?? '')
const admin: Caller = { ...stores, actor: system }
const operator: Caller = { ...stores, actor: { kind: 'operator', id: 'ada', name: 'Ada', role: 'operator' } }
const sender = webhookSender(stores)
const channel = 'production'
const made: string[] = []
const prompts = `webhooks/${randomUUID()}`
const receive = (answer?: Parameters<typeof testReceiver>[1]) => testReceiver(prompts, answer)

beforeAll(() => stores.redis.ready())
afterEach(async () => {
  await sender.settled()
  for (const id of made.splice(0)) await deleteWebhook(admin, { id })
})
afterAll(async () => {
  await sql.end()
  await stores.close()
})

async function hook(url: string, events: WebhookEvent[] = ['prompt.activated', 'prompt.rolled_back']) {
  const created = await createWebhook(admin, { name: randomUUID(), url, events })
  made.push(created.id)
  return created
}

async function promptWith(versions: number) {
  const name = `${prompts}/${randomUUID()}`
  await createPrompt(operator, { name })
  for (let n = 1; n <= versions; n++) await createVersion(operator, { name, content: `Version ${n}`, force: false })
  return name
}

const activate = (name: string, version: number) => activatePrompt(operator, { name, version, channel, reason: 'Why' })
const deliveriesOf = (id: string) => sql`
  select id::int, event, event_id, state, attempts, last_status, last_error,
    extract(epoch from next_attempt_at - clock_timestamp())::float as due_in
  from webhook_deliveries where webhook_id = ${id} and ((payload->'data'->>'prompt') is null or starts_with(payload->'data'->>'prompt', ${prompts})) order by id`
/** Hours pass: everything that this webhook waits for is due. */
const makeDue = (id: string) => sql`update webhook_deliveries set next_attempt_at = now() where webhook_id = ${id}`
async function send() {
  while ((await sender.run()) > 0);
  await sender.settled()
}

describe('an event', () => {
  it('R3: is told if and only if it is committed, to each webhook that wants it, signed', async () => {
    const receiver = await receive()
    const wants = await hook(receiver.url)
    const other = await hook(receiver.url, ['prompt.rollout_changed'])
    const name = await promptWith(2)
    const { committedAt } = await activate(name, 1)
    const undone = activatePrompt(operator, { name, version: 2, channel }, () => Promise.reject(new Error('no')))
    await expect(undone).rejects.toThrow('no')
    await send()
    expect(await deliveriesOf(wants.id)).toMatchObject([{ event: 'prompt.activated', state: 'delivered', attempts: 1 }])
    expect(await deliveriesOf(other.id)).toEqual([])
    const [message, ...rest] = receiver.received
    expect(rest).toEqual([])
    expect(message?.body).toEqual({
      type: 'prompt.activated',
      timestamp: committedAt,
      data: {
        prompt: name,
        channel,
        version: 1,
        previousVersion: null,
        revision: 1,
        kind: 'activate',
        by: 'Ada',
        reason: 'Why',
      },
    })
    if (!message) throw new Error('nothing arrived')
    expect(isSigned(wants.secret, message)).toBe(true)
    expect(isSigned(other.secret, message)).toBe(false)
    expect(isSigned(wants.secret, { ...message, raw: message.raw.replace('"Ada"', '"Eve"') })).toBe(false)
    expect(Math.abs(message.timestamp * 1000 - message.at)).toBeLessThan(2_000)
    await receiver.close()
  })

  it('rollbacks, rollouts and requests for approval are told as such', async () => {
    const receiver = await receive()
    await hook(receiver.url, ['prompt.rolled_back', 'prompt.rollout_changed', 'prompt.approval_requested'])
    const name = await promptWith(2)
    const own = `c-${randomUUID()}`
    for (const version of [1, 2]) await activatePrompt(operator, { name, version, channel: own })
    await rollbackPrompt(operator, { name, channel: own })
    const arms = [1, 2].map((version) => ({ version, weight: 50 }))
    await rollOutPrompt(operator, { name, channel: own, arms })
    await setChannelApproval(admin, { channel: own, required: true })
    await orAsk(operator, () => activatePrompt(operator, { name, version: 2, channel: own }))
    await send()
    const told = receiver.received.map(({ body }) => body).sort((a, b) => a.timestamp.localeCompare(b.timestamp))
    expect(told).toMatchObject([
      { type: 'prompt.rolled_back', data: { version: 1, previousVersion: 2, revision: 3 } },
      { type: 'prompt.rollout_changed', data: { arms, revision: 4 } },
      { type: 'prompt.approval_requested', data: { version: 2, by: 'Ada', approval: expect.any(String) } },
    ])
    await receiver.close()
  })

  it('what a worker had begun when it was killed is sent by another, under the same id', async () => {
    const receiver = await receive()
    const { id } = await hook(receiver.url)
    await activate(await promptWith(1), 1)
    // Claimed by a worker that never came to send it: its lease is what it left behind.
    await sql`update webhook_deliveries set attempts = 1, next_attempt_at = now() + interval '20 s' where webhook_id = ${id}`
    await send()
    expect(receiver.received).toEqual([])
    await makeDue(id)
    await send()
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 2 }])
    expect(receiver.received.map(({ id }) => id)).toEqual([(await deliveriesOf(id))[0]?.event_id])
    await receiver.close()
  })

  it('several workers send each delivery once', async () => {
    const receiver = await receive()
    const { id } = await hook(receiver.url)
    const name = await promptWith(2)
    for (let n = 0; n < 12; n++) await activate(name, 1 + (n % 2))
    const senders = Array.from({ length: 4 }, () => webhookSender(stores))
    while ((await deliveriesOf(id)).some(({ state }) => state === 'pending')) {
      await Promise.all(senders.map(({ run }) => run()))
      await Promise.all(senders.map(({ settled }) => settled()))
    }
    expect(receiver.received).toHaveLength(12)
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(12)
    await receiver.close()
  })
})

describe('a receiver that', () => {
  it('fails is tried again after 5 s, 30 s, 2 min, 10 min, 1 h and 6 h with the same id, then given up, and can be retried', async () => {
    let status = 500
    const receiver = await receive((response) => response.writeHead(status).end('oh no'))
    const { id } = await hook(receiver.url)
    await activate(await promptWith(1), 1)
    for (const pause of [5, 30, 120, 600, 3_600, 21_600]) {
      await send()
      const [delivery] = await deliveriesOf(id)
      expect(delivery).toMatchObject({ state: 'pending', last_status: 500, last_error: 'answered 500' })
      expect(delivery?.due_in).toBeGreaterThan(pause - 3)
      expect(delivery?.due_in).toBeLessThanOrEqual(pause)
      await makeDue(id)
    }
    await send()
    const [given] = await deliveriesOf(id)
    expect(given).toMatchObject({ state: 'failed', attempts: 7 })
    await makeDue(id)
    await send()
    expect(receiver.received).toHaveLength(7)
    expect(new Set(receiver.received.map((message) => message.id))).toEqual(new Set([given?.event_id]))

    status = 200
    await expect(retryDelivery(operator, { id: given?.id })).rejects.toMatchObject({ code: 'forbidden' })
    await retryDelivery(admin, { id: given?.id })
    await send()
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 8, last_error: null }])
    await expect(retryDelivery(admin, { id: given?.id })).rejects.toMatchObject({ code: 'conflict', field: 'id' })
    await receiver.close()
  })

  it('hangs is given five seconds, and holds up nobody else', async () => {
    const open: ServerResponse[] = []
    const [hanging, quick] = [await receive((response) => open.push(response)), await receive()]
    const [slow] = [await hook(hanging.url), await hook(quick.url)]
    const name = await promptWith(2)
    for (let n = 0; n < 10; n++) await activate(name, 1 + (n % 2))
    const started = Date.now()
    while (quick.received.length < 10 && Date.now() - started < 4_000) {
      await sender.run()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(quick.received).toHaveLength(10)
    expect(hanging.received).toHaveLength(4)
    await sender.settled()
    const tried = (await deliveriesOf(slow.id)).filter(({ attempts }) => attempts === 1)
    expect(tried).toHaveLength(4)
    for (const { last_error, last_status } of tried)
      expect([last_error, last_status]).toEqual(['no answer within 5 s', null])
    expect(Date.now() - started).toBeLessThan(9_000)
    await Promise.all([hanging.close(), quick.close()])
  })

  it('redirects is not followed; one that answers without end is cut off; one that is not there says so', async () => {
    const target = await receive()
    const moved = await receive((response) => response.writeHead(302, { location: target.url }).end())
    let sent = 0
    const endless = await receive((response) => {
      response.writeHead(200)
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1_000))) sent += 1_000
      }
      response.on('drain', more)
      more()
    })
    const outcomes = []
    for (const url of [moved.url, endless.url, 'http://127.0.0.1:1/', 'http://nobody.invalid/'])
      outcomes.push(await testWebhook(admin, { id: (await hook(url)).id }))
    expect(outcomes).toMatchObject([
      { ok: false, status: 302, error: 'answered 302; redirects are not followed' },
      { ok: true, status: 200, error: null },
      { ok: false, status: null, error: expect.stringContaining('ECONNREFUSED') },
      { ok: false, status: null, error: expect.stringContaining('nobody.invalid') },
    ])
    expect(target.received).toEqual([])
    expect(sent).toBeLessThan(10_000_000)
    await Promise.all([target.close(), moved.close(), endless.close()])
  })
})

describe('what admins do', () => {
  it('R10: is theirs alone, stands in the audit, and never tells the secret again', async () => {
    const receiver = await receive()
    const { id, secret } = await hook(receiver.url)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const input = { id, name: 'n', url: receiver.url, events: ['prompt.activated' as const], enabled: false }
    const attempts = [
      () => createWebhook(operator, input),
      () => updateWebhook(operator, input),
      () => deleteWebhook(operator, { id }),
      () => testWebhook(operator, { id }),
      () => listWebhooks(operator),
      () => listDeliveries(operator),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' })
    await updateWebhook(admin, input)
    expect(JSON.stringify(await listWebhooks(admin))).not.toContain(secret.slice(6))
    const audit = await sql`select action, before, after from audit where target = ${id} order by id`
    expect(audit.map(({ action }) => action)).toEqual(['webhooks.create', 'webhooks.update'])
    expect(audit[1]).toMatchObject({ before: { enabled: true }, after: { enabled: false, name: 'n' } })
    expect(JSON.stringify(audit)).not.toContain(secret.slice(6))
    await receiver.close()
  })

  it('a webhook that is switched off is told of nothing, keeps what waits, and can be tested', async () => {
    const receiver = await receive()
    const { id } = await hook(receiver.url)
    const name = await promptWith(2)
    await activate(name, 1)
    const input = { id, name: 'n', url: receiver.url, events: ['prompt.activated' as const] }
    await updateWebhook(admin, { ...input, enabled: false })
    await activate(name, 2)
    await send()
    expect(receiver.received).toEqual([])
    expect(await testWebhook(admin, { id })).toMatchObject({ ok: true, status: 204, error: null })
    expect(receiver.received.map(({ body }) => body.type)).toEqual(['webhook.test'])
    const ours = new Set((await deliveriesOf(id)).map((delivery) => delivery.id))
    const log = (await listDeliveries(admin)).filter((delivery) => ours.has(delivery.id))
    expect(log).toMatchObject([
      { event: 'webhook.test', state: 'delivered', attempts: 1, status: 204 },
      { event: 'prompt.activated', state: 'pending', paused: true, nextAttemptAt: null },
    ])
    await updateWebhook(admin, { ...input, enabled: true })
    await send()
    expect(receiver.received.map(({ body }) => body.data.version)).toEqual([undefined, 1])
    await receiver.close()
  })

  it('R13: addresses where no webhook goes are refused at save', async () => {
    const refused = ['http://169.254.169.254/latest', 'http://0.0.0.0:80/', 'http://[::]/', 'http://[fe80::1]/', 'http://2852039166/', 'http://[::ffff:169.254.1.1]/'] // prettier-ignore
    for (const url of refused)
      await expect(createWebhook(admin, { name: 'n', url, events: ['prompt.activated'] }), url).rejects.toMatchObject({
        code: 'bad_request',
        field: 'url',
      })
  })

  it('deliveries that ended are forgotten after thirty days, those that wait never', async () => {
    const receiver = await receive()
    const { id } = await hook(receiver.url)
    const name = await promptWith(2)
    await activate(name, 1)
    await send()
    await activate(name, 2)
    await sql`update webhook_deliveries set created_at = now() - interval '31 days' where webhook_id = ${id}`
    expect(await pruneDeliveries(stores)).toBeGreaterThanOrEqual(1)
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'pending' }])
    await receiver.close()
  })
})
