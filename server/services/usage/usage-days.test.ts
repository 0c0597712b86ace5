import { randomUUID } from 'node:crypto'
import { afterAll, expect, it } from 'vitest'
import { type Dimension, usageBy, usageByTime } from '@/db/postgres/queries/usage'
import { sumUpStaleDay } from '@/db/postgres/queries/usage-days'
import { differencesOf } from '@/db/postgres/queries/usage-checks'
import { seeded } from '@/scripts/simulate/random'
import { connectStores } from '@/server/services/stores'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { sumUpUsage } from '@/server/worker/jobs/sum-up-usage'
import { ingestUsage } from './ingest-usage'
import { summariseUsage } from './summarise-usage'
import { UsageSummaryQuery } from './usage.schema'

const stores = connectStores('worker')
afterAll(() => stores.close())

const tenant = `days-${randomUUID().slice(0, 8)}`
const [from, to] = ['2022-08-01T05:00:00Z', '2022-08-06T19:00:00Z']
let sent = 0

/** One call every two hours of five days, each of them later than what was summed up before. */
async function report() {
  const events = Array.from({ length: 60 }, (_, n) => ({
    id: randomUUID(),
    tenant,
    user: `u-${n % 3}`,
    provider: 'openai',
    model: n % 2 ? 'gpt-4o' : 'gpt-4o-mini',
    inputTokens: 1_000,
    outputTokens: 0,
    occurredAt: new Date(Date.parse('2022-08-01T06:00:00Z') + n * 2 * 3_600_000).toISOString(),
  }))
  const { reply } = await ingestUsage(stores, { key: { id: null, tenants: null, simulated: false }, events })
  sent += reply.accepted
}

/** However it is asked for: whole, by model, by user, by day in two zones. */
async function answers() {
  const asked = (more: object) => summariseUsage(stores, UsageSummaryQuery.parse({ tenant, from, to, ...more }))
  const [whole, utc, india] = [
    await asked({}),
    await asked({ groupBy: 'day' }),
    await asked({ groupBy: 'day', timezone: 'Asia/Kolkata' }),
  ]
  const [models, users] = await Promise.all(
    (['model', 'tenantUser'] as const).map((by) =>
      usageBy(stores.db, { tenant, from: new Date(from), to: new Date(to) }, by, 100),
    ),
  )
  const sum = (parts: { requests: number; inputTokens: number }[] = []) =>
    parts.reduce((total, { requests, inputTokens }) => total + requests * 1e9 + inputTokens, 0)
  return [[whole.totals], utc.groups, india.groups, models?.groups, users?.groups].map((parts) => sum(parts))
}
const expected = () => Array.from({ length: 5 }, () => sent * 1e9 + sent * 1_000)

it('R7: days are exact while they are not summed up, are, get late calls, and are summed up again', async () => {
  await report()
  expect(await answers()).toEqual(expected())
  await foldUsage(stores)
  expect(await answers()).toEqual(expected())
  while ((await sumUpUsage(stores)) > 0);
  expect(await answers()).toEqual(expected())
  await report()
  expect(await answers()).toEqual(expected())
  await foldUsage(stores)
  expect(await answers()).toEqual(expected())
  while ((await sumUpUsage(stores)) > 0);
  expect(await answers()).toEqual(expected())
})

const SEED = Date.now() % 1_000_000
const random = seeded(SEED)
const [HOUR_MS, DAYS] = [3_600_000, 45]
const first = Date.parse('2022-05-03T00:00:00Z')
const someone = `blocks-${randomUUID().slice(0, 8)}`

/** Calls of any hour of 45 days, most of them late. */
async function reportAnywhere() {
  const events = Array.from({ length: 150 }, () => ({
    id: randomUUID(),
    tenant: someone,
    user: random.chance(0.9) ? `u-${random.integer(6)}` : undefined,
    provider: 'openai',
    model: random.chance(0.5) ? 'gpt-4o' : 'gpt-4o-mini',
    inputTokens: 1 + random.integer(5_000),
    outputTokens: 3,
    status: random.chance(0.1) ? 'error' : 'ok',
    occurredAt: new Date(first + random.integer(DAYS * 24 * HOUR_MS)).toISOString(),
  }))
  await ingestUsage(stores, { key: { id: null, tenants: null, simulated: false }, events })
}

const columns = { model: ['model', 'null'], tenantUser: ['tenant', 'user_id'], status: ['status', 'null'] } as const

async function fromCalls(from: Date, to: Date, keys: readonly [string, string]) {
  const rows = await stores.db.execute<Record<'k1' | 'k2' | 'requests' | 'tokens' | 'cost', string | null>>(
    `select ${keys[0]} as k1, ${keys[1]} as k2, count(*) as requests, sum(input_tokens) as tokens,
      trim_scale(coalesce(sum(cost_usd), 0)) as cost
    from llm_usage where tenant = '${someone}' and occurred_at >= '${from.toISOString()}' and occurred_at < '${to.toISOString()}'
    group by 1, 2`,
  )
  return new Set(rows.map(({ k1, k2, requests, tokens, cost }) => [k1, k2, requests, tokens, cost].join(' ')))
}

it('R7: any range in blocks of days equals its calls, whatever is folded, summed up or late', async () => {
  const { db } = stores
  await reportAnywhere()
  let answers = 0
  for (let step = 0; step < 24; step++) {
    const act = random.integer(4)
    if (act === 0) await reportAnywhere()
    if (act === 1) await foldUsage(stores)
    if (act === 2) await sumUpUsage(stores)
    if (act === 3)
      for (let n = 1 + random.integer(20); n > 0; n--)
        await db.transaction((tx) => sumUpStaleDay(tx, { endedBefore: new Date() }))
    const [one, other] = [random.integer(DAYS * 24), random.integer(DAYS * 24)]
    const unit = random.chance(0.7) ? 24 : 1
    const [from, to] = [Math.min(one, other), Math.max(one, other) + 1].map(
      (hours) => new Date(first + Math.round(hours / unit) * unit * HOUR_MS),
    ) as [Date, Date]
    if (from >= to) continue
    for (const [by, keys] of Object.entries(columns)) {
      const { groups } = await usageBy(db, { from, to, tenant: someone }, by as Dimension, 100)
      const told = groups.map(({ keys: [k1, k2], requests, inputTokens, costUsd }) =>
        [k1, k2, requests, inputTokens, costUsd].join(' '),
      )
      expect({ SEED, step, by, told: new Set(told) }).toEqual({ SEED, step, by, told: await fromCalls(from, to, keys) })
      answers += told.length
    }
    const edges = [from, new Date(first + 20 * 24 * HOUR_MS)].filter((edge) => edge >= from && edge < to)
    const { buckets } = await usageByTime(db, { from, to, tenant: someone }, edges)
    for (const [index, edge] of edges.entries()) {
      const [whole] = await fromCalls(edge, edges[index + 1] ?? to, ['null', 'null'])
      const bucket = buckets.get(index)
      const text = bucket && ['', '', bucket.requests, bucket.inputTokens, bucket.costUsd].join(' ')
      expect({ SEED, step, edge, text }).toEqual({ SEED, step, edge, text: whole })
    }
  }
  await foldUsage(stores)
  while ((await sumUpUsage(stores)) > 0);
  for (let day = 0; day < DAYS; day += 10) {
    const window = { from: new Date(first + day * 24 * HOUR_MS), to: new Date(first + (day + 1) * 24 * HOUR_MS) }
    expect(await differencesOf(db, window)).toEqual([])
  }
  expect(answers).toBeGreaterThan(50)
}, 120_000)
