import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selectDeliveries } from '@/db/postgres/queries/webhook-deliveries'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { createWebhook } from '@/server/services/webhooks/create-webhook'
import { deleteWebhook } from '@/server/services/webhooks/delete-webhook'
import { summariesOfDays } from './summaries-of-days'
import { tellOfDay } from './tell-of-day'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const tenant = `days-${randomUUID().slice(0, 8)}`
const key = { id: null, tenants: null, simulated: false }
/** Berlin's clocks went back on the 26th of October 2025: that day has 25 hours. */
const now = new Date('2025-10-28T09:00:00Z')
const timezone = 'Europe/Berlin'

/** A million tokens of gpt-4o-mini cost 0.15 in and 0.60 out. */
const call = (occurredAt: string, model: string, inputTokens: number) => ({
  id: randomUUID(),
  tenant,
  provider: 'openai',
  model,
  inputTokens,
  outputTokens: 0,
  occurredAt,
})

beforeAll(async () => {
  await ingestUsage(stores, {
    key,
    events: [
      call('2025-10-25T21:59:59Z', 'gpt-4o-mini', 1_000_000),
      call('2025-10-25T22:00:00Z', 'gpt-4o-mini', 2_000_000),
      call('2025-10-26T22:59:59Z', 'gpt-4o', 60_000),
    ],
  })
  await foldUsage(stores)
  await ingestUsage(stores, { key, events: [call('2025-10-28T08:00:00Z', 'gpt-4o', 1)] })
})
afterAll(() => stores.close())

describe('the last days', () => {
  it('are those of the zone, each beside the day before, the one that runs beside none', async () => {
    const { days } = await summariesOfDays(stores, { tenant, timezone }, now, 4)
    expect(days.map(({ day, requests, costUsd, change, whole }) => [day, requests, costUsd, change, whole])).toEqual([
      ['2025-10-28', 1, '0.0000025', null, false],
      ['2025-10-27', 0, '0', -1, true],
      ['2025-10-26', 2, '0.45', 2, true],
      ['2025-10-25', 1, '0.15', null, true],
    ])
  })

  it('name the dearest model, and the dearest tenant where all are looked at', async () => {
    const { days } = await summariesOfDays(stores, { tenant, timezone }, now, 4)
    expect(days.map(({ dearestModel }) => dearestModel?.key ?? null)).toEqual([
      'gpt-4o',
      null,
      'gpt-4o-mini',
      'gpt-4o-mini',
    ])
    expect(days.every(({ dearestTenant }) => dearestTenant === null)).toBe(true)
    const all = await summariesOfDays(stores, { tenant: null, timezone }, now, 4)
    // Other tests may have spent more on that day, never less.
    const dearest = all.days.find(({ day }) => day === '2025-10-26')?.dearestTenant
    expect(Number(dearest?.costUsd)).toBeGreaterThanOrEqual(0.45)
  })
})

describe('webhooks', () => {
  it('are told of the day that ended, once, by two workers at once', async () => {
    // A day of its own each time: it can be told once only.
    const day = new Date(Date.UTC(2021, 0, 1 + randomInt(360), 0, 10, 1))
    await ingestUsage(stores, { key, events: [call(new Date(day.getTime() - 3_600_000).toISOString(), 'gpt-4o', 1)] })
    const name = `days ${randomUUID()}`
    const { id } = await createWebhook(caller, {
      name,
      url: 'http://127.0.0.1:9/',
      events: ['usage.day_ended'],
    })
    const told = await Promise.all([tellOfDay(stores, day), tellOfDay(stores, day), tellOfDay(stores, day)])
    expect(told.filter(Boolean)).toHaveLength(1)
    expect(await tellOfDay(stores, day)).toBe(false)
    const deliveries = (await selectDeliveries(stores.db, { limit: 50 })).filter(({ webhook }) => webhook === name)
    expect(deliveries).toHaveLength(1)
    await deleteWebhook(caller, { id })
  })

  it('are not told before the stragglers of the day had ten minutes', async () => {
    expect(await tellOfDay(stores, new Date('2025-10-26T00:05:00Z'))).toBe(false)
  })
})
