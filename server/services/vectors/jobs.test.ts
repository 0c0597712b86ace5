import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectPostgres } from '@/db/postgres/client'
import { postgresEnv } from '@/db/postgres/env'
import { claimJob, jobsOfTenant } from '@/db/postgres/queries/jobs'
import { createIndex, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { lockBudget } from '@/db/postgres/queries/vectors-list'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { askForJob } from './ask-for-job'
import { cancelJob } from './cancel-job'
import { jobRunner } from './run-jobs'
import { searchMemory } from './search-memory'
import { itemsOf, newTenant, randomOf, remember, testStores, sql } from './test-memory'

const stores = testStores()
let embedded = false
beforeAll(async () => {
  await stores.redis.ready()
  embedded = (await lockBudget(stores.db)).embedded
})
afterAll(() => stores.close())

async function tenantWith(rows: number, dimensions: number) {
  const tenant = newTenant()
  const random = randomOf(rows + dimensions)
  const vector = () => Array.from({ length: dimensions }, () => random() - 0.5)
  await remember(stores, tenant, itemsOf(Array.from({ length: rows }, vector)))
  const partition = await selectPartition(stores.db, tenant)
  if (!partition) throw new Error('no partition')
  return { tenant, number: partition.number, vector }
}
const build = { kind: 'memory.build-index' } as const
const states = async (tenant: string) =>
  (await jobsOfTenant(stores.db, { tenant, limit: 10 })).map(({ state }) => state)

describe('work on an index', () => {
  it('builds it, replaces it by one with other parameters, and drops it; searches go on', async () => {
    const { tenant, number, vector } = await tenantWith(400, 8)
    const worker = jobRunner(stores, { tenant })
    const asked = await askForJob(stores, { tenant, work: build })
    expect(asked).toMatchObject({ state: 'queued', requestedBy: 'Engram' })
    expect(asked.estimateMs).toBeGreaterThanOrEqual(0)
    await expect(askForJob(stores, { tenant, work: build })).rejects.toMatchObject({ code: 'conflict' })
    await worker.run()
    const [first, ...others] = await vectorIndexes(stores.db, number)
    expect(first).toMatchObject({ valid: true })
    expect(others).toEqual([])

    await askForJob(stores, {
      tenant,
      work: { ...build, m: 8, efConstruction: 32, indexType: 'halfvec', metric: 'l2' },
    })
    await worker.run()
    const [second, ...rest] = await vectorIndexes(stores.db, number)
    expect(rest).toEqual([])
    expect(second?.name).not.toBe(first?.name)
    expect(await selectPartition(stores.db, tenant)).toMatchObject({
      m: 8,
      indexType: 'halfvec',
      metric: 'l2',
      indexed: true,
    })
    const plan = await stores.db.transaction(async (tx) => {
      await tx.execute(
        sql`select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_sort', 'off', true)`,
      )
      return tx.execute(sql`explain select id from memory where tenant = ${tenant}
        order by (embedding::halfvec(8)) <-> ${`[${vector().join()}]`}::halfvec(8) limit 3`)
    })
    expect(JSON.stringify(plan)).toContain(second?.name)
    expect(
      JSON.parse(await searchMemory(stores, { tenant, search: { embedding: vector(), k: 5 } })).items,
    ).toHaveLength(5)

    await askForJob(stores, { tenant, work: { kind: 'memory.vacuum' } })
    await worker.run()
    await askForJob(stores, { tenant, work: { kind: 'memory.drop-index' } })
    await worker.run()
    expect(await vectorIndexes(stores.db, number)).toEqual([])
    expect(await states(tenant)).toEqual(['done', 'done', 'done', 'done'])
  })

  it('refuses what cannot be indexed, and fails with what Postgres says', async () => {
    const { tenant, number } = await tenantWith(3, 2_500)
    await expect(askForJob(stores, { tenant, work: build })).rejects.toMatchObject({
      code: 'bad_request',
      field: 'indexType',
    })
    await expect(
      askForJob(stores, { tenant, work: { ...build, m: 50, efConstruction: 60, indexType: 'halfvec' } }),
    ).rejects.toMatchObject({
      field: 'efConstruction',
    })
    const huge = newTenant()
    await remember(stores, huge, itemsOf([[1e6, 1]]))
    await askForJob(stores, { tenant: huge, work: { ...build, indexType: 'halfvec' } })
    await jobRunner(stores, { tenant: huge }).run()
    const [job] = await jobsOfTenant(stores.db, { tenant: huge, limit: 1 })
    expect(job).toMatchObject({ state: 'failed', error: expect.stringContaining('out of range') })
    expect(await vectorIndexes(stores.db, number)).toEqual([])
    expect(await vectorIndexes(stores.db, (await selectPartition(stores.db, huge))?.number ?? 0)).toEqual([])
    expect(await selectPartition(stores.db, huge)).toMatchObject({ indexType: 'vector' })
  })

  it('a job that waits is cancelled at once', async () => {
    const { tenant } = await tenantWith(3, 2)
    const { id } = await askForJob(stores, { tenant, work: build })
    await cancelJob(stores, { id })
    await expect(cancelJob(stores, { id })).rejects.toMatchObject({ code: 'not_found' })
    await jobRunner(stores, { tenant }).run()
    expect(await states(tenant)).toEqual(['cancelled'])
  })

  it('one that runs is ended, and leaves nothing behind', async () => {
    // The embedded engine has one session: nobody is heard while it builds, and the job comes to its end.
    const { tenant, number } = await tenantWith(embedded ? 200 : 4_000, embedded ? 4 : 128)
    const { id } = await askForJob(stores, { tenant, work: { ...build, m: 32, efConstruction: embedded ? 64 : 1_000 } })
    const running = jobRunner(stores, { tenant }).run()
    await expect.poll(() => states(tenant)).not.toEqual(['queued'])
    await cancelJob(stores, { id }).catch(() => {})
    await running
    const [state] = await states(tenant)
    if (!embedded) expect(state).toBe('cancelled')
    expect((await vectorIndexes(stores.db, number)).filter(({ valid }) => !valid)).toEqual([])
    expect(await vectorIndexes(stores.db, number)).toHaveLength(state === 'done' ? 1 : 0)
  }, 60_000)

  it('a worker that stops gives back what it was doing, and the next one ends it', async () => {
    const { tenant, number } = await tenantWith(embedded ? 200 : 4_000, embedded ? 4 : 128)
    await askForJob(stores, { tenant, work: { ...build, m: 32, efConstruction: embedded ? 64 : 1_000 } })
    const first = jobRunner(stores, { tenant })
    const running = first.run()
    await expect.poll(() => states(tenant)).not.toEqual(['queued'])
    await first.stop()
    await running
    if (!embedded) expect(await states(tenant)).toEqual(['queued'])
    await stores.db.execute(sql`update jobs set params = params || '{"efConstruction": 64}' where tenant = ${tenant}`)
    await jobRunner(stores, { tenant }).run()
    expect(await states(tenant)).toEqual(['done'])
    expect(await vectorIndexes(stores.db, number)).toMatchObject([{ valid: true }])
  }, 60_000)

  it('what a killed worker left goes on without it: the next one ends that, clears up, and does it anew', async () => {
    const { tenant, number } = await tenantWith(embedded ? 200 : 4_000, embedded ? 4 : 128)
    const { id } = await askForJob(stores, { tenant, work: build })
    // The first worker as Postgres sees it once it was killed: its statement runs on, nobody beats.
    const dead = randomUUID()
    expect(await claimJob(stores.db, dead, tenant)).toMatchObject({ id })
    const space = {
      column: 'embedding',
      dimensions: embedded ? 4 : 128,
      metric: 'cosine',
      indexType: 'vector',
    } as const
    const name = `memory_t${number}_hnsw_left`
    const parameters = { indexMethod: 'hnsw', m: 32, efConstruction: embedded ? 64 : 1_000, lists: 0 } as const
    const left = createIndex(stores.db, { job: id, name, number, space, parameters })
    const outcome = left.then(
      () => 'built',
      () => 'ended',
    )
    await stores.db.execute(sql`update jobs set beat_at = now() - interval '1 min' where id = ${id}`)
    await jobRunner(stores, { tenant }).run()
    expect(await outcome).toBe(embedded ? 'built' : 'ended')
    expect(await states(tenant)).toEqual(['done'])
    expect(await vectorIndexes(stores.db, number)).toEqual([
      { name: `memory_t${number}_hnsw_${id.slice(0, 8)}`, valid: true },
    ])
  }, 60_000)

  it('what breaks off with Postgres is given back rather than failed, and is done anew', async () => {
    const { tenant, number } = await tenantWith(embedded ? 200 : 4_000, embedded ? 4 : 128)
    await askForJob(stores, { tenant, work: { ...build, m: 32, efConstruction: embedded ? 64 : 1_000 } })
    const link = await faultyLink(postgresEnv().url)
    const db = connectPostgres({ url: link.url, poolSize: 4, deadlineMs: 30_000, applicationName: 'test-broken-off' })
    const running = jobRunner({ ...stores, db }, { tenant }).run()
    const building = () =>
      stores.db.execute(sql`select from pg_stat_activity
        where application_name = 'test-broken-off' and state = 'active' and query like '/* engram job%'`)
    await expect.poll(() => states(tenant)).not.toEqual(['queued'])
    if (!embedded) await expect.poll(building, { interval: 5 }).toHaveLength(1)
    await stores.db.execute(sql`update jobs set params = params || '{"efConstruction": 64}' where tenant = ${tenant}`)
    link.cut()
    link.mend()
    // Where not even that could be written, the silence says it.
    await running.catch(() => {})
    await stores.db.execute(sql`update jobs set beat_at = now() - interval '1 min' where tenant = ${tenant}`)
    await jobRunner(stores, { tenant }).run()
    const [job] = await jobsOfTenant(stores.db, { tenant, limit: 1 })
    expect(job).toMatchObject({ state: 'done', error: null })
    if (!embedded) expect(job?.attempts).toBeGreaterThan(1)
    expect(await vectorIndexes(stores.db, number)).toMatchObject([{ valid: true }])
    await db.close()
    await link.close()
  }, 60_000)

  it('an erasure ends the work on its tenant', async () => {
    const { tenant } = await tenantWith(embedded ? 200 : 4_000, embedded ? 4 : 128)
    await askForJob(stores, { tenant, work: { ...build, m: 32, efConstruction: embedded ? 64 : 1_000 } })
    const running = jobRunner(stores, { tenant }).run()
    await expect.poll(() => states(tenant)).not.toEqual(['queued'])
    expect(await eraseTenant(stores, { slug: tenant })).toMatchObject({ verified: true })
    await running
    expect(await states(tenant)).toEqual([])
  }, 60_000)
})
