import { randomUUID } from 'node:crypto'
import { afterAll, expect, it } from 'vitest'
import { usageBy } from '@/db/postgres/queries/usage'
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
