import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { connectStores } from '@/server/services/stores'
import { checkUsage, differencesIn } from './check-usage'
import { checksOfUsage } from './usage-checks'

const stores = connectStores('worker')
/** Hours that no other test writes to. */
const start = Date.UTC(2022, 5, 1) + randomInt(600) * 3_600_000

beforeAll(async () => {
  const events = Array.from({ length: 50 }, (_, n) => ({
    id: randomUUID(),
    tenant: `check-usage-${n % 3}`,
    user: n % 4 ? `u-${n % 4}` : undefined,
    provider: 'openai',
    model: 'gpt-4o-mini',
    inputTokens: n,
    outputTokens: 3,
    occurredAt: new Date(start + n * 150_000).toISOString(),
  }))
  await ingestUsage(stores, { key: { id: null, tenants: null, simulated: false }, events })
})
afterAll(() => stores.close())

it('R7: the parts of every breakdown and the days of three zones make the whole', async () => {
  const window = { from: new Date(start), to: new Date(start + 3 * 3_600_000) }
  expect(await differencesIn(stores, window)).toEqual([])
})

it('writes down what it looked at, newest first', async () => {
  const outcome = await checkUsage(stores)
  const { newest, day, rules } = await checksOfUsage(stores)
  expect(newest).toMatchObject({ from: outcome?.from.toISOString(), to: outcome?.to.toISOString() })
  expect(day.checks).toBeGreaterThanOrEqual(1)
  expect(rules).toHaveLength(13)
})
