import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callById } from '@/db/postgres/queries/usage-requests'
import type { NewUsage } from '@/db/postgres/queries/usage-ingest'
import { connectStores } from '@/server/services/stores'
import { ensureMonths } from './ensure-months'
import { summariseUsage } from './summarise-usage'
import { type Written, writeUsage } from './usage-writer'

const stores = connectStores('gateway')
const run = randomUUID()
const tenant = `writer-${run}`
beforeAll(() => ensureMonths(stores.db, [new Date()]))
afterAll(() => stores.close())

const row = (id: string, change: Partial<NewUsage> = {}): NewUsage => ({
  key_id: null,
  tenant,
  event_id: `${run} ${id}`,
  occurred_at: new Date().toISOString(),
  user_id: null,
  conversation: null,
  provider: 'openai',
  model: 'gpt-4o-mini',
  input_tokens: 1,
  output_tokens: 1,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  latency_ms: null,
  ttft_ms: null,
  prompt_name: null,
  prompt_version: null,
  cached: false,
  status: 'ok',
  cost_usd: null,
  price_id: null,
  ...change,
})
/** The first batch is under way at once, so that those after it wait and are written together. */
const write = (...batches: NewUsage[][]) => Promise.allSettled(batches.map((rows) => writeUsage(stores.db, rows)))
const fresh = (result: PromiseSettledResult<Written>) =>
  result.status === 'fulfilled' ? [...result.value.fresh].sort() : 'refused'

describe('batches written together', () => {
  it('R6: an event that two of them name is written once, and is new to the first', async () => {
    const results = await write([row('a')], [row('b'), row('c')], [row('c'), row('d')], [row('b')])
    expect(results.map(fresh)).toEqual([[0], [0, 1], [1], []])
    const range = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000), timezone: 'UTC' }
    const { totals } = await summariseUsage(stores, { ...range, tenant })
    expect(totals).toMatchObject({ requests: 4, inputTokens: 4 })
  })

  it('one that Postgres refuses does not take the others with it', async () => {
    const results = await write([row('e')], [row('f')], [row('g', { cost_usd: 'much' })], [row('h')])
    expect(results.map(fresh)).toEqual([[0], [0], 'refused', [0]])
  })

  it('text comes back as it was, whatever it holds', async () => {
    const odd = ['a"b', 'c\\d', '\\"', 'e,f', '(g)', '{h}', ' i ', 'j\nk', 'NULL', '', "l'm", 'ü😀', '\\\\', '$1']
    await write(odd.map((text, n) => row(`odd ${n} ${text}`, { user_id: text, conversation: text, model: text })))
    const kept = await Promise.all(odd.map((text, n) => callById(stores.db, { tenant, id: `${run} odd ${n} ${text}` })))
    expect(kept.map((call) => call && [call.user, call.conversation, call.model])).toEqual(
      odd.map((text) => [text, text, text]),
    )
  })

  it('more than can be written soon is refused before it costs memory', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => row(`many ${n}`))
    const results = await write(...Array.from({ length: 40 }, () => many))
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(40 - 31)
    expect(results.at(-1)).toMatchObject({ reason: { code: 'unavailable' } })
  })
})
