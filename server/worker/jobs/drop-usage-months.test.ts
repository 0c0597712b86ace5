import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { monthsBeyond, NOTICE_DAYS } from '@/server/services/usage/retention.schema'
import { setRetention } from '@/server/services/usage/set-retention'
import { summariseUsage } from '@/server/services/usage/summarise-usage'
import { usageRetention } from '@/server/services/usage/usage-retention'
import { dropUsageMonths } from './drop-usage-months'
import { foldUsage } from './fold-usage'
import { sumUpUsage } from './sum-up-usage'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const tenant = `retention-${randomUUID().slice(0, 8)}`
const key = { id: null, tenants: null, simulated: false }
/** The first month that is taken at all: no other test writes to it, and no other is older than all that is kept. */
const MONTH = '2020-01'
const ALL_BUT_IT = monthsSince(new Date('2020-02-01'))
const events = ['a', 'b'].map((id) => ({
  id,
  tenant,
  provider: 'openai',
  model: 'gpt-4o-mini',
  inputTokens: 10,
  outputTokens: 1,
  occurredAt: `${MONTH}-11T10:00:00Z`,
}))
const report = (list = events) => ingestUsage(stores, { key, events: list })
const month = async () => (await usageRetention(stores)).months.find((one) => nameOf(one) === MONTH)
const nameOf = ({ month: at }: { month: number }) => new Date(at).toISOString().slice(0, 7)
function monthsSince(start: Date) {
  const now = new Date()
  return (now.getUTCFullYear() - start.getUTCFullYear()) * 12 + now.getUTCMonth() - start.getUTCMonth()
}
const days = (n: number) => new Date(Date.now() + n * 24 * 3_600_000)
const totals = async () =>
  (await summariseUsage(stores, { tenant, from: new Date('2020-01-01'), to: new Date('2020-02-01'), timezone: 'UTC' }))
    .totals

beforeAll(() => setRetention(caller, { keepMonths: null }))
afterAll(async () => {
  await setRetention(caller, { keepMonths: 13 })
  await stores.close()
})

describe('raw calls are dropped by the month', () => {
  it('announced first, called off when they are kept after all, gone after the notice; figures stay', async () => {
    await report()
    await dropUsageMonths(stores)
    expect(await month()).toMatchObject({ dueAt: null, droppedAt: null })

    await setRetention(caller, { keepMonths: ALL_BUT_IT })
    const announced = await month()
    expect(announced).toMatchObject({ droppedAt: null })
    expect(announced?.dueAt).toBeGreaterThan(days(NOTICE_DAYS - 0.1).getTime())
    await dropUsageMonths(stores, days(NOTICE_DAYS - 1))
    expect(await month()).toMatchObject({ droppedAt: null })
    await setRetention(caller, { keepMonths: null })
    expect(await month()).toMatchObject({ dueAt: null })

    await setRetention(caller, { keepMonths: ALL_BUT_IT })
    const before = await totals()
    expect(before).toMatchObject({ requests: 2 })
    // Calls that are not in all the sums yet keep their month.
    expect(await dropUsageMonths(stores, days(NOTICE_DAYS + 1))).toBe(0)
    expect(await month()).toMatchObject({ droppedAt: null })
    await foldUsage(stores)
    await sumUpUsage(stores)
    expect(await dropUsageMonths(stores, days(NOTICE_DAYS + 1))).toBeGreaterThanOrEqual(1)
    expect(await month()).toMatchObject({ rows: 2, droppedAt: expect.any(Number) as number })
    expect(await totals()).toEqual(before)
  })

  it('R6: a call of a dropped month, sent again or new, is refused by its field and counts nowhere', async () => {
    const before = await totals()
    const { reply } = await report([...events, { ...events[0], id: 'c' } as (typeof events)[number]])
    expect(reply).toMatchObject({ accepted: 0, duplicates: 0 })
    expect(reply.rejected).toHaveLength(3)
    for (const refused of reply.rejected) expect(refused).toMatchObject({ code: 'bad_request', field: 'occurredAt' })
    expect(await totals()).toEqual(before)
    await dropUsageMonths(stores, days(NOTICE_DAYS + 1))
    expect(await month()).toMatchObject({ rows: 2 })
  })
})

it('keeps whole months beside the one that runs, and all of them where nothing is said', () => {
  const months = ['2026-01', '2025-12', '2025-11'].map((name) => {
    const start = new Date(`${name}-01T00:00:00Z`)
    return { name, until: Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1), droppedAt: null }
  })
  const beyond = (keep: number | null) =>
    monthsBeyond(months, keep, new Date('2026-02-28T23:59:59Z')).map((m) => m.name)
  expect(beyond(1)).toEqual(['2025-12', '2025-11'])
  expect(beyond(2)).toEqual(['2025-11'])
  expect(beyond(13)).toEqual([])
  expect(beyond(null)).toEqual([])
})
