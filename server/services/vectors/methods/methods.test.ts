import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimJob, jobsOfTenant } from '@/db/postgres/queries/jobs'
import { createIndex, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { becomeTenant } from '@/db/postgres/queries/vectors-items'
import { kindIndexes } from '@/db/postgres/queries/vectors-kinds'
import { lockBudget } from '@/db/postgres/queries/vectors-list'
import { selectPartition, updatePartition } from '@/db/postgres/queries/vectors-partitions'
import { nearestDistances, recallsSince } from '@/db/postgres/queries/vectors-recall'
import { samplePartitions } from '@/db/postgres/queries/vectors-samples'
import { vectorText } from '@/db/postgres/queries/vectors-space'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { cancelJob } from '@/server/services/vectors/cancel-job'
import { predictedIndexBytes } from '@/server/services/vectors/index-size'
import { listVectors } from '@/server/services/vectors/list-vectors'
import { loadItems } from '@/server/services/vectors/load-items'
import { measureRecall } from '@/server/services/vectors/measure-recall'
import { registerModel } from '@/server/services/vectors/models/register-model'
import { testEndpoint } from '@/server/services/vectors/models/test-endpoint'
import { forgetPartition } from '@/server/services/vectors/partitions'
import { startReEmbedding } from '@/server/services/vectors/re-embedding/start-re-embedding'
import { switchModel } from '@/server/services/vectors/re-embedding/switch-model'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import { searchMemory } from '@/server/services/vectors/search-memory'
import { widthOf } from '@/server/services/vectors/search-width'
import { setSearch } from '@/server/services/vectors/set-search'
import { distanceInJs, itemsOf, newTenant, randomOf, remember, sql } from '@/server/services/vectors/test-memory'
import { testStores, wholeVector } from '@/server/services/vectors/test-memory'
import { metrics } from '@/server/services/vectors/vectors.schema'

const stores = testStores()
let embedded = false
beforeAll(async () => {
  await stores.redis.ready()
  embedded = (await lockBudget(stores.db)).embedded
})
afterAll(() => stores.close())

const toIvfflat = { kind: 'memory.build-index', indexMethod: 'ivfflat' } as const
const toHnsw = { kind: 'memory.build-index', indexMethod: 'hnsw', m: 8, efConstruction: 32 } as const
const work = (tenant: string) => jobRunner(stores, { tenant }).run()
async function change(tenant: string, asked: Parameters<typeof askForJob>[1]['work']) {
  await askForJob(stores, { tenant, work: asked })
  await work(tenant)
}
async function partitionOf(tenant: string) {
  const partition = await selectPartition(stores.db, tenant)
  if (!partition) throw new Error('no partition')
  return partition
}
const find = async (tenant: string, search: Omit<Parameters<typeof searchMemory>[1]['search'], never>) => {
  forgetPartition(stores, tenant)
  const { items } = JSON.parse(await searchMemory(stores, { tenant, search })) as {
    items: { id: string; kind: string; distance: number }[]
  }
  return items
}
const floats = (seed: number, dimensions: number) => {
  const random = randomOf(seed)
  return () => Array.from({ length: dimensions }, () => random() - 0.5)
}

describe.each(metrics)('recall of IVFFlat under %s', (metric) => {
  const [ROWS, DIMENSIONS] = [300, 16]
  const tenant = newTenant()
  const random = randomOf(metric.length + 70)
  const items = itemsOf(Array.from({ length: ROWS }, () => wholeVector(random, DIMENSIONS)))

  beforeAll(async () => {
    await remember(stores, tenant, items.slice(0, 1))
    await stores.db.transaction((tx) => updatePartition(tx, tenant, { metric }))
    await remember(stores, tenant, items.slice(1))
    await change(tenant, toIvfflat)
  })

  it('is what brute force apart from Postgres counts, to the last hit; all lists are exact', async () => {
    // Every item is sampled, so that both sides ask the same questions.
    const { points, cheapestProbes, cheapestEfSearch } = await measureRecall(stores, {
      ...{ tenant, k: 10, sample: ROWS, probes: [1, 3, 10] },
    })
    expect(points.map(({ probes, efSearch }) => [probes, efSearch])).toEqual([1, 3, 10].map((n) => [n, undefined]))
    const space = { column: 'embedding', dimensions: DIMENSIONS, metric, indexType: 'vector' } as const
    for (const { probes, recall } of points) {
      let hits = 0
      for (const { id = '', embedding } of items) {
        const truth = items
          .filter((other) => other.id !== id)
          .map((other) => distanceInJs(metric, embedding, other.embedding))
          .sort((a, b) => a - b)
        const question = { tenant, space, embedding: vectorText(embedding), k: 10, without: id, exact: false }
        const found = await stores.db.transaction(async (tx) => {
          await becomeTenant(tx, tenant, { probes })
          return nearestDistances(tx, question)
        })
        hits += found.filter((distance) => distance <= (truth[9] ?? NaN)).length
      }
      expect(recall).toBeCloseTo(hits / (10 * ROWS), 10)
    }
    const [one, three, all] = points
    expect(one?.recall).toBeLessThan(0.99)
    expect(one?.recall).toBeGreaterThan(0.3)
    expect(all?.recall).toBe(1)
    expect(cheapestEfSearch).toBeNull()
    expect([3, 10]).toContain(cheapestProbes)
    const kept = await recallsSince(stores.db, { tenant, since: new Date(0) })
    expect(kept).toMatchObject([{ efSearch: null, probes: 3, recall: expect.closeTo(three?.recall ?? 0, 5) }])
    await expect(measureRecall(stores, { tenant, k: 10, sample: 5, efSearch: [40] })).rejects.toMatchObject({
      ...{ code: 'bad_request', field: 'efSearch' },
    })
  }, 240_000)
})

describe('an IVFFlat index', () => {
  it('takes the place of HNSW and gives it back, with k rows where k exist however rare the filter', async () => {
    const tenant = newTenant()
    const vector = floats(5, 8)
    const items = itemsOf(Array.from({ length: 1_500 }, vector))
    await remember(
      stores,
      tenant,
      items.map((item, n) => ({ ...item, kind: n % 300 === 0 ? 'rare' : 'note' })),
    )
    await change(tenant, toHnsw)
    await change(tenant, toIvfflat)
    expect(await partitionOf(tenant)).toMatchObject({
      ...{ indexed: true, indexMethod: 'ivfflat', methods: ['ivfflat'], lists: 10, m: 8, efSearch: 40, probes: null },
    })
    expect(widthOf(await partitionOf(tenant), { k: 5 })).toEqual({ probes: 3 })
    expect(await find(tenant, { embedding: vector(), k: 5, kind: 'rare', probes: 1 })).toHaveLength(5)
    expect(await find(tenant, { embedding: vector(), k: 700, probes: 1 })).toHaveLength(700)
    expect(await find(tenant, { embedding: vector(), k: 10, kind: 'rare', efSearch: 1 })).toHaveLength(5)
    await setSearch(stores, { tenant, probes: 7 })
    expect(widthOf(await partitionOf(tenant), { k: 5 })).toEqual({ probes: 7 })

    await samplePartitions(stores.db, { tenant })
    const asked = { tenant, search: null, sort: 'rows', descending: true } as const
    const [row] = (await listVectors(stores, asked)).tenants
    expect(row).toMatchObject({ indexState: 'valid', indexMethod: 'ivfflat', indexLists: 10, indexM: null })
    const rows = row?.rows ?? 0
    const index = { rows, dimensions: 8, type: 'vector', method: 'ivfflat', m: 16 } as const
    expect(row?.predictedBytes).toBe(predictedIndexBytes(index))

    await change(tenant, toHnsw)
    expect(await partitionOf(tenant)).toMatchObject({ indexed: true, methods: ['hnsw'], lists: null, probes: 7 })
    expect(widthOf(await partitionOf(tenant), { k: 5 })).toEqual({ efSearch: 40 })
    expect((await jobsOfTenant(stores.db, { tenant, limit: 9 })).map(({ state }) => state)).toEqual(
      Array.from({ length: 3 }, () => 'done'),
    )
  })

  it('is refused for directions of one dimension, which have no centres', async () => {
    const tenant = newTenant()
    await remember(stores, tenant, itemsOf([[1], [2]]))
    await expect(askForJob(stores, { tenant, work: toIvfflat })).rejects.toMatchObject({
      ...{ code: 'bad_request', field: 'indexMethod' },
    })
    await change(tenant, { ...toIvfflat, metric: 'l2' })
    expect(await partitionOf(tenant)).toMatchObject({ indexed: true, methods: ['ivfflat'] })
  })

  it('stays one over a rebuild, kinds, sleep, a load and a change of the model', async () => {
    const tenant = newTenant()
    const vector = floats(11, 8)
    await remember(stores, tenant, itemsOf(Array.from({ length: 400 }, vector)))
    await change(tenant, toIvfflat)
    const isIvfflat = async (rows: object = {}) => {
      const { number, activeColumn, ...partition } = await partitionOf(tenant)
      expect(partition).toMatchObject({ indexed: true, methods: ['ivfflat'], indexMethod: 'ivfflat', ...rows })
      const kinds = await kindIndexes(stores.db, number, activeColumn)
      expect(kinds).toMatchObject(partition.indexKinds.map((kind) => ({ kind, valid: true })))
    }
    await change(tenant, { kind: 'memory.build-index', indexType: 'halfvec' })
    await isIvfflat({ indexType: 'halfvec' })
    await change(tenant, { kind: 'memory.build-index', forKind: 'rare' })
    await isIvfflat({ indexKinds: ['rare'] })
    await change(tenant, { kind: 'memory.sleep' })
    expect(await partitionOf(tenant)).toMatchObject({ indexed: false, methods: [], indexOff: true })
    expect(await find(tenant, { embedding: vector(), k: 3 })).toHaveLength(3)
    await expect.poll(() => partitionOf(tenant)).toMatchObject({ indexWantedBy: 'search' })
    await work(tenant)
    await isIvfflat({ indexOff: false })

    const loaded = itemsOf(Array.from({ length: 900 }, vector)).map((item) => ({ ...item, id: `loaded ${item.id}` }))
    async function* chunks() {
      yield Buffer.from(loaded.map((item) => JSON.stringify(item)).join('\n'))
    }
    await loadItems(stores, { tenant, chunks: chunks(), simulated: false })
    await work(tenant)
    await isIvfflat()

    const endpoint = await testEndpoint({ dimensions: 12 })
    try {
      await registerModel(stores, endpoint.model)
      await startReEmbedding(stores, { tenant, model: endpoint.model.name })
      await work(tenant)
      await switchModel(stores, { tenant, model: endpoint.model.name })
      await isIvfflat({ dimensions: 12 })
    } finally {
      await endpoint.close()
    }
  }, 120_000)

  it.each([
    ['vector', 384, 2_000],
    ['vector', 1_536, 300],
    ['halfvec', 768, 1_000],
  ] as const)(
    'of %s with %i dimensions and %i rows has the predicted size within 3 %',
    async (indexType, dimensions, rows) => {
      const tenant = newTenant()
      const random = randomOf(dimensions)
      const vector = () => Array.from({ length: dimensions }, () => Math.round(random() * 100) / 100)
      await remember(stores, tenant, itemsOf(Array.from({ length: rows }, vector)))
      await change(tenant, { ...toIvfflat, indexType })
      await samplePartitions(stores.db, { tenant })
      const [sample] = await stores.db.execute<{ bytes: string }>(
        sql`select index_bytes as bytes from memory_samples where tenant = ${tenant}`,
      )
      const predicted = predictedIndexBytes({ rows, dimensions, type: indexType, method: 'ivfflat', m: 16 })
      expect(Math.abs(Number(sample?.bytes) / predicted - 1)).toBeLessThan(0.03)
    },
    60_000,
  )
})

describe('a change of the method that comes to no end', () => {
  async function hnswTenant() {
    const tenant = newTenant()
    const vector = floats(17, 16)
    await remember(stores, tenant, itemsOf(Array.from({ length: 500 }, vector)))
    await change(tenant, toHnsw)
    const [index] = await vectorIndexes(stores.db, (await partitionOf(tenant)).number)
    return { tenant, vector, index }
  }
  /** Whoever reads the tenant's items for long: no index becomes valid before the end of it. The embedded engine has one session. */
  async function reader(tenant: string) {
    const { number } = await partitionOf(tenant)
    let end = () => {}
    const over = new Promise<void>((resolve) => (end = resolve))
    if (embedded) return { end, reading: over }
    let reading = over
    await new Promise<void>((began, failed) => {
      reading = stores.db.transaction(async (tx) => {
        await tx.execute(`lock table memory_t${number} in row exclusive mode`)
        began()
        await over
      })
      reading.catch(failed)
    })
    return { end, reading }
  }
  const states = async (tenant: string) =>
    (await jobsOfTenant(stores.db, { tenant, limit: 10 })).map(({ state }) => state)

  it('cancelled, leaves the index and the settings of before, and is searched by both until then', async () => {
    const { tenant, vector, index } = await hnswTenant()
    const { end, reading } = await reader(tenant)
    const { id } = await askForJob(stores, { tenant, work: toIvfflat })
    const running = embedded ? null : work(tenant)
    if (!embedded) {
      await expect.poll(async () => (await partitionOf(tenant)).methods).toEqual(['hnsw', 'ivfflat'])
      expect(widthOf(await partitionOf(tenant), { k: 5 })).toEqual({ efSearch: 40, probes: 3 })
      expect(await find(tenant, { embedding: vector(), k: 5 })).toHaveLength(5)
    }
    await cancelJob(stores, { id })
    const statements = sql`select count(*)::int as n from pg_stat_activity
      where state = 'active' and starts_with(query, ${`/* engram job ${id} */`})`
    await expect.poll(() => stores.db.execute(statements)).toMatchObject([{ n: 0 }])
    end()
    await reading
    await running
    expect(await states(tenant)).toEqual(['cancelled', 'done'])
    const partition = await partitionOf(tenant)
    expect(partition).toMatchObject({ indexed: true, indexMethod: 'hnsw', methods: ['hnsw'] })
    expect(await vectorIndexes(stores.db, partition.number)).toEqual([index])
  }, 60_000)

  it('killed, leaves nothing but what the next worker makes of it', async () => {
    const { tenant, index } = await hnswTenant()
    const { end, reading } = await reader(tenant)
    const { id } = await askForJob(stores, { tenant, work: toIvfflat })
    // The first worker as Postgres sees it once it was killed: its statement runs on, nobody beats.
    expect(await claimJob(stores.db, randomUUID(), tenant)).toMatchObject({ id })
    const { number } = await partitionOf(tenant)
    const space = { column: 'embedding', dimensions: 16, metric: 'cosine', indexType: 'vector' } as const
    const parameters = { indexMethod: 'ivfflat', m: 0, efConstruction: 0, lists: 10 } as const
    const name = `memory_t${number}_ivfflat_left`
    const left = createIndex(stores.db, { job: id, name, number, space, parameters }).then(
      () => 'built',
      () => 'ended',
    )
    if (!embedded) await expect.poll(() => vectorIndexes(stores.db, number)).toHaveLength(2)
    await stores.db.execute(sql`update jobs set beat_at = now() - interval '1 min' where id = ${id}`)
    const next = work(tenant)
    expect(await left).toBe(embedded ? 'built' : 'ended')
    end()
    await reading
    await next
    expect(await states(tenant)).toEqual(['done', 'done'])
    const made = { name: `memory_t${number}_ivfflat_${id.slice(0, 8)}`, valid: true }
    expect(await vectorIndexes(stores.db, number)).toEqual([made])
    expect(made.name).not.toBe(index?.name)
  }, 60_000)
})
