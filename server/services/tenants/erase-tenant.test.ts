import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { differencesIn } from '@/server/services/usage/checks/check-usage'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { sumUpUsage } from '@/server/worker/jobs/sum-up-usage'
import { eraseTenant } from './erase-tenant'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const tenant = `erased-${randomUUID().slice(0, 8)}`
const key = { id: null, tenants: null, simulated: false }
/** Hours that no other test writes to. */
const start = Date.UTC(2022, 9, 1) + randomInt(20) * 24 * 3_600_000
const window = { from: new Date(start), to: new Date(start + 3 * 3_600_000) }
const ROUNDS = 12

beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const report = () => {
  const events = Array.from({ length: 40 }, () => ({
    id: randomUUID(),
    tenant,
    user: `u-${randomInt(5)}`,
    provider: 'openai',
    model: 'gpt-4o-mini',
    inputTokens: randomInt(1_000),
    outputTokens: 1,
    occurredAt: new Date(start + randomInt(3 * 3_600_000)).toISOString(),
  }))
  return ingestUsage(stores, { key, events })
}

it('R7: what is erased while it is being reported and folded goes with all its sums, or stays with them', async () => {
  let going = true
  const until = async (work: () => Promise<unknown>) => {
    while (going) await work()
  }
  await report()
  const others = [until(report), until(report), until(() => foldUsage(stores)), until(() => sumUpUsage(stores))]
  for (let round = 0; round < ROUNDS; round++) {
    await report()
    await eraseTenant(caller, { slug: tenant })
  }
  going = false
  await Promise.all(others)
  expect(await differencesIn(stores, window)).toEqual([])

  await foldUsage(stores)
  const { postgres } = await eraseTenant(caller, { slug: tenant })
  expect(postgres.llmUsage).toBeGreaterThan(0)
  expect(await differencesIn(stores, window)).toEqual([])
}, 120_000)
