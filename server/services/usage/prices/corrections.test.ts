import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { addOverride } from './add-override'
import { applyCorrection } from './apply-correction'
import { previewCorrection } from './preview-correction'
import { AddOverride, PreviewCorrection, SetAlias } from './prices.schema'
import { readCorrection } from './read-correction'
import { runCorrections } from './run-corrections'
import { setAlias } from './set-alias'

const stores = connectStores('worker')
const elsewhere = connectStores('gateway')
const raw = rawSql(process.env.DATABASE_URL ?? '')
const caller: Caller = { ...stores, actor: system }
afterAll(() => Promise.all([stores.close(), elsewhere.close(), raw.end()]))

const anyTenant = { id: null, tenants: null, simulated: false }
const newTenant = () => `reprice-${randomUUID().slice(0, 13)}`
const range = { from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z' }
const house = 'house-model'
type Event = Record<string, unknown> & { id: string }

const eventOf = (tenant: string, n: number, more: Record<string, unknown> = {}): Event => ({
  id: randomUUID(),
  tenant,
  provider: n % 3 === 0 ? 'house' : 'openai',
  model: n % 3 === 0 ? house : n % 3 === 1 ? 'gpt-4o' : 'gpt-4o-mini',
  inputTokens: 1_000 + n * 7,
  outputTokens: 100 + n,
  cachedInputTokens: n % 5 === 0 ? 600 : 0,
  cached: n % 11 === 0,
  user: `u-${n % 4}`,
  ...(n % 2 === 0 && { prompt: { name: 'p', version: 1 + (n % 3) } }),
  occurredAt: new Date(Date.parse('2026-03-01T00:00:00Z') + ((n * 7_919_003) % (36 * 3_600_000))).toISOString(),
  ...more,
})
const ingest = (events: Event[], into = stores) => ingestUsage(into, { key: anyTenant, events })
const override = (tenant: string, input: string, more: Record<string, unknown> = {}) =>
  addOverride(
    caller,
    AddOverride.parse({
      tenant,
      provider: 'house',
      model: house,
      rates: { input, output: '3', cacheRead: '0.1' },
      from: range.from,
      ...more,
    }),
  )
const preview = (tenant: string, more: Record<string, unknown> = {}) =>
  previewCorrection(caller, PreviewCorrection.parse({ ...range, tenants: [tenant], reason: 'Test', ...more }))

/** Previewed and applied; once more where another test changed the price book in between. */
async function applied(tenant: string): Promise<string> {
  for (;;) {
    const { id } = await preview(tenant)
    await finished(id)
    try {
      return (await applyCorrection(caller, { id })).id
    } catch (error) {
      if (!String(error).includes('changed since')) throw error
    }
  }
}

/** Until the correction rests; the price book has to stand still for three seconds first. */
async function finished(id: string, sliceSize = 40) {
  for (;;) {
    await runCorrections(stores, { sliceSize, runMs: 200 })
    const correction = await readCorrection(stores, { id })
    if (correction.state === 'previewed' || correction.state === 'applied') return correction
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** R7: the hours of a tenant whose rollups differ from the calls, in any figure, read in one statement. */
const differing = async (tenant: string) => [
  ...(await raw`
    with raw as (
      select date_trunc('hour', occurred_at, 'UTC') as hour, provider, model, prompt_name, prompt_version, count(*) as requests,
        sum(input_tokens) as tokens, coalesce(sum(cost_usd), 0) as cost, count(*) filter (where cost_usd is null) as unpriced
      from llm_usage where tenant = ${tenant} group by 1, 2, 3, 4, 5
    ), rolled as (
      select hour, provider, model, prompt_name, prompt_version, sum(requests) as requests, sum(input_tokens) as tokens,
        sum(cost_usd) as cost, sum(unpriced) as unpriced
      from (select hour, provider, model, prompt_name, prompt_version, requests, input_tokens, cost_usd, unpriced
          from usage_hourly where tenant = ${tenant}
        union all select hour, provider, model, prompt_name, prompt_version, requests, input_tokens, cost_usd, unpriced
          from usage_deltas where tenant = ${tenant}) as both_ group by 1, 2, 3, 4, 5
    ), raw_users as (
      select date_trunc('hour', occurred_at, 'UTC') as hour, user_id, count(*) as requests, coalesce(sum(cost_usd), 0) as cost,
        count(*) filter (where cost_usd is null) as unpriced
      from llm_usage where tenant = ${tenant} group by 1, 2
    ), users as (
      select hour, user_id, sum(requests) as requests, sum(cost_usd) as cost, sum(unpriced) as unpriced
      from (select hour, user_id, requests, cost_usd, unpriced from usage_hourly_users where tenant = ${tenant}
        union all select hour, user_id, requests, cost_usd, unpriced from usage_deltas where tenant = ${tenant}) as both_
      group by 1, 2
    )
    (select 'detail' as what, hour::text, model from ((table raw except table rolled) union all (table rolled except table raw)) as d)
    union all
    (select 'user', hour::text, user_id from ((table raw_users except table users) union all (table users except table raw_users)) as d)
    limit 5`),
]
const costsOf = async (tenant: string) => {
  const rows = await raw<{ id: string; cost: string | null }[]>`
    select event_id as id, trim_scale(cost_usd)::text as cost from llm_usage where tenant = ${tenant} order by event_id`
  return new Map(rows.map(({ id, cost }) => [id, cost]))
}

describe('R7: a correction', () => {
  it('previews, changes nothing by it, then prices what waited, and keeps what was before', async () => {
    const tenant = newTenant()
    await ingest(Array.from({ length: 300 }, (_, n) => eventOf(tenant, n)))
    const before = await costsOf(tenant)
    await override(tenant, '2.5')
    const first = await preview(tenant)
    await expect(applyCorrection(caller, first)).rejects.toMatchObject({ code: 'conflict' })
    const previewed = await finished(first.id)
    const { expected } = previewed
    expect(previewed.scanned).toBe(expected)
    expect(previewed.differences.parts).toHaveLength(1)
    const waiting = [...before.values()].filter((cost) => cost === null).length
    expect(previewed.differences.total).toMatchObject({
      requests: waiting,
      newlyPriced: waiting,
      newlyUnpriced: 0,
      before: '0',
    })
    expect(await costsOf(tenant)).toEqual(before)

    const id = await applied(tenant)
    await expect(applyCorrection(caller, { id })).rejects.toMatchObject({ code: 'conflict' })
    const correction = await finished(id)
    expect(correction.differences).toEqual(previewed.differences)
    const after = await costsOf(tenant)
    expect([...after.values()]).not.toContain(null)
    expect(await differing(tenant)).toEqual([])
    const kept = await raw<{ id: string; cost: string | null }[]>`
      select event_id as id, cost_before::text as cost from price_correction_rows where correction_id = ${id}`
    for (const row of kept) after.set(row.id, row.cost)
    expect(after).toEqual(before)
    const [audit] = await raw<{ after: unknown }[]>`
      select after from audit where target = ${id} and action = 'prices.correction-applied'`
    expect(audit?.after).toMatchObject({ requests: waiting, difference: correction.differences.total.difference })
  })

  it('is refused when prices changed since its preview', async () => {
    const tenant = newTenant()
    await ingest([eventOf(tenant, 0)])
    await override(tenant, '2.5')
    const { id } = await preview(tenant)
    await finished(id)
    await override(tenant, '2.6')
    await expect(applyCorrection(caller, { id })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('takes a price away again where an alias says that there is none', async () => {
    const tenant = newTenant()
    await ingest([eventOf(tenant, 1), eventOf(tenant, 2)])
    await setAlias(caller, SetAlias.parse({ tenant, provider: 'OpenAI', model: 'GPT-4o', target: null }))
    const correction = await finished(await applied(tenant))
    expect(correction.differences.total).toMatchObject({ requests: 1, newlyUnpriced: 1, after: '0' })
    expect([...(await costsOf(tenant)).values()].filter((cost) => cost === null)).toHaveLength(1)
    expect(await differing(tenant)).toEqual([])
  })

  it('goes on where a killed worker stopped, and changes each call once', async () => {
    const tenant = newTenant()
    await ingest(Array.from({ length: 900 }, (_, n) => eventOf(tenant, 3 * n)))
    await override(tenant, '4')
    const id = await applied(tenant)
    const script = `
      const { connectStores } = await import('@/server/services/stores')
      const { runCorrections } = await import('@/server/services/usage/prices/run-corrections')
      const stores = connectStores('worker')
      console.log('running')
      for (;;) await runCorrections(stores, { sliceSize: 25, runMs: 1_000 })`
    const scanned: number[] = []
    for (let kill = 0; kill < 2; kill++) {
      const worker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        env: process.env,
      })
      onTestFinished(() => void worker.kill('SIGKILL'))
      await new Promise<void>((resolve, reject) => {
        worker.stdout.once('data', () => resolve())
        worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
      })
      const had = (await readCorrection(stores, { id })).scanned
      while ((await readCorrection(stores, { id })).scanned < Math.min(had + 60, 800))
        await new Promise((go) => setTimeout(go, 5))
      worker.kill('SIGKILL')
      await new Promise((resolve) => worker.once('exit', resolve))
      scanned.push((await readCorrection(stores, { id })).scanned)
    }
    expect(scanned.every((count) => count > 0)).toBe(true)
    const correction = await finished(id)
    expect(correction.scanned).toBe(correction.expected)
    expect([...(await costsOf(tenant)).values()]).not.toContain(null)
    const [sums] = await raw<{ calls: string; slices: string }[]>`
      select (select trim_scale(sum(cost_usd)) from llm_usage where tenant = ${tenant} and not cached)::text as calls,
        (select trim_scale(sum(cost_after)) from price_correction_slices where correction_id = ${id} and applied)::text as slices`
    expect(sums?.slices).toBe(sums?.calls)
    expect(await differing(tenant)).toEqual([])
  }, 120_000)

  it('keeps rollups equal to the calls at every instant, whatever else happens meanwhile', async () => {
    const tenant = newTenant()
    const events = Array.from({ length: 600 }, (_, n) => eventOf(tenant, n))
    await ingest(events.slice(0, 250))
    let open = true
    let looks = 0
    const checker = async () => {
      for (; open; looks++) expect(await differing(tenant)).toEqual([])
    }
    const writer = async (from: number, into: typeof stores) => {
      for (let n = from; n < events.length; n += 20) {
        const again = events.slice(Math.floor(Math.random() * n)).slice(0, 5)
        await ingest([...events.slice(n, n + 10), ...again], into)
      }
    }
    const worker = async (own: typeof stores) => {
      while (open) {
        if (Math.random() < 0.5) await foldUsage(own)
        await runCorrections(own, { sliceSize: 1 + Math.floor(Math.random() * 120), runMs: 20 })
      }
    }
    const operator = async () => {
      for (const [n, price] of ['2.5', '0.000001'].entries()) {
        await override(tenant, price, n === 1 ? { from: '2026-03-01T12:00:00Z' } : {})
        await setAlias(
          caller,
          SetAlias.parse({
            tenant,
            provider: 'openai',
            model: 'gpt-4o',
            target: n === 1 ? null : { provider: 'house', model: house },
          }),
        )
        await finished(await applied(tenant))
      }
    }
    const workers = [worker(stores), worker(elsewhere)]
    const rest = Promise.all([writer(250, stores), writer(260, elsewhere), operator()])
    try {
      await Promise.race([rest, checker().then(() => rest)])
    } finally {
      open = false
      await Promise.all(workers)
    }
    while ((await foldUsage(stores)) > 0);
    expect(looks).toBeGreaterThan(10)
    expect(await differing(tenant)).toEqual([])
    expect((await costsOf(tenant)).size).toBe(events.length)
    // Whoever re-prices now finds nothing left to change: each call costs what ingest would cost it.
    expect((await finished((await preview(tenant)).id)).differences.total.requests).toBe(0)

    // Control: the check sees one call that is wrong by 10^-12 dollars.
    await raw`
      update llm_usage set cost_usd = cost_usd + 0.000000000001
      where tenant = ${tenant} and event_id = ${events[2]?.id ?? ''}`
    expect(await differing(tenant)).not.toEqual([])
  }, 120_000)
})
