import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '@/scripts/simulate/random'
import type { Caller } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { activatePrompt } from './activate-prompt'
import { activationImpact } from './activation-impact'
import { createPrompt } from './create-prompt'
import { createVersion } from './create-version'
import { measureVersions } from './measure-versions'
import { rollOutPrompt } from './roll-out-prompt'
import { rollbackPrompt } from './rollback-prompt'
import { recordCalls } from './test-calls'
import { versionFigures } from './version-figures'

const stores = connectStores('gateway')
const caller: Caller = { ...stores, actor: { kind: 'key', id: 'test', name: 'ci', role: 'operator' } }
const channel = 'production'
const scope = { tenant: null, range: '1h', from: null, to: null, timezone: 'UTC' } as const

beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

async function promptWith(versions: number): Promise<string> {
  const name = `test/${randomUUID()}`
  await createPrompt(caller, { name })
  for (let version = 1; version <= versions; version++)
    await createVersion(caller, { name, content: `Version ${version}`, force: false })
  return name
}

/** A stretch long gone, so that no other test's calls are near. */
const start = Date.UTC(2024, 2, 1) + Math.floor(Math.random() * 500) * 3_600_000
const stretch = { from: new Date(start), to: new Date(start + 600_000) }

describe('figures of versions', () => {
  it('R12: come from the calls themselves, with latencies by rank', async () => {
    const name = await promptWith(2)
    await recordCalls(stores, { name, version: 1, n: 1_000, ...stretch }, (index) => ({
      costUsd: index % 2 ? 0.001 : 0.003,
      latencyMs: index + 1,
      failed: index < 10,
      tokens: 100 + (index % 3),
    }))
    await recordCalls(stores, { name, version: 1, n: 100, ...stretch }, () => ({
      costUsd: 0,
      latencyMs: 1,
      cached: true,
    }))
    await recordCalls(stores, { name, version: 1, n: 5, ...stretch }, () => ({ costUsd: null, latencyMs: null }))
    const [one, two] = await measureVersions(stores, { name, versions: [1, 2], ...stretch }, 0.95)
    expect(one).toMatchObject({
      ...{ version: 1, requests: 1_105, errors: 10, cached: 100, priced: 1_100, timed: 1_000 },
      costPer1000Usd: '1.818181818182',
      latencyP50: { n: 1_000, value: 500, interval: { estimate: 500, low: 470, high: 531 } },
      latencyP95: { n: 1_000, value: 950, interval: { estimate: 950, low: 937, high: 964 } },
    })
    expect(two).toMatchObject({
      version: 2,
      requests: 0,
      costPer1000Usd: null,
      latencyP95: { value: null, interval: null },
    })
  })

  it('of a small sample a quantile is known, its interval is not', async () => {
    const name = await promptWith(1)
    await recordCalls(stores, { name, version: 1, n: 40, ...stretch }, (index) => ({ latencyMs: index + 1 }))
    const [one] = await measureVersions(stores, { name, versions: [1], ...stretch }, 0.95)
    expect(one?.latencyP95).toEqual({ p: 0.95, n: 40, value: 38, interval: null })
    expect(one?.latencyP50.interval).toEqual({ estimate: 20, low: 14, high: 27 })
  })
})

describe('before and after', () => {
  it('compares the same length on either side, and says by how much and how surely', async () => {
    const name = await promptWith(2)
    await activatePrompt(caller, { name, version: 1, channel })
    const before = new Date()
    await new Promise((done) => setTimeout(done, 300))
    const second = await activatePrompt(caller, { name, version: 2, channel })
    const moved = new Date(second.committedAt)
    await new Promise((done) => setTimeout(done, 400))
    const random = seeded(1)
    const cost = (median: number) => () => ({
      costUsd: random.around(median * 1e6, 0.4) / 1e6,
      latencyMs: random.around(900, 0.3),
    })
    await recordCalls(stores, { name, version: 1, n: 800, from: before, to: moved }, cost(0.003))
    await recordCalls(
      stores,
      { name, version: 2, n: 400, from: moved, to: new Date(moved.getTime() + 200) },
      cost(0.004),
    )
    const impact = await activationImpact(stores, { name, channel, revision: 2 })
    expect(impact).toMatchObject({
      kind: 'activate',
      base: 1,
      version: 2,
      before: { requests: 800 },
      after: { requests: 400 },
    })
    expect(Date.parse(impact?.is.to ?? '') - moved.getTime()).toBe(moved.getTime() - Date.parse(impact?.was.from ?? ''))
    const { cost: dearer, latencyP95Ms, requests } = impact?.changes ?? {}
    expect(dearer).toMatchObject({ state: 'known' })
    if (dearer?.state !== 'known' || latencyP95Ms?.state !== 'known') throw new Error('no intervals')
    expect(dearer.interval.low).toBeGreaterThan(1.2)
    expect(dearer.interval.high).toBeLessThan(1.5)
    expect(latencyP95Ms.interval.low).toBeLessThan(0)
    expect(latencyP95Ms.interval.high).toBeGreaterThan(0)
    expect(requests).toMatchObject({ state: 'known', interval: { estimate: 0.5 } })
  })

  it('where nothing was live before there is nothing to compare', async () => {
    const name = await promptWith(1)
    expect(await activationImpact(stores, { name, channel, revision: null })).toBeNull()
    await activatePrompt(caller, { name, version: 1, channel })
    expect(await activationImpact(stores, { name, channel, revision: null })).toMatchObject({
      ...{ base: null, version: 1, before: null, changes: null, open: true },
    })
    await expect(activationImpact(stores, { name, channel, revision: 9 })).rejects.toMatchObject({
      ...{ code: 'not_found', field: 'revision' },
    })
  })

  it('of a rollout, candidate and base are measured over the same stretch; its end is measured against the candidate', async () => {
    const name = await promptWith(2)
    await activatePrompt(caller, { name, version: 1, channel })
    const arms = [
      { version: 1, weight: 90 },
      { version: 2, weight: 10 },
    ]
    const rollout = await rollOutPrompt(caller, { name, channel, arms })
    await new Promise((done) => setTimeout(done, 200))
    const served = { from: new Date(rollout.committedAt), to: new Date() }
    await recordCalls(stores, { name, version: 1, n: 90, ...served }, () => ({}))
    await recordCalls(stores, { name, version: 2, n: 10, ...served }, () => ({}))
    const impact = await activationImpact(stores, { name, channel, revision: 2 })
    expect(impact).toMatchObject({
      kind: 'rollout',
      base: 1,
      version: 2,
      before: { requests: 90 },
      after: { requests: 10 },
    })
    expect(impact?.was).toEqual(impact?.is)
    expect(impact?.changes?.cost).toEqual({ state: 'few', needed: 30 })
    await rollbackPrompt(caller, { name, channel })
    expect(await activationImpact(stores, { name, channel, revision: 3 })).toMatchObject({
      kind: 'rollback',
      base: 2,
      version: 1,
    })
  })
})

describe('figures per version', () => {
  it('R7 R12: of the range and the tenant, exact, and no calls where there were none', async () => {
    const name = await promptWith(3)
    const now = new Date()
    const recent = { from: new Date(now.getTime() - 50 * 60_000), to: now }
    await recordCalls(stores, { name, version: 1, n: 100, ...recent, tenant: 'a' }, (index) => ({
      ...{ costUsd: 0.002, latencyMs: index + 1, failed: index < 5, tokens: 300 },
    }))
    await recordCalls(stores, { name, version: 2, n: 10, ...recent, tenant: 'b' }, () => ({
      costUsd: null,
      cached: true,
    }))
    const all = await versionFigures(stores, { name, scope })
    expect(all.versions).toEqual([
      {
        ...all.versions[0],
        version: 2,
        requests: 10,
        cached: 10,
        errors: 0,
        costPer1000Usd: null,
        unpriced: 10,
        p95Ms: null,
      },
      {
        ...all.versions[1],
        version: 1,
        requests: 100,
        errors: 5,
        tokensPerRequest: 300,
        costPer1000Usd: '2.000000000000',
        p95Ms: 95,
      },
    ])
    expect((await versionFigures(stores, { name, scope: { ...scope, tenant: 'b' } })).versions).toHaveLength(1)
    await expect(versionFigures(stores, { name: `no ${name}`, scope })).rejects.toMatchObject({ code: 'not_found' })
  })
})
