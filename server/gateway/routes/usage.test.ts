import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Decimal } from 'decimal.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '@/server/gateway/start'
import { type Caller, system } from '@/server/services/context'
import { createKey } from '@/server/services/keys/create-key'
import { connectStores } from '@/server/services/stores'
import { foldUsage } from '@/server/worker/jobs/fold-usage'

const stores = connectStores('gateway')
const run = randomUUID().slice(0, 13)
const mine = `usage-${run}`
let gateway: Gateway
const keys = { operator: '', app: '', bound: '' }

beforeAll(async () => {
  const caller: Caller = { ...stores, actor: system }
  keys.operator = (await createKey(caller, { name: run, scope: 'operator', tenants: null })).key
  keys.app = (await createKey(caller, { name: run, scope: 'app', tenants: null })).key
  keys.bound = (await createKey(caller, { name: run, scope: 'app', tenants: [mine] })).key
  gateway = await startGateway({ stores, port: 0 })
})
afterAll(async () => {
  await gateway.close()
  await stores.close()
})

type Figures = {
  requests: number
  inputTokens: number
  outputTokens: number
  cachedInputTokens: number
  costUsd: string
  unpriced: number
}
type Body = {
  accepted?: number
  duplicates?: number
  rejected?: { index: number; code: string; message: string; field?: string }[]
  totals: Figures
  groups: (Figures & { key: string | null })[]
  error?: { code: string; message: string; field?: string }
}

async function call(method: string, path: string, body?: unknown, key = keys.app, headers: object = {}) {
  const reply = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: reply.status, body: (await reply.json()) as Body }
}
const report = (events: unknown[], key?: string) => call('POST', '/v1/usage', { events }, key)
const summary = (query: Record<string, string>, key = keys.operator) =>
  call('GET', `/v1/usage/summary?${new URLSearchParams(query)}`, undefined, key)

type Row = { at: string; inputTokens: number; outputTokens: number }

/** What Azure's two public traces hold, by their own sums; see ../shared/data. */
const traces = {
  conv: { requests: 19_366, inputTokens: 22_361_870, outputTokens: 4_088_665 },
  code: { requests: 8_819, inputTokens: 18_059_974, outputTokens: 245_896 },
}

/** An hour of a production service, where its trace is at hand; else a made-up one, and it says so. */
function trace(name: keyof typeof traces): { rows: Row[]; real: boolean } {
  const file = `${process.env.ENGRAM_SHARED ?? '../shared'}/data/azure_llm_${name}.csv.gz`
  if (!existsSync(file)) {
    process.stderr.write(`\n${file} is not here: this test runs on 2,000 GENERATED rows, not on the real trace.\n`)
    const rows = Array.from({ length: 2_000 }, (_, n) => ({
      at: new Date(Date.UTC(2023, 10, 16, 18, 15) + n * 1_800).toISOString(),
      inputTokens: (n * 7_919) % 4_096,
      outputTokens: (n * 104_729) % 1_000,
    }))
    return { rows, real: false }
  }
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split(/\r?\n/).slice(1)
  const rows = lines.map((line) => {
    const [at = '', input, output] = line.split(',')
    return { at: `${at.replace(' ', 'T')}Z`, inputTokens: Number(input), outputTokens: Number(output) }
  })
  return { rows, real: true }
}

/** The test's own: the trace has no models. Dollars per million input and output tokens, as published. */
const models = [
  { provider: 'openai', model: 'gpt-4o-mini', rates: ['0.15', '0.6'] },
  { provider: 'openai', model: 'gpt-4o-2024-08-06', rates: ['2.5', '10'] },
  { provider: 'anthropic', model: 'claude-sonnet-4-20250514', rates: ['3', '15'] },
] as const

/** A fixed shuffle, so that rows arrive in no order of time. */
function shuffled<T>(items: T[]): T[] {
  const copy = [...items]
  let state = 42
  for (let at = copy.length - 1; at > 0; at--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    const other = state % (at + 1)
    const [a, b] = [copy[at], copy[other]]
    if (a === undefined || b === undefined) continue
    copy[at] = b
    copy[other] = a
  }
  return copy
}

const CLIENTS = 8
const IN_BATCH = 500

describe('R6, R7: a real hour of two services at once', () => {
  it('shows every row once and costs what decimal arithmetic says, from 8 clients, in shuffled batches of which some arrive twice', async () => {
    const tenant = `azure-${run}`
    let cost = new Decimal(0)
    const named = (['conv', 'code'] as const).map((name) => ({ name, ...trace(name) }))
    const rows = named.flatMap(({ name, rows }) => rows.map((row, n) => ({ ...row, id: `${name}-${n}` })))
    const events = rows.map(({ id, at: occurredAt, inputTokens, outputTokens }, n) => {
      const { provider, model, rates } = models[n % 3] ?? models[0]
      const input = new Decimal(rates[0]).times(inputTokens)
      cost = cost.plus(input.plus(new Decimal(rates[1]).times(outputTokens)).div(1_000_000))
      return { id, tenant, user: `u${n % 97}`, provider, model, inputTokens, outputTokens, occurredAt }
    })
    const arriving = shuffled(events)
    const batches = Array.from({ length: Math.ceil(arriving.length / IN_BATCH) }, (_, n) =>
      arriving.slice(n * IN_BATCH, (n + 1) * IN_BATCH),
    )
    const twice = batches.filter((_, n) => n % 20 === 7)
    const sent = shuffled([...batches, ...twice])
    let accepted = 0
    let duplicates = 0
    const client = async () => {
      for (let batch = sent.pop(); batch; batch = sent.pop()) {
        const { status, body } = await report(batch)
        expect([status, body.rejected]).toEqual([200, []])
        accepted += body.accepted ?? 0
        duplicates += body.duplicates ?? 0
        if (sent.length === 30) await foldUsage(stores)
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, client))
    expect(accepted).toBe(rows.length)
    expect(duplicates).toBe(twice.flat().length)

    const range = { tenant, from: '2023-11-16T18:00:00Z', to: '2023-11-16T20:00:00Z' }
    const whole = {
      requests: rows.length,
      inputTokens: rows.reduce((sum, row) => sum + row.inputTokens, 0),
      outputTokens: rows.reduce((sum, row) => sum + row.outputTokens, 0),
      cachedInputTokens: 0,
      costUsd: cost.toFixed(),
      unpriced: 0,
    }
    if (named.every(({ real }) => real))
      for (const figure of ['requests', 'inputTokens', 'outputTokens'] as const)
        expect(whole[figure]).toBe(traces.conv[figure] + traces.code[figure])
    const queries: Record<string, string>[] = [
      {},
      { groupBy: 'model' },
      { groupBy: 'user' },
      { groupBy: 'hour', timezone: 'Asia/Kolkata' },
    ]
    for (const query of queries) {
      const { body } = await summary({ ...range, ...query })
      expect(body.totals).toEqual(whole)
      if ('groupBy' in query)
        expect(body.groups.reduce((sum, group) => sum.plus(group.costUsd), new Decimal(0)).toFixed()).toBe(
          whole.costUsd,
        )
    }
    const days = await summary({ ...range, from: '2023-11-15T00:00:00Z', to: '2023-11-18T00:00:00Z', groupBy: 'day' })
    expect(days.body.groups).toEqual([{ key: '2023-11-16', ...whole }])
  }, 120_000)
})

const event = (more: object = {}) => ({
  id: randomUUID(),
  tenant: mine,
  provider: 'openai',
  model: 'gpt-4o-mini',
  inputTokens: 10,
  outputTokens: 5,
  occurredAt: new Date().toISOString(),
  ...more,
})

describe('R13: bad batches', () => {
  it('is 413 above 1,000 events, 400 without any, with unknown fields, and for broken JSON; 415 for another type', async () => {
    const many = Array.from({ length: 1_001 }, () => event())
    const error = (code: string, field: string) => expect.objectContaining({ code, field })
    expect(await report(many)).toMatchObject({ status: 413, body: { error: error('too_large', 'events') } })
    expect(await report([])).toMatchObject({ status: 400, body: { error: error('bad_request', 'events') } })
    expect(await call('POST', '/v1/usage', { events: [event()], async: true })).toMatchObject({
      status: 400,
      body: { error: error('bad_request', 'async') },
    })
    expect((await call('POST', '/v1/usage', '{"events": [')).status).toBe(400)
    expect((await call('POST', '/v1/usage', 'x', keys.app, { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('is 400 when no event is valid, with the reason for each; 200 as soon as one is', async () => {
    const bad = event({ inputTokens: -1 })
    const alone = await report([bad])
    expect(alone).toMatchObject({
      status: 400,
      body: {
        error: { code: 'bad_request', field: 'inputTokens' },
        accepted: 0,
        rejected: [{ index: 0, field: 'inputTokens' }],
      },
    })
    expect(await report([bad, event()])).toMatchObject({
      status: 200,
      body: { accepted: 1, rejected: [{ index: 0, field: 'inputTokens' }] },
    })
  })

  it('refuses tenants that the key is not bound to, per row', async () => {
    expect(await report([event(), event({ tenant: `other-${run}` })], keys.bound)).toMatchObject({
      status: 200,
      body: { accepted: 1, rejected: [{ index: 1, code: 'forbidden', field: 'tenant' }] },
    })
  })
})

describe('GET /v1/usage/summary', () => {
  it('is for operators, and names what is wrong with a question', async () => {
    expect((await summary({}, keys.app)).status).toBe(403)
    const field = async (query: Record<string, string>) => (await summary(query)).body.error?.field
    expect(await field({ from: '2026-02-02T00:00:00Z', to: '2026-02-01T00:00:00Z' })).toBe('from')
    expect(await field({ from: 'yesterday' })).toBe('from')
    expect(await field({ to: '20000-01-01T00:00:00Z' })).toBe('to')
    expect(await field({ timezone: 'Mars/Olympus' })).toBe('timezone')
    expect(await field({ groupBy: 'colour' })).toBe('groupBy')
    expect(await field({ tenant: 'No Slug' })).toBe('tenant')
    expect(await field({ limit: '5' })).toBe('limit')
    expect(await field({ groupBy: 'hour', from: '2020-01-01T00:00:00Z' })).toBe('from')
  })

  it('answers for the last 24 hours where nothing is said, and keys groups as documented', async () => {
    const tenant = `keys-${run}`
    const occurredAt = new Date(Date.now() - 60_000).toISOString()
    await report([
      event({ tenant, occurredAt, prompt: { name: 'support/reply@eu', version: 3 } }),
      event({ tenant, occurredAt, provider: 'acme', model: 'unheard-of', user: 'ann' }),
    ])
    const keysBy = async (groupBy: string) => (await summary({ tenant, groupBy })).body.groups.map((group) => group.key)
    expect((await summary({ tenant })).body.totals).toMatchObject({ requests: 2, unpriced: 1, costUsd: '0.0000045' })
    expect(await keysBy('prompt')).toEqual(['support/reply@eu@3', null])
    expect(await keysBy('model')).toEqual(['gpt-4o-mini', 'unheard-of'])
    expect(await keysBy('user')).toEqual([null, 'ann'])
    expect(await keysBy('tenant')).toEqual([tenant])
    expect(await keysBy('hour')).toEqual([`${occurredAt.slice(0, 13)}:00:00.000Z`])
    expect(await keysBy('day')).toEqual([occurredAt.slice(0, 10)])
  })
})
