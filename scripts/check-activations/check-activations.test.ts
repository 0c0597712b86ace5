import { afterAll, beforeAll, expect, it } from 'vitest'
import { actDirectly } from '@/scripts/check-staleness/acts'
import { system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { carelessWriter } from './careless'
import { checkActivations } from './run'

/** A short run of `npm run check:activations`, over the services themselves. */
const stores = connectStores('console')
const caller = { ...stores, actor: system }
const databaseUrl = process.env.DATABASE_URL ?? ''
const short = { databaseUrl, caller, clients: 8, each: 15, prompts: 2, seed: 1 }

beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

it('R1 R3: many clients, one active version at every instant, no gaps, history and audit alike, losers get 409', async () => {
  const verdict = await checkActivations({ ...short, act: () => actDirectly(caller) })
  expect(verdict.faults).toEqual([])
  expect(verdict.acknowledged + verdict.refused).toBe(8 * 15)
  expect(verdict.acknowledged).toBeGreaterThan(15)
  expect(verdict.refused).toBeGreaterThan(15)
  expect(verdict.snapshots).toBeGreaterThan(5)
}, 60_000)

it('R1 R3: the check catches a pointer that is moved without compare-and-swap', async () => {
  const writers = Array.from({ length: short.clients }, () => carelessWriter(databaseUrl))
  const { faults } = await checkActivations({ ...short, act: (client) => writers[client]?.act ?? actDirectly(caller) })
  await Promise.all(writers.map(({ close }) => close()))
  expect(faults.some((fault) => fault.includes('the version before'))).toBe(true)
}, 60_000)
