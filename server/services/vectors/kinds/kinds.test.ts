import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Postgres } from '@/db/postgres/client'
import { jobsOfTenant } from '@/db/postgres/queries/jobs'
import { kindIndexes } from '@/db/postgres/queries/vectors-kinds'
import { vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { searchItems } from '@/db/postgres/queries/vectors-search'
import { activityCounter } from '@/server/services/vectors/activity-counter'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { registerModel } from '@/server/services/vectors/models/register-model'
import { testEndpoint } from '@/server/services/vectors/models/test-endpoint'
import { forgetPartition, spaceOf } from '@/server/services/vectors/partitions'
import { startReEmbedding } from '@/server/services/vectors/re-embedding/start-re-embedding'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import { searchMemory } from '@/server/services/vectors/search-memory'
import { itemsOf, newTenant, randomOf, remember, testStores } from '@/server/services/vectors/test-memory'
import { kindsOfTenant } from './kinds-of-tenant'
import { paysOwnIndex } from './judge-kinds'

const stores = testStores()
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const ROWS = 6_000
const DIMENSIONS = 8
const RARE = { kind: 'memory.build-index', forKind: 'rare' } as const
const work = (tenant: string) => jobRunner(stores, { tenant }).run()

describe('an index of one kind', () => {
  const tenant = newTenant()
  const random = randomOf(31)
  const vector = () => Array.from({ length: DIMENSIONS }, () => random() - 0.5)
  const partition = async () => {
    const found = await selectPartition(stores.db, tenant)
    if (!found) throw new Error('no partition')
    return found
  }
  const indexes = async () => {
    const { number } = await partition()
    return {
      all: (await vectorIndexes(stores.db, number)).length,
      kinds: await kindIndexes(stores.db, number, 'embedding'),
    }
  }
  /** The plan of the very statement that a search sends, where nothing but an index may order. */
  const planOf = async (kind: string) => {
    const now = await partition()
    const space = spaceOf(now)
    if (!space) throw new Error('no space')
    let plan = ''
    const message: Postgres['message'] = async (statements) => {
      const plain = `select set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true),
        set_config('enable_bitmapscan', 'off', true)`
      const answers = await stores.db.message([plain, ...statements.slice(0, -1), `explain ${statements.at(-1)}`])
      plan = JSON.stringify(answers.at(-1))
      return [[], []]
    }
    const asked = { tenant, space, embedding: vector(), filter: { kind }, k: 10, width: { efSearch: 40 }, exact: false }
    await searchItems({ message }, { ...asked, changing: false })
    return plan
  }

  beforeAll(async () => {
    await remember(stores, tenant, itemsOf(Array.from({ length: ROWS }, vector)))
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index' } })
    await work(tenant)
  })

  it('is proposed where many searches ask for few of the rows, as counted', async () => {
    const activity = activityCounter(stores)
    const search = async (kind?: string) =>
      searchMemory(stores, { tenant, search: { embedding: vector(), k: 5, kind }, activity })
    const before = await kindsOfTenant(stores, { tenant })
    expect(before.kinds.map(({ kind, pays }) => [kind, pays])).toEqual([
      ['note', false],
      ['rare', false],
    ])
    for (let n = 0; n < 120; n++) await search(n % 3 ? 'rare' : n % 2 ? 'note' : undefined)
    await activity.flush()
    const { kinds, searches, exact } = await kindsOfTenant(stores, { tenant })
    expect({ searches, exact }).toEqual({ searches: 120, exact: true })
    expect(kinds).toMatchObject([
      { kind: 'note', rowShare: 0.9, searches: 20, pays: false, index: null },
      { kind: 'rare', rows: ROWS / 10, rowShare: 0.1, searches: 80, pays: false, index: null },
    ])
    // Of as many rows as pay, it would be.
    expect(paysOwnIndex({ ...(kinds[1] ?? never()), rows: 1_000 }, searches)).toBe(true)
    expect(paysOwnIndex({ ...(kinds[1] ?? never()), rows: 1_000 }, 99)).toBe(false)
  })

  it('is built beside that of all items, and used by the statement that searches send for that kind alone', async () => {
    expect(await planOf('rare')).toContain('_hnsw_')
    await askForJob(stores, { tenant, work: RARE })
    await work(tenant)
    const { all, kinds } = await indexes()
    expect(all).toBe(2)
    expect(kinds).toMatchObject([{ kind: 'rare', valid: true }])
    expect(await planOf('rare')).toContain(kinds[0]?.name)
    expect(await planOf('note')).not.toContain(kinds[0]?.name)
    const { kinds: shown } = await kindsOfTenant(stores, { tenant })
    const index = shown.find(({ kind }) => kind === 'rare')
    expect(index?.index?.bytes).toBeLessThan(1.3 * (index?.predictedBytes ?? 0))
    forgetPartition(stores, tenant)
    const found = JSON.parse(
      await searchMemory(stores, { tenant, search: { embedding: vector(), k: 50, kind: 'rare' } }),
    ) as { items: { kind: string }[] }
    expect(found.items.map(({ kind }) => kind)).toEqual(Array.from({ length: 50 }, () => 'rare'))
  })

  it('is rebuilt with the other, comes back after sleep, and goes by itself or with it', async () => {
    const [before] = (await indexes()).kinds
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index', indexType: 'halfvec' } })
    await work(tenant)
    const rebuilt = await indexes()
    expect([rebuilt.all, rebuilt.kinds.length, rebuilt.kinds[0]?.name === before?.name]).toEqual([2, 1, false])
    expect(await planOf('rare')).toContain(rebuilt.kinds[0]?.name)

    await askForJob(stores, { tenant, work: { kind: 'memory.sleep' } })
    await work(tenant)
    expect(await indexes()).toEqual({ all: 0, kinds: [] })
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index' } })
    await work(tenant)
    expect(await indexes()).toMatchObject({ all: 2, kinds: [{ kind: 'rare', valid: true }] })

    await askForJob(stores, { tenant, work: { kind: 'memory.drop-index', forKind: 'rare' } })
    await work(tenant)
    expect(await indexes()).toMatchObject({ all: 1, kinds: [] })
    expect(await partition()).toMatchObject({ indexed: true, indexKinds: [] })
    await askForJob(stores, { tenant, work: RARE })
    await work(tenant)
    await askForJob(stores, { tenant, work: { kind: 'memory.drop-index' } })
    await work(tenant)
    expect(await indexes()).toEqual({ all: 0, kinds: [] })
    expect((await jobsOfTenant(stores.db, { tenant, limit: 20 })).every(({ state }) => state === 'done')).toBe(true)
  })

  it('is refused without one of all items, for a kind that cannot be written, and for too many', async () => {
    await expect(askForJob(stores, { tenant, work: RARE })).rejects.toMatchObject({ code: 'conflict', field: 'tenant' })
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index' } })
    await work(tenant)
    const quoted = { ...RARE, forKind: "x' or true --" }
    await expect(askForJob(stores, { tenant, work: quoted })).rejects.toMatchObject({ field: 'forKind' })
    for (const forKind of ['a', 'b', 'c']) {
      await askForJob(stores, { tenant, work: { ...RARE, forKind } })
      await work(tenant)
    }
    await expect(askForJob(stores, { tenant, work: RARE })).rejects.toMatchObject({
      code: 'conflict',
      field: 'forKind',
    })
  })
})

it('R9: with as many kinds as there may be, of two models, a search locks at most 16 relations', async () => {
  const tenant = newTenant()
  const random = randomOf(8)
  const vectors = Array.from({ length: 90 }, () => Array.from({ length: 4 }, () => random() - 0.5))
  const kinds = ['a', 'b', 'c']
  const items = itemsOf(vectors).map((item, n) => ({ ...item, kind: kinds[n % 3] ?? 'a' }))
  await remember(stores, tenant, items)
  const endpoint = await testEndpoint({ dimensions: 5 })
  try {
    await registerModel(stores, endpoint.model)
    await askForJob(stores, { tenant, work: { kind: 'memory.build-index' } })
    await work(tenant)
    for (const forKind of kinds) {
      await askForJob(stores, { tenant, work: { ...RARE, forKind } })
      await work(tenant)
    }
    await startReEmbedding(stores, { tenant, model: endpoint.model.name })
    await work(tenant)
  } finally {
    await endpoint.close()
  }
  const partition = await selectPartition(stores.db, tenant)
  const space = partition && spaceOf(partition)
  if (!space) throw new Error('no space')
  expect(await vectorIndexes(stores.db, partition.number)).toHaveLength(8)
  let locked = 0
  const message: Postgres['message'] = async (statements) => {
    const locks = `select count(distinct relation)::int as n from pg_locks join pg_class on pg_class.oid = relation
      where pid = pg_backend_pid() and relname ~ '^memory(_t[0-9]+.*|_pkey|_user_idx|_tenant_id_pk)?$'`
    const answers = await stores.db.message([...statements, 'reset role', locks])
    locked = (answers.pop() as { n: number }[])[0]?.n ?? 0
    return answers.slice(0, -1)
  }
  const asked = { tenant, space, embedding: vectors[0] ?? [], filter: { kind: 'a' }, k: 5, width: { efSearch: 40 } }
  await searchItems({ message }, { ...asked, exact: false, changing: true })
  // And TOAST with its index, while a content is read.
  expect(locked + 2).toBe(16)

  // A rebuild would stand beside all of them; with one kind it has room.
  const rebuild = () => askForJob(stores, { tenant, work: { kind: 'memory.build-index' } })
  await expect(rebuild()).rejects.toMatchObject({ code: 'conflict', field: 'tenant' })
  for (const forKind of ['a', 'b']) {
    await askForJob(stores, { tenant, work: { kind: 'memory.drop-index', forKind } })
    await work(tenant)
  }
  await rebuild()
  await work(tenant)
  expect(await vectorIndexes(stores.db, partition.number)).toHaveLength(4)
}, 60_000)

function never(): never {
  throw new Error('no such kind')
}
