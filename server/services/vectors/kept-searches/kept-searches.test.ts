import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SLOTS } from '@/db/postgres/queries/vectors-kept-searches'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { pruneMemory } from '@/server/worker/jobs/memory'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { measureRecall } from '@/server/services/vectors/measure-recall'
import { forgetPartition } from '@/server/services/vectors/partitions'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import { searchMemory } from '@/server/services/vectors/search-memory'
import {
  distanceInJs,
  itemsOf,
  MODEL,
  newTenant,
  randomOf,
  remember,
  sql,
  testStores,
  wholeVector,
} from '@/server/services/vectors/test-memory'
import { vectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'
import { keptSearches } from './kept-searches'
import { searchKeeper } from './search-keeper'
import { setKeeping } from './set-keeping'

const stores = testStores()
beforeAll(() => stores.redis.ready())
afterAll(async () => {
  await setKeeping(stores, { keep: false })
  await stores.close()
})

const DIMENSIONS = 8
const random = randomOf(57)
const vector = () => wholeVector(random, DIMENSIONS)
const MINUTE_MS = 60_000
/** Long ago, so that nothing of other tests is old. */
const KEPT_AT = Date.UTC(2021, 0, 1)

/** A process whose minutes pass when the test says so. */
function keeperOf(draw?: () => number) {
  let now = KEPT_AT
  const keeper = searchKeeper(stores, { now: () => now, random: draw })
  const pass = () => void (now += MINUTE_MS)
  return { ...keeper, pass, minute: () => (pass(), keeper.flush()) }
}
type Keeper = ReturnType<typeof keeperOf>

async function tenantOf(rows: number) {
  const tenant = newTenant()
  const items = itemsOf(Array.from({ length: rows }, vector))
  await remember(stores, tenant, items)
  return { tenant, items }
}

async function ask(keeper: Keeper, tenant: string, embedding: number[], kind?: string) {
  // The setting is a second old at the most; here it is asked for anew.
  forgetPartition(stores, tenant)
  await searchMemory(stores, { tenant, search: { embedding, k: 3, kind }, keeper })
}

const rowsOf = (tenant: string) =>
  stores.db.execute<{ slot: number; model: string; kind: string | null; embedding: string }>(
    sql`select slot, model, kind, embedding::text as embedding from memory_searches where tenant = ${tenant} order by at limit 200`,
  )

describe('real searches', () => {
  beforeEach(() => setKeeping(stores, { keep: true }))

  it('are not kept before somebody allows it, and are deleted once somebody forbids it', async () => {
    await setKeeping(stores, { keep: false })
    const keeper = keeperOf()
    const { tenant } = await tenantOf(5)
    await ask(keeper, tenant, vector())
    await keeper.minute()
    expect(await rowsOf(tenant)).toHaveLength(0)

    await setKeeping(stores, { keep: true })
    const asked = vector()
    await ask(keeper, tenant, asked, 'note')
    await keeper.minute()
    expect([...(await rowsOf(tenant))]).toEqual([
      { slot: expect.any(Number), model: MODEL, kind: 'note', embedding: `[${asked.join()}]` },
    ])
    const { searches, tenants, bytes, most } = await keptSearches(stores)
    expect(Math.min(searches, tenants, bytes)).toBeGreaterThan(0)
    expect(most).toBe(SLOTS)

    // What was drawn before is not written down after.
    await ask(keeper, tenant, vector())
    expect((await setKeeping(stores, { keep: false })).deleted).toBeGreaterThan(0)
    await keeper.minute()
    expect(await rowsOf(tenant)).toHaveLength(0)
  })

  it('are drawn one a minute, each as likely as the others, and newer ones take the slots of older ones', async () => {
    const { tenant } = await tenantOf(1)
    let draws: number[] = []
    const keeper = keeperOf(() => draws.shift() ?? 0.999)
    const say = (n: number) => keeper.note(tenant, { embedding: [n, ...vector().slice(1)], model: MODEL })
    // Of the second search the first draw decides, of the third the second: below 1/2 and 1/3 they stay.
    draws = [0.49, 0.34]
    for (const n of [101, 102, 103]) say(n)
    draws.push(0)
    await keeper.minute()
    draws = [0.51, 0.33]
    for (const n of [101, 102, 103]) say(n)
    draws.push(0.01)
    await keeper.minute()
    const kept = async () =>
      [...(await rowsOf(tenant))].map(({ slot, embedding }) => [slot, parseInt(embedding.slice(1))])
    expect(await kept()).toEqual([
      [0, 102],
      [1, 103],
    ])
    say(104)
    draws = [0]
    await keeper.minute()
    expect(await kept()).toEqual([
      [1, 103],
      [0, 104],
    ])
    // A minute that ends between two searches loses nothing of a tenant that is searched all the time.
    draws = [0.5]
    say(105)
    keeper.pass()
    say(106)
    await keeper.flush()
    expect(await kept()).toContainEqual([SLOTS / 2, 105])
  })

  it('are forgotten after thirty days', async () => {
    const { tenant } = await tenantOf(1)
    const keeper = keeperOf(() => 0.5)
    keeper.note(tenant, { embedding: vector(), model: MODEL })
    await keeper.minute()
    const day = (n: number) => KEPT_AT + n * 24 * 60 * MINUTE_MS
    await pruneMemory(stores, day(29))
    expect(await rowsOf(tenant)).toHaveLength(1)
    await pruneMemory(stores, day(31))
    expect(await rowsOf(tenant)).toHaveLength(0)
  })

  it('of another model than the tenant has now are not kept', async () => {
    const { tenant } = await tenantOf(1)
    const keeper = keeperOf()
    keeper.note(tenant, { embedding: vector(), model: 'another' })
    keeper.note(newTenant(), { embedding: vector(), model: MODEL })
    await keeper.minute()
    expect(await rowsOf(tenant)).toHaveLength(0)
  })

  it('go with their tenant, and the receipt counts them', async () => {
    const keeper = keeperOf()
    const { tenant } = await tenantOf(3)
    for (let n = 0; n < 3; n++) {
      await ask(keeper, tenant, vector())
      await keeper.minute()
    }
    const kept = (await rowsOf(tenant)).length
    expect(kept).toBeGreaterThan(0)
    const receipt = await eraseTenant(stores, { slug: tenant, usage: 'erase' })
    expect(receipt).toMatchObject({ verified: true, postgres: { memorySearches: kept } })
  })

  it('are what recall is measured by, from twenty on: as brute force counts it, to the last hit', async () => {
    const { tenant, items } = await tenantOf(300)
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index', m: 4, efConstruction: 8 } })
    await jobRunner(stores, { tenant }).run()
    let slot = 0
    const keeper = keeperOf(() => slot / SLOTS)
    const questions: number[][] = []
    const search = async () => {
      const embedding = vector()
      questions.push(embedding)
      await ask(keeper, tenant, embedding)
      await keeper.minute()
      slot++
    }
    const measure = () => measureRecall(stores, { tenant, k: 10, sample: 50, efSearch: [1, 200] })
    while (slot < 19) await search()
    expect(await measure()).toMatchObject({ asked: 'items', sample: 50 })
    while (slot < 30) await search()
    const measured = await measure()
    expect(measured).toMatchObject({ asked: 'searches', sample: 30 })
    expect((await vectorsOfTenant(stores, { tenant })).latest).toMatchObject({ asked: 'searches', sample: 30 })

    const [narrow, wide] = measured.points
    for (const point of [narrow, wide]) {
      let hits = 0
      for (const embedding of questions) {
        const distances = items.map((item) => distanceInJs('cosine', embedding, item.embedding))
        const last = distances.sort((a, b) => a - b)[9] ?? NaN
        const search = { embedding, k: 10, efSearch: point?.efSearch }
        const { items: found } = JSON.parse(await searchMemory(stores, { tenant, search })) as {
          items: { distance: number }[]
        }
        hits += found.filter(({ distance }) => distance <= last + 1e-12).length
      }
      expect(point?.recall).toBeCloseTo(hits / (10 * questions.length), 10)
    }
    expect(narrow?.recall).toBeLessThan(wide?.recall ?? 0)
  }, 60_000)
})
