import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { claimJob, jobsOfTenant } from '@/db/postgres/queries/jobs'
import { vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { kindIndexes } from '@/db/postgres/queries/vectors-kinds'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { selectReEmbedding } from '@/db/postgres/queries/re-embeddings'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { addItems } from '@/server/services/vectors/add-items'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { registerModel } from '@/server/services/vectors/models/register-model'
import { testEndpoint, vectorOf } from '@/server/services/vectors/models/test-endpoint'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import { searchMemory } from '@/server/services/vectors/search-memory'
import { MODEL, newTenant, sql, testStores } from '@/server/services/vectors/test-memory'
import { clearEmbedding } from './clear-embedding'
import { dropVectors } from './drop-vectors'
import { pauseReEmbedding } from './pause-re-embedding'
import { previewReEmbedding } from './preview-re-embedding'
import { reEmbeddingOf } from './re-embedding-of'
import { resumeReEmbedding } from './resume-re-embedding'
import { startReEmbedding } from './start-re-embedding'
import { switchModel } from './switch-model'

const stores = testStores()
/** Another process: it has looked at partitions of its own. */
const elsewhere = testStores()
beforeAll(async () => {
  await stores.redis.ready()
  await elsewhere.redis.ready()
})
afterAll(async () => {
  await stores.close()
  await elsewhere.close()
})
const endpoints: Awaited<ReturnType<typeof testEndpoint>>[] = []
afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) await endpoint.close()
})

const OLD = 8
const OLD_PART: [number, number] = [0, 4]
const patience = { deadlineMs: 2_000, firstWaitMs: 5, attempts: 3 }
const runner = (tenant: string, more = {}) => jobRunner(stores, { tenant, patience: { ...patience, ...more } })

const itemOf = (n: number, content = `Item number ${n}`) => ({
  id: `i${String(n).padStart(3, '0')}`,
  content,
  kind: 'note',
  embedding: vectorOf(content, OLD, OLD_PART),
  embeddingModel: MODEL,
})

/** A tenant with items of the old model, and an endpoint of a new one. */
async function tenantOf(
  rows: number,
  { dimensions = 12, part }: { dimensions?: number; part?: [number, number] } = {},
) {
  const tenant = newTenant()
  const items = Array.from({ length: rows }, (_, n) => itemOf(n))
  await addItems(stores, { tenant, items, simulated: false })
  const endpoint = await testEndpoint({ dimensions, part })
  endpoints.push(endpoint)
  await registerModel(stores, endpoint.model)
  endpoint.asked.length = 0
  return { tenant, endpoint, model: endpoint.model.name, items }
}

const search = async (embedding: number[], tenant: string, embeddingModel?: string, by = stores) =>
  JSON.parse(await searchMemory(by, { tenant, search: { embedding, k: 3, embeddingModel } })) as {
    items: { id: string; distance: number }[]
  }
const stepOf = async (tenant: string) => (await reEmbeddingOf(stores, { tenant })).change?.step
const vectorsIn = (tenant: string, column: string) =>
  stores.db.transaction(async (tx) => {
    await tx.execute(
      sql`select set_config('role', 'engram_memory', true), set_config('engram.tenant', ${tenant}, true)`,
    )
    return tx.execute<{ id: string; content: string; vector: string | null; model: string | null }>(
      `select id, content, ${column}::text as vector, ${column}_model as model from memory order by id`,
    )
  })
const expectNothingLeft = async (tenant: string) => {
  expect(await selectReEmbedding(stores.db, tenant)).toBeNull()
  const partition = await selectPartition(stores.db, tenant)
  expect(partition).toMatchObject({ otherModel: null, otherDimensions: null, otherIndexType: null })
  const other = partition?.activeColumn === 'embedding' ? 'second_embedding' : 'embedding'
  expect((await vectorsIn(tenant, other)).every(({ vector, model }) => vector === null && model === null)).toBe(true)
  expect(await vectorIndexes(stores.db, partition?.number ?? 0, other)).toEqual([])
}

describe('a change of the embedding model', () => {
  it('is previewed, filled, indexed beside, measured, switched, gone back from, and its old vectors dropped', async () => {
    const { tenant, model, endpoint } = await tenantOf(30)
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index' } })
    await runner(tenant).run()
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index', forKind: 'note' } })
    await runner(tenant).run()
    expect(await previewReEmbedding(stores, { tenant, model })).toMatchObject({
      items: 30,
      batches: 8,
      tokens: expect.any(Number),
      cost: expect.stringMatching(/^0\.0000\d+$/),
    })
    await startReEmbedding(stores, { tenant, model })
    await expect(startReEmbedding(stores, { tenant, model })).rejects.toMatchObject({ code: 'conflict' })
    await expect(switchModel(stores, { tenant, model })).rejects.toMatchObject({ code: 'conflict' })
    await runner(tenant).run()
    const { change } = await reEmbeddingOf(stores, { tenant })
    expect(change).toMatchObject({
      step: 'whole',
      missing: 0,
      embedded: 30,
      tokens: 90,
      tokensEstimated: 0,
      cost: { soFar: '0.0000018', toCome: '0' },
      recallBefore: { efSearch: 40, recall: 1 },
      recallAfter: { efSearch: 40, recall: 1 },
    })
    expect(endpoint.asked.flatMap(({ input }) => input)).toHaveLength(30)

    // The index of a kind is there before the switch, too.
    const { number } = (await selectPartition(stores.db, tenant)) ?? { number: 0 }
    expect(await vectorIndexes(stores.db, number, 'second_embedding')).toHaveLength(2)
    expect(await kindIndexes(stores.db, number, 'second_embedding')).toMatchObject([{ kind: 'note', valid: true }])

    // Until the switch everything is as it was.
    const [old, wanted] = [vectorOf('Item number 7', OLD, OLD_PART), vectorOf('Item number 7', 12)]
    expect((await search(old, tenant, MODEL)).items[0]).toMatchObject({ id: 'i007' })
    await expect(search(wanted, tenant)).rejects.toMatchObject({
      field: 'embedding',
      message: expect.stringContaining(MODEL),
    })
    expect(await search(old, tenant, undefined, elsewhere)).toBeTruthy() // it knows the partition by now

    expect(await switchModel(stores, { tenant, model })).toEqual({ model, catchingUp: 0 })
    for (const by of [elsewhere, stores]) {
      expect((await search(wanted, tenant, model, by)).items[0]).toMatchObject({ id: 'i007' })
      await expect(search(old, tenant, undefined, by)).rejects.toMatchObject({
        message: expect.stringContaining(model),
      })
    }
    expect(await selectPartition(stores.db, tenant)).toMatchObject({ model, dimensions: 12, indexed: true })

    expect(await switchModel(stores, { tenant, model: MODEL })).toEqual({ model: MODEL, catchingUp: 0 })
    expect((await search(old, tenant, MODEL, elsewhere)).items[0]).toMatchObject({ id: 'i007' })
    await switchModel(stores, { tenant, model })
    await expect(dropVectors(stores, { tenant, model })).rejects.toMatchObject({ field: 'model' })
    await dropVectors(stores, { tenant, model: MODEL })
    await runner(tenant).run()
    await expectNothingLeft(tenant)
    expect((await search(wanted, tenant, model)).items).toHaveLength(3)
    // Killed when all of it was done, it is taken over, and ends well.
    const [job] = await jobsOfTenant(stores.db, { tenant, limit: 1 })
    const control = { signal: new AbortController().signal, tell: () => {} }
    if (!job) throw new Error('no job is kept')
    await expect(clearEmbedding(stores, { ...job, attempts: 1 }, control)).rejects.toThrow('nothing to drop')
    await clearEmbedding(stores, { ...job, attempts: 2 }, control)
  }, 60_000)

  it('embeds what is written meanwhile, also what changed after it was sent to the endpoint', async () => {
    const { tenant, model, endpoint } = await tenantOf(6)
    await startReEmbedding(stores, { tenant, model })
    endpoint.answer(async (response, asked, nth) => {
      if (nth === 1)
        await addItems(stores, {
          tenant,
          items: [itemOf(0, 'Changed while it was embedded'), itemOf(50)],
          simulated: false,
        })
      await endpoint.well(response, asked, nth)
    })
    await runner(tenant).run()
    expect(await stepOf(tenant)).toBe('whole')
    const near = ({ vector }: { vector: string | null }, content: string) =>
      (JSON.parse(vector ?? '[]') as number[]).every(
        (value, n) => Math.abs(value - (vectorOf(content, 12)[n] ?? 9)) < 1e-6,
      )
    const rows = await vectorsIn(tenant, 'second_embedding')
    expect(rows).toHaveLength(7)
    expect(rows.filter((row) => row.model !== model || !near(row, row.content))).toEqual([])

    // And what is written before the switch: the worker embeds it first.
    await addItems(stores, { tenant, items: [itemOf(3, 'Changed before the switch')], simulated: false })
    expect(await switchModel(stores, { tenant, model })).toEqual({ model, catchingUp: 1 })
    expect(await selectPartition(stores.db, tenant)).toMatchObject({ model: MODEL })
    await runner(tenant).run()
    expect(await selectPartition(stores.db, tenant)).toMatchObject({ model, otherModel: MODEL })
    expect((await search(vectorOf('Changed before the switch', 12), tenant, model)).items[0]?.id).toBe('i003')

    // Items of the old model are refused from now on, those of the new one taken, by every process.
    const item = { ...itemOf(60), embedding: vectorOf('new', 12), embeddingModel: model }
    for (const by of [elsewhere, stores]) {
      await expect(addItems(by, { tenant, items: [itemOf(61)], simulated: false })).rejects.toMatchObject({
        code: 'conflict',
        field: 'items.0.embeddingModel',
      })
      expect(await addItems(by, { tenant, items: [item], simulated: false })).toMatchObject({ ids: ['i060'] })
    }
    // The way back misses the new one, and Engram knows no endpoint of the old model.
    await expect(switchModel(stores, { tenant, model: MODEL })).rejects.toMatchObject({
      message: expect.stringContaining('1 items have no vector'),
    })
  }, 60_000)

  it('stands still with what the endpoint did wrong, mixes nothing and keeps no half batch; it goes on where it was', async () => {
    const { tenant, model, endpoint } = await tenantOf(4)
    const vectors = (input: string[], of: (text: string) => unknown) => ({
      data: input.map((text) => ({ embedding: of(text) })),
    })
    type Answer = Parameters<typeof endpoint.answer>[0]
    const wrong: [string, Answer][] = [
      ['answered 500', (response) => void response.writeHead(500).end('oops')],
      [
        'answered 429: slow down',
        (response) => void response.writeHead(429, { 'retry-after': '0' }).end('{"error":{"message":"slow down"}}'),
      ],
      ['no JSON', (response) => void response.end('<html>hello</html>')],
      [
        '2 vectors for 4 texts',
        (response, { input }) =>
          void response.end(JSON.stringify(vectors(input.slice(2), (text) => vectorOf(text, 12)))),
      ],
      [
        'vectors of 3 dimensions',
        (response, { input }) => void response.end(JSON.stringify(vectors(input, () => [1, 2, 3]))),
      ],
      [
        'no finite number',
        (response, { input }) =>
          void response.end(JSON.stringify(vectors(input, () => new Array(12).fill(Number.NaN)))),
      ],
      [
        'is all zero',
        (response, { input }) => void response.end(JSON.stringify(vectors(input, () => new Array(12).fill(0)))),
      ],
      ['did not answer within 0.1 s', () => {}],
    ]
    await startReEmbedding(stores, { tenant, model })
    for (const [said, answer] of wrong) {
      endpoint.answer(answer)
      await runner(tenant, said.includes('within') ? { deadlineMs: 100 } : {}).run()
      const { change } = await reEmbeddingOf(stores, { tenant })
      expect(change).toMatchObject({ step: 'standing', embedded: 0, error: expect.stringContaining(said) })
      expect((await vectorsIn(tenant, 'second_embedding')).filter(({ vector }) => vector !== null)).toEqual([])
      expect((await search(vectorOf('Item number 1', OLD, OLD_PART), tenant, MODEL)).items[0]?.id).toBe('i001')
      await resumeReEmbedding(stores, { tenant })
    }
    // What passes is tried again by itself.
    endpoint.asked.length = 0
    endpoint.answer((response, asked, nth) =>
      nth < 3 ? void response.writeHead(429, { 'retry-after': '0' }).end() : endpoint.well(response, asked, nth),
    )
    await runner(tenant).run()
    expect((await reEmbeddingOf(stores, { tenant })).change).toMatchObject({ step: 'whole', embedded: 4, retries: 2 })
  }, 60_000)

  it('is paused and resumed, and cancelled without a trace', async () => {
    const { tenant, model, endpoint } = await tenantOf(12)
    await startReEmbedding(stores, { tenant, model })
    let release = () => {}
    endpoint.answer(async (response, asked, nth) => {
      if (nth === 2) await new Promise<void>((resolve) => (release = resolve))
      if (!response.destroyed) await endpoint.well(response, asked, nth)
    })
    const running = runner(tenant, { deadlineMs: 30_000 }).run()
    await expect.poll(() => endpoint.asked.length, { timeout: 15_000 }).toBe(2)
    expect(await stepOf(tenant)).toBe('running')
    await pauseReEmbedding(stores, { tenant })
    expect(await stepOf(tenant)).toBe('pausing')
    await running
    release()
    expect((await reEmbeddingOf(stores, { tenant })).change).toMatchObject({
      step: 'standing',
      embedded: 4,
      error: null,
    })
    await expect(pauseReEmbedding(stores, { tenant })).rejects.toMatchObject({ code: 'conflict' })

    await resumeReEmbedding(stores, { tenant })
    endpoint.answer(null)
    endpoint.asked.length = 0
    await runner(tenant).run()
    expect(endpoint.asked.flatMap(({ input }) => input)).toHaveLength(8)
    expect(await stepOf(tenant)).toBe('whole')
    await dropVectors(stores, { tenant, model })
    await runner(tenant).run()
    await expectNothingLeft(tenant)
    expect((await search(vectorOf('Item number 1', OLD, OLD_PART), tenant, MODEL)).items[0]?.id).toBe('i001')
    await startReEmbedding(stores, { tenant, model })
    await dropVectors(stores, { tenant, model }) // before the worker began
    await runner(tenant).run()
    await expectNothingLeft(tenant)
  }, 60_000)

  it('is taken over from a killed worker, whose last batch finds nothing to change', async () => {
    const { tenant, model, endpoint } = await tenantOf(8)
    await startReEmbedding(stores, { tenant, model })
    let release = () => {}
    endpoint.answer(async (response, asked, nth) => {
      if (nth === 2) await new Promise<void>((resolve) => (release = resolve))
      await endpoint.well(response, asked, nth)
    })
    const first = runner(tenant, { deadlineMs: 30_000 }).run()
    await expect.poll(() => endpoint.asked.length, { timeout: 15_000 }).toBe(2)
    // As Postgres sees a worker that was killed: it is silent.
    const [job] = await jobsOfTenant(stores.db, { tenant, limit: 1 })
    await stores.db.execute(
      sql`update jobs set worker = ${randomUUID()}, beat_at = now() - interval '1 min' where id = ${job?.id ?? ''}`,
    )
    endpoint.answer(null)
    await runner(tenant).run()
    release()
    await first
    expect((await reEmbeddingOf(stores, { tenant })).change).toMatchObject({ step: 'whole', missing: 0 })
    const texts = endpoint.asked.flatMap(({ input }) => input)
    expect(texts.filter((text) => text === 'Item number 0')).toHaveLength(1)
    expect(await claimJob(stores.db, randomUUID(), tenant)).toBeNull()
    expect((await jobsOfTenant(stores.db, { tenant, limit: 9 })).map(({ state }) => state)).toEqual(['done'])
  }, 60_000)

  it('never mixes models in an answer, whoever searches while it is switched to and fro', async () => {
    // Of the same size, each in dimensions of its own: across models every distance is 1.
    const { tenant, model } = await tenantOf(12, { dimensions: OLD, part: [4, 8] })
    await startReEmbedding(stores, { tenant, model })
    await runner(tenant).run()
    let ended = false
    const answered = { [MODEL]: 0, [model]: 0 }
    const searching = [stores, elsewhere].map(async (by, n) => {
      for (let turn = n; !ended; turn++) {
        const [name, part] = turn % 2 === 0 ? ([MODEL, OLD_PART] as const) : ([model, [4, 8]] as const)
        const content = `Item number ${turn % 12}`
        const found = await search(vectorOf(content, OLD, [part[0], part[1]]), tenant, name, by).catch(
          (error: unknown) => {
            expect(error).toMatchObject({ field: 'embeddingModel' })
            return null
          },
        )
        if (!found) continue
        answered[name] = (answered[name] ?? 0) + 1
        expect(found.items[0]).toMatchObject({ id: itemOf(turn % 12).id })
        expect(found.items[0]?.distance).toBeLessThan(1e-5)
      }
    })
    for (let turn = 0; turn < 6; turn++) {
      const [to, from, part] = turn % 2 === 0 ? ([model, MODEL, [4, 8]] as const) : ([MODEL, model, OLD_PART] as const)
      await switchModel(stores, { tenant, model: to })
      // A search begun after the switch was acknowledged is of the new model, in every process.
      for (const by of [elsewhere, stores]) {
        const found = await search(vectorOf('Item number 5', OLD, [part[0], part[1]]), tenant, undefined, by)
        expect(found.items[0]?.distance).toBeLessThan(1e-5)
        await expect(search(vectorOf('Item number 5', OLD), tenant, from, by)).rejects.toMatchObject({
          field: 'embeddingModel',
        })
      }
    }
    ended = true
    await Promise.all(searching)
    expect(Math.min(...Object.values(answered))).toBeGreaterThan(0)
  }, 60_000)

  it('ends with its tenant: an erasure leaves nothing of it', async () => {
    const { tenant, model, endpoint } = await tenantOf(8)
    await startReEmbedding(stores, { tenant, model })
    endpoint.answer(() => {})
    const running = runner(tenant, { deadlineMs: 30_000 }).run()
    await expect.poll(() => endpoint.asked.length, { timeout: 15_000 }).toBe(1)
    expect(await eraseTenant(stores, { slug: tenant })).toMatchObject({
      verified: true,
      postgres: { memoryReEmbeddings: 1 },
    })
    await running
    expect(await selectReEmbedding(stores.db, tenant)).toBeNull()
    expect(await jobsOfTenant(stores.db, { tenant, limit: 9 })).toEqual([])
  }, 60_000)
})
