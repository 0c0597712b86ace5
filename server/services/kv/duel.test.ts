import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { keys } from '@/db/redis/keys'
import { scanKeys } from '@/db/redis/scan'
import { selectDuels } from '@/db/postgres/queries/kv-duels'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { StartDuel } from './kv.schema'
import { runDuels } from './run-duels'
import { markProduction, startDuel, stopDuel } from './start-duel'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const duel = StartDuel.parse({ against: 'unlogged', operations: 500, clients: 4 })

beforeAll(() => stores.redis.ready())
beforeEach(async () => {
  await markProduction(caller, { store: 'redis', production: false })
  // One duel at a time: one that another file left open must have ended.
  await stores.db.execute(`update kv_duels set state = 'stopped', ended_at = now() where ended_at is null`)
})
afterAll(async () => {
  await markProduction(caller, { store: 'redis', production: false })
  await stores.close()
})

const newest = async (id: string) => (await selectDuels(stores.db)).find((one) => one.id === id)

it('asks both sides the same, tells what each carried, and leaves nothing behind', async () => {
  const { id } = await startDuel(caller, duel)
  await expect(startDuel(caller, duel)).rejects.toMatchObject({ code: 'conflict' })
  await runDuels(stores)
  const { state, done, sides } = (await newest(id)) ?? {}
  expect({ state, done }).toEqual({ state: 'done', done: 1_000 })
  expect(sides?.map(({ store, operations }) => [store, operations])).toEqual([['redis', 500], ['unlogged', 500]]) // prettier-ignore
  for (const { perSecond, p50Ms, p99Ms } of sides ?? []) {
    expect(perSecond).toBeGreaterThan(0)
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms)
  }
  for await (const left of scanKeys(stores.redis, keys.kvOfNamespace(`engram-duel-${id}`))) expect(left).toEqual([])
  const rows = await stores.db.execute(`select 1 from kv_unlogged where namespace = 'engram-duel-${id}'`)
  expect(rows.length).toBe(0)
})

it('is stopped in the middle', async () => {
  const { id } = await startDuel(caller, { ...duel, operations: 20_000 })
  const running = runDuels(stores)
  await expect.poll(async () => (await newest(id))?.done, { timeout: 10_000 }).toBeGreaterThan(0)
  await stopDuel(caller, { id })
  const stopped = performance.now()
  await running
  expect(performance.now() - stopped).toBeLessThan(5_000)
  expect(await newest(id)).toMatchObject({ state: 'stopped', sides: [] })
  await expect(stopDuel(caller, { id })).rejects.toMatchObject({ code: 'not_found' })
})

it('against stores that serve production it wants their names', async () => {
  await markProduction(caller, { store: 'redis', production: true })
  await expect(startDuel(caller, duel)).rejects.toMatchObject({ code: 'forbidden', field: 'production' })
  await expect(startDuel(caller, { ...duel, production: 'postgres' })).rejects.toMatchObject({ code: 'forbidden' })
  const { id } = await startDuel(caller, { ...duel, production: 'redis' })
  await stopDuel(caller, { id })
  await runDuels(stores)
  await sleep(10)
  expect((await newest(id))?.state).toBe('stopped')
})
