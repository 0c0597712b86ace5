import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConversationCall } from '@/db/postgres/queries/conversations'
import { addTurn } from '@/server/services/sessions/add-turn'
import { endSession } from '@/server/services/sessions/end-session'
import { putSession } from '@/server/services/sessions/put-session'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { callsOfTurns } from './calls-of-turns'
import { ListConversations } from './conversations.schema'
import { listConversations } from './list-conversations'
import { readConversation } from './read-conversation'
import { writeTurns } from './write-turns'

const stores = connectStores('worker')
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const newTenant = () => `conv-${randomUUID().slice(0, 8)}`
const begin = (tenant: string, id: string, user = 'u-1') =>
  putSession(stores, { id, session: { tenant, user, ttlSeconds: 300, data: {} }, simulated: false })
const say = (id: string, role: 'user' | 'assistant', content: string, usageId?: string) =>
  addTurn(stores, { id, turn: { role, content, usageId }, allowed: null })
type Reported = { id?: string; status?: string; at?: number; prompt?: { name: string; version: number } }
const report = (tenant: string, conversation: string, calls: Reported[]) =>
  ingestUsage(stores, {
    key: { id: null, tenants: null, simulated: false },
    events: calls.map(({ id = randomUUID(), at = Date.now(), ...call }) => ({
      ...{
        id,
        tenant,
        conversation,
        provider: 'openai',
        model: 'gpt-4o-mini',
        inputTokens: 1_000_000,
        outputTokens: 0,
      },
      ...{ latencyMs: 400, occurredAt: new Date(at).toISOString(), ...call },
    })),
  })
const scope = {
  tenant: null,
  range: '1h',
  from: null,
  to: null,
  timezone: 'UTC',
  user: null,
  prompt: null,
  problem: null,
}
const list = (more: object) => listConversations(stores, ListConversations.parse({ ...scope, ...more }), { limit: 2 })

describe('callsOfTurns', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second))
  const call = (id: string, second: number) => ({ id, occurredAt: at(second) }) as ConversationCall
  const turn = (role: string, second: number, usageId: string | null = null) => ({ role, at: at(second), usageId })

  it('gives each call to the turn that names it, else to the first answer after it, and to no other', () => {
    const turns = [
      turn('user', 0),
      turn('assistant', 5),
      turn('user', 10),
      turn('assistant', 15, 'b'),
      turn('assistant', 30),
    ]
    const calls = [call('a', 3), call('tool', 4), call('b', 6), call('c', 31), call('late', 40)]
    const found = callsOfTurns(turns, calls)
    expect(found.turns.map(({ calls: its, link }) => [its.map(({ id }) => id).join('+'), link])).toEqual([
      ['', null],
      ['a+tool', 'time'],
      ['', null],
      ['b', 'named'],
      ['c', 'time'],
    ])
    expect(found.rest.map(({ id }) => id)).toEqual(['late'])
  })

  it('leaves a turn without a call where what it names was not reported', () => {
    const { turns, rest } = callsOfTurns([turn('assistant', 5, 'never')], [call('other', 4)])
    expect(turns).toMatchObject([{ link: 'named', calls: [] }])
    expect(rest).toHaveLength(1)
  })
})

describe('conversations', () => {
  it('lists them by their last turn, page by page, with what their calls add up to', async () => {
    const tenant = newTenant()
    const ids = ['first', 'second <i>', 'third'].map((name) => `${tenant} ${name}`)
    for (const id of ids) {
      await begin(tenant, id)
      await say(id, 'user', 'Hello')
      await writeTurns(stores)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await report(tenant, ids[1] ?? '', [{}, { status: 'refused' }, { prompt: { name: 'reply', version: 7 } }])
    const one = await list({ tenant })
    expect(one.conversations.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    expect(one.conversations[1]).toMatchObject({ turns: 1, usage: { calls: 3, costUsd: '0.45', problems: 1 } })
    const two = await list({ tenant, cursor: one.next })
    expect(two.conversations.map(({ id }) => id)).toEqual([ids[0]])
    expect(two.next).toBeNull()
    for (const filter of [{ problem: 'any' }, { problem: 'refused' }, { prompt: 'reply@7' }, { prompt: 'reply' }])
      expect((await list({ tenant, ...filter })).conversations.map(({ id }) => id)).toEqual([ids[1]])
    for (const filter of [{ problem: 'timeout' }, { prompt: 'reply@8' }, { user: 'nobody' }])
      expect((await list({ tenant, ...filter })).conversations).toEqual([])
  })

  it('shows the turns in order with the calls that made them, page by page, and its live session', async () => {
    const tenant = newTenant()
    const id = `${tenant}-talk`
    await begin(tenant, id)
    for (let n = 1; n <= 3; n++) {
      await say(id, 'user', `question ${n}`)
      await report(tenant, id, [{ id: `call-${n}` }])
      await say(id, 'assistant', `answer ${n}`, n === 2 ? undefined : `call-${n}`)
    }
    await report(tenant, id, [{ id: 'before', at: Date.now() - 3_600_000 }])
    await writeTurns(stores)
    const page = await readConversation(stores, { tenant, id }, { limit: 4 })
    expect(page.turns.map(({ content, link, calls }) => [content, link, calls.map((call) => call.id)])).toEqual([
      ['question 2', null, []],
      ['answer 2', 'time', ['call-2']],
      ['question 3', null, []],
      ['answer 3', 'named', ['call-3']],
    ])
    expect(page).toMatchObject({ turnsInAll: 6, usage: { calls: 4, costUsd: '0.6' } })
    expect(Date.parse(page.session?.expiresAt ?? '')).toBeGreaterThan(Date.now())
    const earlier = await readConversation(stores, { tenant, id, cursor: page.next }, { limit: 4 })
    expect(earlier.turns.map(({ content, calls }) => [content, calls.map((call) => call.id)])).toEqual([
      ['question 1', []],
      ['answer 1', ['call-1']],
    ])
    expect(earlier.callsWithoutTurn.map((call) => call.id)).toEqual(['before'])
    expect(earlier.next).toBeNull()
    await endSession(stores, { id, allowed: null })
    expect((await readConversation(stores, { tenant, id })).session).toEqual({ missing: null, expiresAt: null })
  })

  it('shows the calls alone where nobody added turns, and knows no conversation of another tenant', async () => {
    const [tenant, other] = [newTenant(), newTenant()]
    await report(tenant, 'calls only', [{ id: 'x' }])
    const page = await readConversation(stores, { tenant, id: 'calls only' })
    expect(page).toMatchObject({ turns: [], callsWithoutTurn: [{ id: 'x' }], usage: { calls: 1 } })
    await expect(readConversation(stores, { tenant: other, id: 'calls only' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
