import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { becomeTenant } from '@/db/postgres/queries/vectors-items'
import { selectPartition, updatePartition } from '@/db/postgres/queries/vectors-partitions'
import { nearestDistances, recallsBelowTarget, recallsSince } from '@/db/postgres/queries/vectors-recall'
import { samplePartitions } from '@/db/postgres/queries/vectors-samples'
import { type Space, vectorText } from '@/db/postgres/queries/vectors-space'
import { createWebhook } from '@/server/services/webhooks/create-webhook'
import { deleteWebhook } from '@/server/services/webhooks/delete-webhook'
import { activityCounter } from './activity-counter'
import { askForJob } from './ask-for-job'
import { predictedIndexBytes } from './index-size'
import { listVectors } from './list-vectors'
import { measureRecall } from './measure-recall'
import { cheapestFor, hitsOf, recallPoint } from './recall'
import { jobRunner } from './run-jobs'
import { setSearch } from './set-search'
import { distanceInJs, itemsOf, newTenant, randomOf, remember, testStores, wholeVector, sql } from './test-memory'
import { metrics } from './vectors.schema'
import { watchRecall } from './watch-recall'

const stores = testStores()
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const ROWS = 300
const DIMENSIONS = 16

describe.each(metrics)('recall under %s', (metric) => {
  const tenant = newTenant()
  const random = randomOf(metric.length + 40)
  const vectors = Array.from({ length: ROWS }, () => wholeVector(random, DIMENSIONS))
  for (let n = 0; n < 40; n++) vectors[n + 40] = [...(vectors[n] ?? [])] // ties
  const items = itemsOf(vectors)
  const space: Space = { column: 'embedding', dimensions: DIMENSIONS, metric, indexType: 'vector' }

  beforeAll(async () => {
    await remember(stores, tenant, items.slice(0, 1))
    await stores.db.transaction((tx) => updatePartition(tx, tenant, { metric }))
    await remember(stores, tenant, items.slice(1))
    const build = { kind: 'memory.build-index', m: 4, efConstruction: 8 } as const
    await askForJob(stores, { tenant, work: build })
    await jobRunner(stores, { tenant }).run()
  })

  it('is what brute force apart from Postgres counts, to the last hit', async () => {
    const efSearch = [1, 8]
    // Every item is sampled, so that both sides ask the same questions.
    const measured = await measureRecall(stores, { tenant, k: 10, sample: ROWS, efSearch })
    expect(measured.sample).toBe(ROWS)
    for (const point of measured.points) {
      let hits = 0
      let short = 0
      for (const { id = '', embedding } of items) {
        const truth = items
          .filter((other) => other.id !== id)
          .map((other) => distanceInJs(metric, embedding, other.embedding))
          .sort((a, b) => a - b)
          .slice(0, 10)
        const question = { tenant, space, embedding: vectorText(embedding), k: 10, without: id, exact: false }
        const found = await stores.db.transaction(async (tx) => {
          await becomeTenant(tx, tenant, { efSearch: point.efSearch })
          return nearestDistances(tx, question)
        })
        const last = truth.at(-1) ?? NaN
        hits += found.filter((distance) => distance <= last).length
        if (found.length < 10) short++
      }
      expect(point.recall).toBeCloseTo(hits / (10 * ROWS), 10)
      expect(point.rowsShort).toBe(short)
    }
    const [least, most] = measured.points
    expect(least?.recall).toBeLessThan(1)
    expect(most?.recall).toBeGreaterThan(least?.recall ?? 1)
  }, 240_000)
})

describe('a measurement', () => {
  it('is kept, says the cheapest ef_search for the target, and that can be applied', async () => {
    const tenant = newTenant()
    const random = randomOf(99)
    await remember(
      stores,
      tenant,
      itemsOf(Array.from({ length: 1_000 }, () => Array.from({ length: 32 }, () => random() - 0.5))),
    )
    await expect(measureRecall(stores, { tenant, k: 10, sample: 20 })).rejects.toMatchObject({
      code: 'conflict',
      field: 'tenant',
    })
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index', m: 4, efConstruction: 8 } })
    await jobRunner(stores, { tenant }).run()
    await setSearch(stores, { tenant, efSearch: 2 })
    const { points, target, cheapestEfSearch, exact } = await measureRecall(stores, { tenant, k: 10, sample: 40 })
    expect(points.map(({ efSearch }) => efSearch)).toEqual([2, 10, 20, 40, 80, 160, 320])
    expect(target).toBeCloseTo(0.95)
    expect(exact.msP50).toBeGreaterThan(0)
    for (const { low, recall, high } of points)
      expect(low <= recall && recall <= high && low >= 0 && high <= 1).toBe(true)
    expect(cheapestEfSearch).toBe(points.find(({ recall }) => recall >= target)?.efSearch)
    const [kept] = await recallsSince(stores.db, { tenant, since: new Date(0) })
    expect(kept).toMatchObject({ efSearch: 2, k: 10, sample: 40, scheduled: false, requestedBy: 'Engram' })
    // By Postgres' statistics, which may count twice for a while what was written just before an ANALYZE.
    expect([1_000, 2_000]).toContain(kept?.rows)
    await setSearch(stores, { tenant, efSearch: cheapestEfSearch ?? 320 })
    expect(await selectPartition(stores.db, tenant)).toMatchObject({ efSearch: cheapestEfSearch })
    await expect(setSearch(stores, { tenant: newTenant(), efSearch: 2 })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('that finds less than wanted is told to webhooks and on the Overview, once until it was better', async () => {
    const tenant = newTenant()
    const random = randomOf(17)
    const events = ['memory.recall_below_target'] as const
    const webhook = await createWebhook(stores, { name: tenant, url: 'http://127.0.0.1:9/', events: [...events] })
    const told = () =>
      stores.db.execute(sql`select payload->'data' as data from webhook_deliveries
        where webhook_id = ${webhook.id} and payload->'data'->>'tenant' = ${tenant} order by id limit 10`)
    const below = async () => (await recallsBelowTarget(stores.db, { tenant, limit: 3 })).worst
    try {
      await remember(stores, tenant, itemsOf(Array.from({ length: 300 }, () => wholeVector(random, 16))))
      await askForJob(stores, { tenant, work: { kind: 'memory.build-index', m: 4, efConstruction: 8 } })
      await jobRunner(stores, { tenant }).run()
      await samplePartitions(stores.db, { tenant })
      const measureAt = async (efSearch: number) => {
        await setSearch(stores, { tenant, efSearch, recallTarget: 0.95 })
        return measureRecall(stores, { tenant, k: 10, sample: 100, efSearch: [efSearch] })
      }
      await measureAt(300)
      expect(await told()).toHaveLength(0)
      expect(await below()).toEqual([])
      const { points } = await measureAt(1)
      await measureAt(2)
      const recall = expect.closeTo(points[0]?.recall ?? NaN, 10)
      expect((await told()).map(({ data }) => data)).toEqual([
        expect.objectContaining({
          tenant,
          efSearch: 1,
          recall,
          target: expect.closeTo(0.95),
          sample: 100,
          asked: 'items',
        }),
      ])
      expect(await below()).toMatchObject([{ tenant, target: expect.closeTo(0.95) }])
      await measureAt(300)
      expect(await below()).toEqual([])
      await measureAt(1)
      expect(await told()).toHaveLength(2)
    } finally {
      await deleteWebhook(stores, { id: webhook.id })
    }
  }, 60_000)

  it('is made with the filter that searches use most, too, against exact search under it', async () => {
    const tenant = newTenant()
    const random = randomOf(7)
    const items = itemsOf(Array.from({ length: 300 }, () => wholeVector(random, 8)))
    await remember(stores, tenant, items)
    const build = { kind: 'memory.build-index', m: 4, efConstruction: 8 } as const
    await askForJob(stores, { tenant, work: build })
    await jobRunner(stores, { tenant }).run()
    await setSearch(stores, { tenant, efSearch: 1 })
    const measure = () => measureRecall(stores, { tenant, k: 10, sample: 300, efSearch: [1] })
    expect((await measure()).filtered).toBeNull() // nobody filters yet
    const activity = activityCounter(stores)
    for (const kind of ['rare', undefined, 'note', 'rare', undefined, undefined])
      activity.searched(tenant, { ms: 1, kind, simulated: false })
    await activity.flush()
    const { filtered, points } = await measure()
    const space = { column: 'embedding', dimensions: 8, metric: 'cosine', indexType: 'vector' } as const
    let recall = 0
    for (const { id = '', embedding } of items) {
      const truth = items
        .filter((other) => other.id !== id && other.kind === 'rare')
        .map((other) => distanceInJs('cosine', embedding, other.embedding))
        .sort((a, b) => a - b)
        .slice(0, 10)
      const question = { tenant, space, embedding: vectorText(embedding), k: 10, without: id, kind: 'rare' }
      const found = await stores.db.transaction(async (tx) => {
        await becomeTenant(tx, tenant, { efSearch: 1 })
        return nearestDistances(tx, { ...question, exact: false })
      })
      recall += found.filter((distance) => distance <= (truth.at(-1) ?? NaN)).length / truth.length / items.length
    }
    expect(filtered).toMatchObject({ kind: 'rare', efSearch: 1, recall: expect.closeTo(recall, 10) })
    expect(filtered?.recall).not.toBe(points[0]?.recall)
    const kept = await recallsSince(stores.db, { tenant, since: new Date(0) })
    expect(kept.map((one) => one.filtered?.kind)).toEqual([undefined, 'rare'])
  }, 120_000)

  it('is made by itself where it is due, once, within its share of the database', async () => {
    const tenant = newTenant()
    const random = randomOf(3)
    await remember(stores, tenant, itemsOf(Array.from({ length: 60 }, () => wholeVector(random, 4))))
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index' } })
    await jobRunner(stores, { tenant }).run()
    await samplePartitions(stores.db, { tenant })
    const due = () => watchRecall(stores, { tenant })
    expect(await due()).toBe(tenant)
    expect(await due()).toBe(null)
    const [kept] = await recallsSince(stores.db, { tenant, since: new Date(0) })
    expect(kept).toMatchObject({ scheduled: true, sample: 20 })
    const age = (interval: string, databaseMs: number) =>
      stores.db.execute(
        sql`update memory_recalls set at = now() - ${interval}::interval, database_ms = ${databaseMs} where tenant = ${tenant}`,
      )
    await age('25 h', 1)
    expect(await due()).toBe(tenant)
    // A tenth of the items went: that cannot wait for a day.
    await stores.db.execute(sql`update memory_recalls set rows = 70 where tenant = ${tenant}`)
    await age('20 min', 1)
    expect(await due()).toBe(tenant)
    await stores.db.execute(sql`update memory_recalls set rows = 70 where tenant = ${tenant}`)
    await age('20 min', 40_000)
    expect(await due()).toBe(null) // this hour's share of the database is used up
    await stores.db.execute(sql`delete from memory_recalls where tenant = ${tenant}`)
  })
})

describe('the arithmetic of recall', () => {
  it('counts ties with the last exact distance as hits, and never more than there are', () => {
    expect(hitsOf([1, 2, 2], [1, 2, 2])).toBe(3)
    expect(hitsOf([1, 2, 3], [1, 3, 3])).toBe(3) // one of two items at distance 3 stands for the other
    expect(hitsOf([1, 2, 3], [2, 3, 4])).toBe(2)
    expect(hitsOf([1, 2], [1, 2, 2])).toBe(2)
    expect(hitsOf([1, 2, 3], [1])).toBe(1)
    expect(hitsOf([], [])).toBe(0)
  })

  it('gives the mean with its interval, and Wilson where all agree', () => {
    const exact = [1, 2, 3, 4]
    const half = recallPoint({ efSearch: 40 }, [
      { exact, found: [1, 2, 3, 4], ms: 1 },
      { exact, found: [1, 2, 9, 9], ms: 3 },
    ])
    expect(half).toMatchObject({ recall: 0.75, high: 1, rowsShort: 0, msP50: 1, msP95: 3 })
    expect(half.low).toBeCloseTo(0.75 - 1.96 * Math.sqrt(0.125 / 2))
    const all = recallPoint(
      { efSearch: 40 },
      Array.from({ length: 25 }, () => ({ exact, found: exact, ms: 1 })),
    )
    expect(all.recall).toBe(1)
    expect(all.low).toBeCloseTo(100 / (100 + 1.96 ** 2))
    expect(cheapestFor([{ ...all, efSearch: 80 }, all, half], 0.95)?.efSearch).toBe(40)
    expect(cheapestFor([half], 0.95)).toBe(null)
  })
})

describe('the size of an index', () => {
  it.each([
    ['vector', 384, 16],
    ['vector', 384, 32],
    ['vector', 768, 16],
    ['vector', 768, 32],
    ['vector', 1_536, 16],
    ['vector', 1_536, 32],
    ['vector', 1_999, 16],
    ['halfvec', 1_536, 16],
  ] as const)(
    'of %s with %i dimensions and m %i is foretold within one percent',
    async (indexType, dimensions, m) => {
      const tenant = newTenant()
      const random = randomOf(dimensions)
      // Where a page holds four items at the most, chance takes a larger part in few of them.
      const rows = dimensions === 384 && m === 32 ? 6_000 : 400
      const vectors = Array.from({ length: rows }, () =>
        Array.from({ length: dimensions }, () => Math.round(random() * 100) / 100),
      )
      for (let at = 0; at < rows; at += 100)
        await remember(
          stores,
          tenant,
          itemsOf(vectors.slice(at, at + 100)).map((item, n) => ({ ...item, id: `${at + n}` })),
        )
      await askForJob(stores, { tenant, work: { kind: 'memory.build-index', indexType, m, efConstruction: 2 * m } })
      await jobRunner(stores, { tenant }).run()
      await samplePartitions(stores.db, { tenant })
      const [sample] = await stores.db.execute<{ bytes: string }>(
        sql`select index_bytes as bytes from memory_samples where tenant = ${tenant}`,
      )
      const predictedOf = (count: number) =>
        predictedIndexBytes({ rows: count, dimensions, type: indexType, method: 'hnsw', m })
      const predicted = predictedOf(rows)
      expect(Math.abs(Number(sample?.bytes) / predicted - 1)).toBeLessThan(0.01)
      // The page's figures are of the rows that Postgres' statistics count.
      const { tenants } = await listVectors(stores, { tenant, search: null, sort: 'bloat', descending: true })
      const shown = predictedOf(tenants[0]?.rows ?? NaN)
      expect(tenants[0]?.predictedBytes).toBe(shown)
      expect(tenants[0]?.bloat).toBeCloseTo(Number(sample?.bytes) / shown - 1, 10)
    },
    120_000,
  )
})
