import { randomUUID } from 'node:crypto'
import { rawSql } from '@/scripts/faults/raw-sql'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { createTenant } from '@/server/services/tenants/create-tenant'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { createWebhook } from '@/server/services/webhooks/create-webhook'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { CreateBudget } from './budgets.schema'
import { changeBudget } from './change-budget'
import { budgetChecker, usedUpBudgets } from './check-budgets'
import { createBudget } from './create-budget'
import { deleteBudget } from './delete-budget'
import { listBudgets } from './list-budgets'
import { previewBudget } from './preview-budget'
import { restoreBudget } from './restore-budget'
import { toldOfBudgets } from './told-of-budgets'
import { forecastBudgets, watchBudgets } from './watch-budgets'

const [stores, other] = [connectStores('worker'), connectStores('worker')]
const caller: Caller = { ...stores, actor: system }
const sql = rawSql(process.env.DATABASE_URL ?? '')
const run = randomUUID().slice(0, 8)
const now = new Date()
/** One million tokens of this model cost $0.15. */
const million = { provider: 'openai', model: 'gpt-4o-mini', inputTokens: 1_000_000, outputTokens: 0 }

type Call = Partial<typeof million> & { user?: string; prompt?: { name: string; version: number }; at?: Date }
async function report(tenant: string, calls: Call[], keyId: string | null = null) {
  const events = calls.map(({ at = new Date(), ...call }) => ({
    ...million,
    ...call,
    id: randomUUID(),
    tenant,
    occurredAt: at.toISOString(),
  }))
  const { reply } = await ingestUsage(stores, { key: { id: keyId, tenants: null, simulated: false }, events })
  expect(reply.rejected).toEqual([])
}

const none = { user: null, key: null, model: null, prompt: null, rollingDays: null }
const terms = { ...none, period: 'month', timezone: 'UTC', thresholds: [50, 100], enforcement: 'refuse' } as const
/** What a test set goes when it ends: every look counts all budgets. */
const made: string[] = []
afterEach(async () => {
  for (const id of made.splice(0)) await deleteBudget(caller, { id }).catch(gone)
})
const gone = (error: unknown) => expect(error).toMatchObject({ code: 'not_found' })

async function budgetOf(tenant: string, change: Partial<CreateBudget> = {}) {
  const input = CreateBudget.parse({ name: `${tenant} budget`, amountUsd: '1', tenant, ...terms, ...change })
  const { id } = await createBudget(caller, input)
  made.push(id)
  return id
}
async function tenantWith(name: string, calls: Call[] = []) {
  const tenant = `budget-${name}-${run}`
  await createTenant(caller, { slug: tenant })
  if (calls.length > 0) await report(tenant, calls)
  return tenant
}
const stateOf = async (tenant: string, id: string) =>
  (await listBudgets(stores, { tenant })).budgets.find((budget) => budget.id === id)
const alertsOf = (id: string) =>
  sql<{ kind: string; threshold: number }[]>`
    select kind, threshold from budget_alerts where budget_id = ${id} order by id`.then((rows) => [...rows])

beforeAll(() => stores.redis.ready())
afterAll(() => Promise.all([stores.close(), other.close(), sql.end()]))

describe('R7: what is spent is exact', () => {
  test('over sums, what is not folded yet, and every dimension', async () => {
    const tenant = await tenantWith('exact')
    const key = randomUUID()
    await report(tenant, [{ inputTokens: 1 }, { inputTokens: 3, user: 'u-1' }], key)
    await foldUsage(stores)
    await report(tenant, [{ inputTokens: 1_000_001, prompt: { name: `p-${run}`, version: 1 } }, { model: 'gpt-4o' }])
    await report(tenant, [{ provider: 'house', model: `unknown-${run}` }])
    const whole = await budgetOf(tenant)
    const parts = {
      user: await budgetOf(tenant, { user: 'u-1' }),
      key: await budgetOf(tenant, { key }),
      model: await budgetOf(tenant, { model: 'gpt-4o-mini' }),
      prompt: await budgetOf(tenant, { prompt: `p-${run}` }),
      rolling: await budgetOf(tenant, { period: 'rolling', rollingDays: 7, timezone: 'Asia/Kolkata' }),
    }
    // 1,000,005 tokens at $0.15 and a million at $2.50 per million.
    expect(await stateOf(tenant, whole)).toMatchObject({
      spentUsd: '2.65000075',
      unpriced: 1,
      requests: 5,
      percent: 265,
    })
    expect(await stateOf(tenant, parts.user)).toMatchObject({ spentUsd: '0.00000045', unpriced: 0, requests: 1 })
    expect(await stateOf(tenant, parts.key)).toMatchObject({ spentUsd: '0.0000006', requests: 2 })
    expect(await stateOf(tenant, parts.model)).toMatchObject({ spentUsd: '0.15000075', unpriced: 0 })
    expect(await stateOf(tenant, parts.prompt)).toMatchObject({ spentUsd: '0.15000015' })
    const rolling = await stateOf(tenant, parts.rolling)
    expect(rolling).toMatchObject({ spentUsd: '2.65000075', unpriced: 1 })
    expect(rolling?.course.at(-1)?.spentUsd).toBe('2.65000075')
  })

  test('a call of the period before is not in it, and the preview has it', async () => {
    const monthStart = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)
    const tenant = await tenantWith('before', [{ at: new Date(monthStart - 1) }, { at: new Date(monthStart) }])
    const id = await budgetOf(tenant, { amountUsd: '0.3' })
    expect(await stateOf(tenant, id)).toMatchObject({ spentUsd: '0.15', percent: 50, requests: 1 })
    const preview = await previewBudget(stores, { ...terms, thresholds: [50, 51], tenant, amountUsd: '0.3' })
    expect(preview).toMatchObject({ spentUsd: '0.15', to: new Date(monthStart).toISOString() })
    expect(preview.reached).toEqual([
      { threshold: 50, at: new Date(monthStart - 86_400_000).toISOString() },
      { threshold: 51, at: null },
    ])
  })
})

describe('what is told', () => {
  test('once per period and threshold by two workers at once, with audit row and webhook', async () => {
    const events = ['budget.threshold_reached', 'budget.exceeded'] as const
    const { id: hook } = await createWebhook(caller, { name: run, url: 'http://127.0.0.1:1/', events: [...events] })
    const tenant = await tenantWith('once', [{}])
    const id = await budgetOf(tenant, { amountUsd: '0.3', thresholds: [50, 100] })
    const both = () =>
      Promise.all([watchBudgets(stores), watchBudgets(other), watchBudgets(stores), watchBudgets(other)])
    await both()
    expect(await alertsOf(id)).toEqual([{ kind: 'threshold', threshold: 50 }])
    await report(tenant, [{}])
    await both()
    await both()
    expect(await alertsOf(id)).toEqual([50, 100].map((threshold) => ({ kind: 'threshold', threshold })))
    const audited = await sql`
      select actor_kind from audit where action = 'budgets.tell' and after ->> 'id' = ${id}`
    expect(audited.map(({ actor_kind }) => actor_kind)).toEqual(['system', 'system'])
    const sent = await sql`
      select event, payload -> 'data' ->> 'spentUsd' as spent from webhook_deliveries
      where webhook_id = ${hook} and payload -> 'data' ->> 'budget' = ${id} order by id`
    expect([...sent]).toEqual([
      { event: 'budget.threshold_reached', spent: '0.15' },
      { event: 'budget.exceeded', spent: '0.3' },
    ])
  })

  test('again in the next period, and with another amount', async () => {
    const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
    const tenant = await tenantWith('again', [{ at: new Date(midnight) }, { at: new Date(midnight - 86_400_000) }])
    const id = await budgetOf(tenant, { amountUsd: '0.1', thresholds: [100], period: 'day' })
    for (const ms of [midnight - 3_600_000, midnight - 1_000, midnight + 1_000, midnight + 2_000])
      await watchBudgets(stores, new Date(ms))
    expect(await alertsOf(id)).toHaveLength(2)
    await changeBudget(caller, { id, name: 'again', amountUsd: '0.15', thresholds: [100], enforcement: 'tell' })
    await watchBudgets(stores, new Date(midnight + 3_000))
    expect(await alertsOf(id)).toHaveLength(3)
  })

  test('a rolling budget is told of once in as many days as it is long', async () => {
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000)
    const tenant = await tenantWith('rolling', [{ at: ago(2.5) }])
    const id = await budgetOf(tenant, { amountUsd: '0.1', thresholds: [100], period: 'rolling', rollingDays: 3 })
    for (const days of [2, 1, 0]) await watchBudgets(stores, ago(days))
    expect(await alertsOf(id)).toHaveLength(1)
  })

  test('that it will be used up, before it is', async () => {
    const daily = [1, 2, 3, 4, 5, 6].map((ago) => ({ at: new Date(Date.now() - ago * 86_400_000) }))
    const tenant = await tenantWith('early', daily)
    const id = await budgetOf(tenant, { amountUsd: '3', period: 'rolling', rollingDays: 30, thresholds: [100] })
    await forecastBudgets(stores)
    await forecastBudgets(other)
    expect(await alertsOf(id)).toEqual([{ kind: 'forecast', threshold: 100 }])
    const [alert] = (await stateOf(tenant, id))?.alerts ?? []
    expect(Date.parse(alert?.exhaustedAt ?? '')).toBeGreaterThan(Date.now())
    const mine = async () => (await toldOfBudgets(stores, { tenant })).filter((told) => told.id === id)
    expect(await mine()).toMatchObject([{ exhaustedAt: alert?.exhaustedAt }])
    await report(
      tenant,
      Array.from({ length: 15 }, () => ({})),
    )
    await watchBudgets(stores)
    expect(await mine()).toMatchObject([{ exhaustedAt: null }])
  })
})

test('a deleted budget is told of no more, until that is undone', async () => {
  const tenant = await tenantWith('undo', [{}])
  const id = await budgetOf(tenant, { amountUsd: '0.15', thresholds: [100] })
  await deleteBudget(caller, { id })
  await watchBudgets(stores)
  expect(await alertsOf(id)).toEqual([])
  expect(await stateOf(tenant, id)).toBeUndefined()
  await restoreBudget(caller, { id })
  await expect(restoreBudget(caller, { id })).rejects.toMatchObject({ code: 'not_found' })
  await watchBudgets(stores)
  expect(await alertsOf(id)).toHaveLength(1)
})

test('who asks is refused once a budget that refuses is used up, and sees no budget beyond its tenants', async () => {
  const tenant = await tenantWith('check', [{}])
  const own = { id: randomUUID(), tenants: [tenant] }
  const full = await budgetOf(tenant, { amountUsd: '0.15', model: 'gpt-4o-mini' })
  const everyone = (
    await createBudget(caller, { ...terms, name: run, tenant: null, amountUsd: '999999999', thresholds: [100] })
  ).id
  await watchBudgets(stores)
  const check = budgetChecker(stores)
  const asked = await check(own, { tenant, model: 'gpt-4o-mini' })
  expect(asked.allowed).toBe(false)
  expect(asked.budgets).toContainEqual(expect.objectContaining({ id: full, state: 'used_up', spentUsd: '0.15' }))
  expect(asked.budgets).toContainEqual(
    expect.objectContaining({ id: everyone, state: 'within', amountUsd: null, spentUsd: null, unpriced: null }),
  )
  const elsewhere = await check(own, { tenant, model: 'gpt-4o' })
  expect(elsewhere.budgets.map(({ id }) => id)).not.toContain(full)
  const nextMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  expect((await check(own, { tenant, model: 'gpt-4o-mini' }, nextMonth)).allowed).toBe(true)
  await deleteBudget(caller, { id: everyone })

  const usedUp = usedUpBudgets(stores)
  expect(
    (
      await usedUp(own, [
        { tenant, model: 'gpt-4o' },
        { tenant, model: 'gpt-4o-mini' },
      ])
    ).map(({ id }) => id),
  ).toEqual([full])
  expect(await usedUp(own, [{ tenant, model: 'gpt-4o' }])).toEqual([])
})

test('budgets go with their tenant', async () => {
  const tenant = await tenantWith('erased', [{}])
  await budgetOf(tenant)
  await watchBudgets(stores)
  expect(await eraseTenant(caller, { slug: tenant })).toMatchObject({
    redis: { budgets: 1 },
    postgres: { budgets: 1 },
    verified: true,
  })
})

test.each([
  ['amountUsd', { amountUsd: '1,50' }],
  ['amountUsd', { amountUsd: '0.00' }],
  ['amountUsd', { amountUsd: '-1' }],
  ['thresholds', { thresholds: [] }],
  ['prompt', { model: 'm', prompt: 'p' }],
  ['tenant', { tenant: null, user: 'u' }],
  ['rollingDays', { period: 'rolling' }],
  ['rollingDays', { period: 'rolling', rollingDays: 32, key: randomUUID() }],
  ['timezone', { timezone: 'Mars/Base' }],
  ['name', { name: 'a\0b' }],
])('R13: bad input names %s', (field, change) => {
  const { error } = CreateBudget.safeParse({ name: 'n', amountUsd: '1', tenant: 'acme', ...terms, ...change })
  expect(error?.issues.map(({ path }) => path[0])).toContain(field)
})
