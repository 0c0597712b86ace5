import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { forgetCounter, readCounters } from '@/db/redis/budgets'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { createTenant } from '@/server/services/tenants/create-tenant'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { ingestUsage, type Recorded } from '@/server/services/usage/ingest-usage'
import { budgetAdder } from './add-to-budgets'
import { CreateBudget } from './budgets.schema'
import { budgetChecker, usedUpBudgets } from './check-budgets'
import { createBudget } from './create-budget'
import { deleteBudget } from './delete-budget'
import { listBudgets } from './list-budgets'
import { reconcileNow } from './reconcile-now'
import { picoOf } from './spent'
import { watchBudgets } from './watch-budgets'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const run = randomUUID().slice(0, 8)
const key = { id: null, tenants: null, simulated: false }
/** As it is while Redis does not answer. */
const withoutRedis = { ...stores, redis: { ...stores.redis, healthy: () => false } }

beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())
const made: { id: string; tenant: string }[] = []
afterEach(async () => {
  for (const { id } of made.splice(0)) await deleteBudget(caller, { id }).catch(() => {})
})

const terms = {
  ...{ user: null, key: null, model: null, prompt: null, rollingDays: null },
  ...{ period: 'month', timezone: 'UTC', thresholds: [100], enforcement: 'refuse' },
} as const

async function budgetOf(name: string, change: Partial<CreateBudget> = {}) {
  const tenant = `counter-${name}-${run}`
  await createTenant(caller, { slug: tenant })
  const input = CreateBudget.parse({ name: tenant, amountUsd: '1', tenant, ...terms, ...change })
  const budget = { tenant, ...(await createBudget(caller, input)) }
  made.push(budget)
  return budget
}

/** `thousands` of tokens of a model that costs $0.15 per million. */
const call = (tenant: string, thousands: number, id = randomUUID()) => ({
  ...{ id, tenant, provider: 'openai', model: 'gpt-4o-mini', outputTokens: 0 },
  inputTokens: thousands * 1_000,
  occurredAt: new Date(Date.now() - 1_000).toISOString(),
})
const report = (events: unknown[]) => ingestUsage(stores, { key, events })
const counterOf = async (budget: { id: string; tenant: string }) => (await readCounters(stores.redis, [budget]))[0]
const listed = async ({ id, tenant }: { id: string; tenant: string }) =>
  (await listBudgets(stores, { tenant })).budgets.find((one) => one.id === id)
const asked = (tenant: string) => [{ tenant, model: 'gpt-4o-mini' }]

describe('R7: the counter that decides equals the ledger', () => {
  type Step = { do: 'report' | 'again' | 'add' | 'lose' | 'forget' | 'reconcile'; thousands: number; at: number }
  const step: fc.Arbitrary<Step> = fc.record({
    do: fc.constantFrom('report', 'report', 'again', 'add', 'add', 'lose', 'forget', 'reconcile', 'reconcile'),
    thousands: fc.integer({ min: 1, max: 500 }),
    at: fc.nat(100),
  })

  it('after it is reconciled, however reports, repeats, late and lost additions and a lost counter are mixed', async () => {
    let n = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
        const budget = await budgetOf(`mixed-${++n}`, n % 2 ? {} : { period: 'rolling', rollingDays: 3 })
        // As gateways have them, which read again each second.
        const add = budgetAdder(stores)
        const events: ReturnType<typeof call>[] = []
        const waiting: Recorded[] = []
        // Whole while nothing was lost since a count: then the counter is right without another one.
        let [ledger, whole] = [0n, false]
        const priceOf = ({ accepted }: Recorded) =>
          accepted.reduce((sum, { costUsd }) => sum + picoOf(costUsd ?? '0'), 0n)
        for (const { do: what, thousands, at } of steps) {
          const event = what === 'report' ? call(budget.tenant, thousands) : events[at % events.length]
          const other = waiting.length > 0 ? waiting.splice(at % waiting.length, 1)[0] : undefined
          if (other && (what === 'add' || what === 'lose')) {
            if (what === 'add') await add(null, other)
            else whole = false
          } else if (other) waiting.push(other)
          if (event && (what === 'report' || what === 'again')) {
            const recorded = await report([event, event])
            expect(recorded.accepted).toHaveLength(what === 'report' ? 1 : 0)
            events.push(event)
            ledger += priceOf(recorded)
            waiting.push(recorded)
          }
          if (what === 'forget') {
            await forgetCounter(stores.redis, budget)
            whole = false
          }
          if (what === 'reconcile') {
            await reconcileNow(caller, budget)
            // What waits to be added is in the ledger already, and is not added once more when it comes.
            expect((await counterOf(budget))?.pico).toBe(ledger)
            whole = true
          }
        }
        for (const one of waiting) await add(null, one)
        if (whole) expect((await counterOf(budget))?.pico).toBe(ledger)
        await reconcileNow(caller, budget)
        expect((await counterOf(budget))?.pico).toBe(ledger)
      }),
      { numRuns: 6 },
    )
  }, 60_000)

  it('an addition by a transaction that the count did not see is kept, and one that it saw is not repeated', async () => {
    const budget = await budgetOf('unseen')
    await reconcileNow(caller, budget)
    const add = budgetAdder(stores)
    const early = await report([call(budget.tenant, 1_000)])
    expect(early.transaction).not.toBe(null)
    // One that will commit later than every count of today.
    await add(null, { ...early, transaction: String(Number(early.transaction) + 1_000_000) })
    expect((await counterOf(budget))?.pico).toBe(picoOf('0.15'))
    await reconcileNow(caller, budget)
    expect((await counterOf(budget))?.pico).toBe(picoOf('0.3'))
    await add(null, early)
    expect((await counterOf(budget))?.pico).toBe(picoOf('0.3'))
  })
})

describe('what decides', () => {
  it('is the counter, at once when a report uses the budget up; a report sent again adds nothing', async () => {
    const budget = await budgetOf('at-once', { amountUsd: '0.3' })
    await watchBudgets(stores)
    const [add, usedUp] = [budgetAdder(stores), usedUpBudgets(stores)]
    const event = call(budget.tenant, 1_000)
    expect(await add(null, await report([event]))).toEqual([])
    expect(await add(null, await report([event]))).toEqual([])
    expect((await counterOf(budget))?.pico).toBe(picoOf('0.15'))
    expect(await usedUp(key, asked(budget.tenant))).toEqual([])
    expect(await add(null, await report([call(budget.tenant, 1_000)]))).toEqual([
      { id: budget.id, name: budget.tenant },
    ])
    expect(await usedUp(key, asked(budget.tenant))).toEqual([{ id: budget.id, name: budget.tenant }])
    const { budgets, allowed } = await budgetChecker(stores)(
      { id: randomUUID(), tenants: null },
      { tenant: budget.tenant, model: 'gpt-4o-mini' },
    )
    expect(allowed).toBe(false)
    expect(budgets).toContainEqual(expect.objectContaining({ id: budget.id, spentUsd: '0.3', countedBy: 'redis' }))
  })

  it('R5: is what the worker counted while Redis does not answer or has lost the counter', async () => {
    const budget = await budgetOf('without', { amountUsd: '0.15' })
    await report([call(budget.tenant, 1_000)])
    await watchBudgets(withoutRedis)
    expect((await listed(budget))?.counter).toMatchObject({ found: 'unreachable', decides: { by: 'postgres' } })
    const name = [{ id: budget.id, name: budget.tenant }]
    expect(await usedUpBudgets(withoutRedis)(key, asked(budget.tenant))).toEqual(name)
    await watchBudgets(stores)
    await forgetCounter(stores.redis, budget)
    expect(await usedUpBudgets(stores)(key, asked(budget.tenant))).toEqual(name)
  })
})

describe('drift', () => {
  it('is shown with its history, and gone with the next count', async () => {
    const budget = await budgetOf('drift', { amountUsd: '10' })
    expect((await listed(budget))?.counter).toBe(null)
    await watchBudgets(stores)
    expect((await listed(budget))?.counter).toMatchObject({ found: 'begun', driftUsd: null, history: [] })
    // Committed, and never added: as when a gateway is killed in between.
    await report([call(budget.tenant, 1_000)])
    expect(await reconcileNow(caller, budget)).toEqual({ counter: 'off', driftUsd: '-0.15', ledgerUsd: '0.15' })
    expect((await listed(budget))?.counter).toMatchObject({
      decides: { by: 'redis', spentUsd: '0.15' },
      ...{ found: 'off', driftUsd: '-0.15', driftShare: -0.015 },
      history: [{ found: 'off', driftUsd: '-0.15' }],
    })
    await forgetCounter(stores.redis, budget)
    await watchBudgets(stores)
    await watchBudgets(stores)
    const counter = (await listed(budget))?.counter
    expect(counter).toMatchObject({ found: 'right', driftUsd: '0' })
    expect(counter?.history.map(({ found }) => found)).toEqual(['lost', 'off'])
  })

  it('goes with the budget, and no counter stays behind', async () => {
    const budget = await budgetOf('erased')
    await report([call(budget.tenant, 1)])
    await watchBudgets(stores)
    expect(await eraseTenant(caller, { slug: budget.tenant })).toMatchObject({ redis: { budgets: 1 }, verified: true })
    await budgetAdder(stores)(null, { ...(await report([call(budget.tenant, 1)])) })
    expect(await counterOf(budget)).toBe(null)
    await eraseTenant(caller, { slug: budget.tenant })
  })

  it('R13: a budget that only tells has no counter to reconcile', async () => {
    const budget = await budgetOf('tells', { enforcement: 'tell' })
    await expect(reconcileNow(caller, budget)).rejects.toMatchObject({ code: 'bad_request' })
    await expect(reconcileNow(caller, { id: randomUUID() })).rejects.toMatchObject({ code: 'not_found' })
  })
})
