import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookupTotals } from '@/db/postgres/queries/cache'
import { cacheLookups } from '@/db/postgres/schema/cache'
import { type Caller, system } from '@/server/services/context'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { scaled } from '@/server/services/usage/prices/pico-usd'
import { type SavingsGroupName, savingsGroups, savingsInput } from './savings.schema'
import { savingsReport } from './savings-report'
import { setRedisPrice } from './set-redis-price'

const stores = connectStores('console')
const caller: Caller = { ...stores, actor: system }
const run = randomUUID().slice(0, 8)
const start = Date.parse('2026-04-01T00:00:00Z')
const at = (minute: number) => new Date(start + minute * 60_000)
const tenant = `save-${run}`

const ask = (by: SavingsGroupName, more: object = {}) =>
  savingsInput.parse({
    ...{ tenant, range: null, from: at(0).toISOString(), to: at(600).toISOString(), timezone: 'Asia/Kolkata' },
    ...{ prompt: null, namespace: null, by, ...more },
  })
const pico = (usd: string) => scaled(usd, 12) ?? 0n

beforeAll(async () => {
  const rows = Array.from({ length: 300 }, (_, n) => ({
    minute: at((n * 7) % 600),
    namespace: `ns-${n % 5}`,
    tenant: n % 4 === 0 ? `${tenant}-b` : tenant,
    process: `p-${n}`,
    promptName: n % 3 === 0 ? '' : `prompt-${n % 3}`,
    promptVersion: n % 3 === 0 ? 0 : 1 + (n % 2),
    hits: n,
    misses: n % 3 === 0 ? 2 : 0,
    savedUsd: `${n % 11}.00000000${String(n).padStart(4, '0')}`,
    hitsWithoutCost: n % 10 === 0 ? null : n % 2,
  }))
  await stores.db.insert(cacheLookups).values(rows)
})
afterAll(() => stores.close())

describe('R7: what the answer cache saved', () => {
  it('adds up to the same whole by namespace, tenant, prompt version and time', async () => {
    const whole = await lookupTotals(stores.db, { tenant, from: at(0), to: at(600) })
    for (const by of savingsGroups) {
      const { totals, groups, buckets } = await savingsReport(stores, ask(by))
      expect(totals).toMatchObject({ hits: whole.hits, misses: whole.misses })
      expect(pico(totals.savedUsd)).toBe(pico(whole.savedUsd))
      const sum = (of: { savedUsd: string }[]) => of.reduce((all, { savedUsd }) => all + pico(savedUsd), 0n)
      expect(sum(groups)).toBe(pico(totals.savedUsd))
      expect(sum(buckets.flatMap(({ saved }) => saved ?? []))).toBe(pico(totals.savedUsd))
      for (const figure of ['hits', 'misses', 'hitsWithoutCost', 'hitsUnjudged'] as const)
        expect(groups.reduce((all, group) => all + group[figure], 0)).toBe(totals[figure])
    }
  })

  it('leads from a part to exactly that part', async () => {
    const { groups } = await savingsReport(stores, ask('prompt'))
    expect(groups).toHaveLength(5)
    for (const { key, savedUsd } of groups) {
      const deeper = await savingsReport(stores, ask('namespace', { prompt: key ?? '' }))
      expect(deeper.totals.savedUsd).toBe(savedUsd)
    }
  })

  it('R12: tells hits without a known cost from those of a time when nobody counted them', async () => {
    const { totals } = await savingsReport(stores, ask('tenant'))
    expect(totals.hitsWithoutCost).toBeGreaterThan(0)
    expect(totals.hitsUnjudged).toBeGreaterThan(0)
  })
})

describe('what is taken off', () => {
  it('is what an activation made the models answer again, from calls before and after it', async () => {
    const name = `rewarm-${run}`
    await createPrompt(caller, { name })
    for (const version of [1, 2]) {
      await createVersion(caller, { name, content: `Hello ${version}`, force: false })
      await activatePrompt(caller, { name, version, channel: 'production' })
    }
    const moved = Date.now()
    const of = `warm-${run}`
    // Four in five are hits before; afterwards all miss, at $2.50 per million tokens.
    const events = Array.from({ length: 20 }, (_, n) => ({
      ...{ id: randomUUID(), tenant: of, provider: 'openai', model: 'gpt-4o', inputTokens: 400_000, outputTokens: 0 },
      ...{
        prompt: { name, version: n < 10 ? 1 : 2 },
        cached: n < 10 && n % 5 !== 0,
        latencyMs: n < 10 && n % 5 !== 0 ? 3 : 803,
      },
      occurredAt: new Date(moved + (n < 10 ? -60_000 : 60_000) - n).toISOString(),
    }))
    const { reply } = await ingestUsage(stores, { key: { id: null, tenants: null, simulated: false }, events })
    expect(reply.accepted).toBe(20)
    const hour = {
      tenant: of,
      from: new Date(moved - 600_000).toISOString(),
      to: new Date(moved + 600_000).toISOString(),
    }
    const report = await savingsReport(stores, ask('prompt', hour), { now: new Date(moved + 600_000) })
    expect(report.rewarming.activations).toMatchObject([
      { name, version: 2, before: { calls: 10, misses: 2 }, after: { calls: 10, misses: 10 } },
    ])
    expect(pico(report.rewarming.total.usd ?? '')).toBe(8_000_000_000_000n)
    expect(report.netUsd).toBe('-8.000000000000')
    expect(report.without).toEqual(['memory'])
    // Only version 1 was hit, and its misses took 803 ms.
    expect(report.latency).toEqual({ ms: 6_400, hits: 8, hitsBeside: 0 })
  })

  it('is no memory of a tenant, and of all only with a price and samples', async () => {
    const all = () =>
      savingsReport(stores, ask('tenant', { tenant: null, from: '2019-01-01T00:00:00Z', to: '2019-01-02T00:00:00Z' }))
    await setRedisPrice(caller, { usdPerGibMonth: null })
    expect((await all()).memory.cost.missing).toContain('enter')
    await setRedisPrice(caller, { usdPerGibMonth: '16.50' })
    expect((await all()).memory).toMatchObject({
      usdPerGibMonth: '16.5',
      cost: { missing: expect.stringContaining('not sampled') },
    })
    expect((await savingsReport(stores, ask('tenant'))).memory.cost.missing).toContain('tenant')
    await setRedisPrice(caller, { usdPerGibMonth: null })
  })
})
