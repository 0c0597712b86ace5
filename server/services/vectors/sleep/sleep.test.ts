import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimJob, jobsOfTenant } from '@/db/postgres/queries/jobs'
import { vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { samplePartitions } from '@/db/postgres/queries/vectors-samples'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { cancelJob } from '@/server/services/vectors/cancel-job'
import { deleteItem } from '@/server/services/vectors/delete-item'
import { listVectors } from '@/server/services/vectors/list-vectors'
import { forgetPartition } from '@/server/services/vectors/partitions'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import { searchMemory } from '@/server/services/vectors/search-memory'
import { itemsOf, newTenant, randomOf, remember, sql, testStores } from '@/server/services/vectors/test-memory'
import { setSleep } from './set-sleep'
import { sleepIdle } from './sleep-idle'

const stores = testStores()
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const DIMENSIONS = 8
const vectors = (seed: number) => {
  const random = randomOf(seed)
  return () => Array.from({ length: DIMENSIONS }, () => random() - 0.5)
}
const sleep = { kind: 'memory.sleep' } as const
const build = { kind: 'memory.build-index', m: 8, efConstruction: 32 } as const
const work = (tenant: string) => jobRunner(stores, { tenant }).run()
const stateOf = async (tenant: string) => {
  const partition = await selectPartition(stores.db, tenant)
  return partition && { indexed: partition.indexed, off: partition.indexOff, by: partition.indexWantedBy }
}
const AWAKE = { indexed: true, off: false, by: null }
const ASLEEP = { indexed: false, off: true, by: null }
const found = async (tenant: string, embedding: number[]) => {
  forgetPartition(stores, tenant)
  const { items } = JSON.parse(await searchMemory(stores, { tenant, search: { embedding, k: 20 } })) as {
    items: { id: string; distance: number }[]
  }
  return items
}
const rowOf = async (tenant: string) => {
  const report = await listVectors(stores, { tenant, search: null, sort: 'rows', descending: true })
  return { ...report.tenants[0], totals: report.totals }
}

async function indexedTenant() {
  const tenant = newTenant()
  const vector = vectors(23)
  await remember(stores, tenant, itemsOf(Array.from({ length: 300 }, vector)))
  await askForJob(stores, { tenant, work: build })
  await work(tenant)
  expect(await stateOf(tenant)).toEqual(AWAKE)
  return { tenant, vector }
}
async function sleepingTenant() {
  const { tenant, vector } = await indexedTenant()
  await askForJob(stores, { tenant, work: sleep })
  await work(tenant)
  expect(await stateOf(tenant)).toEqual(ASLEEP)
  return { tenant, vector }
}
/** As if nothing had been done with it for so long. */
async function unusedFor(tenant: string, days: number) {
  await stores.db.execute(
    sql`update memory_partitions set created_at = now() - make_interval(days => ${days}) where tenant = ${tenant}`,
  )
  await stores.db.execute(
    sql`update jobs set finished_at = now() - make_interval(days => ${days}) where tenant = ${tenant}`,
  )
}

describe('a tenant that is put to sleep', () => {
  it('frees its index, is searched exactly, and the first search brings the index back as it was', async () => {
    const { tenant, vector } = await indexedTenant()
    const { indexBytes } = await rowOf(tenant)
    await askForJob(stores, { tenant, work: sleep })
    await work(tenant)
    expect(await stateOf(tenant)).toEqual(ASLEEP)
    const row = await rowOf(tenant)
    expect(row).toMatchObject({ indexState: 'none', indexBytes: null, indexOffBytes: indexBytes, indexWantedBy: null })
    expect(row.totals).toMatchObject({ asleep: 1, asleepBytes: indexBytes })
    await work(tenant) // nobody asked for it: it sleeps on
    expect(await stateOf(tenant)).toEqual(ASLEEP)

    const asked = vector()
    const exact = await found(tenant, asked)
    expect(exact).toHaveLength(20)
    await expect.poll(() => stateOf(tenant)).toEqual({ indexed: false, off: true, by: 'search' })
    expect((await found(tenant, vector())).length).toBe(20)
    await work(tenant)
    expect(await stateOf(tenant)).toEqual(AWAKE)
    expect(await rowOf(tenant)).toMatchObject({ indexM: 8, indexEfConstruction: 32, indexOffAt: null, indexBytes })
    const [job] = await jobsOfTenant(stores.db, { tenant, limit: 1 })
    expect(job).toMatchObject({ kind: 'memory.build-index', state: 'done', requestedBy: 'Engram' })

    const audit = await stores.db.execute<{ action: string; kind: string; reason: string | null }>(sql`
      select action, after->>'kind' as kind, reason from audit where target = ${tenant} order by id`)
    expect(audit.slice(2).map(({ action, kind, reason }) => [action, kind, reason])).toEqual([
      ['vectors.ask-for-job', 'memory.sleep', null],
      ['vectors.job-ended', 'memory.sleep', null],
      ['vectors.ask-for-job', 'memory.build-index', 'searched while it was asleep'],
      ['vectors.job-ended', 'memory.build-index', null],
    ])
  })

  it('is woken by a write, and by a click, and not by what is forgotten', async () => {
    const { tenant, vector } = await sleepingTenant()
    forgetPartition(stores, tenant)
    await deleteItem(stores, { tenant, id: 'i00000', simulated: false })
    await work(tenant)
    expect(await stateOf(tenant)).toEqual(ASLEEP)
    await remember(stores, tenant, itemsOf([vector()]))
    await expect.poll(() => stateOf(tenant)).toMatchObject({ by: 'write' })
    await work(tenant)
    expect(await stateOf(tenant)).toEqual(AWAKE)

    await askForJob(stores, { tenant, work: sleep })
    await work(tenant)
    await askForJob(stores, { tenant, work: build })
    expect(await stateOf(tenant)).toEqual({ indexed: false, off: false, by: null })
    await work(tenant)
    expect(await stateOf(tenant)).toEqual(AWAKE)
  })

  it('whose waking is cancelled stays without an index, and is not built for again', async () => {
    const { tenant, vector } = await sleepingTenant()
    await found(tenant, vector())
    await expect.poll(() => stateOf(tenant)).toMatchObject({ by: 'search' })
    const stopped = jobRunner(stores, { tenant })
    await stopped.stop()
    await stopped.run() // queues it, and begins nothing
    const [job] = await jobsOfTenant(stores.db, { tenant, limit: 1 })
    expect(job).toMatchObject({ kind: 'memory.build-index', state: 'queued' })
    await cancelJob(stores, { id: job?.id ?? '' })
    await work(tenant)
    expect(await stateOf(tenant)).toEqual({ indexed: false, off: false, by: null })
  })

  it('by a worker that is killed between the note and the drop, or after it, is so once the next one takes over', async () => {
    for (const dropped of [false, true]) {
      const { tenant, vector } = await indexedTenant()
      const { id } = await askForJob(stores, { tenant, work: sleep })
      expect(await claimJob(stores.db, '00000000-0000-4000-8000-000000000000', tenant)).toMatchObject({ id })
      const number = (await selectPartition(stores.db, tenant))?.number ?? 0
      await stores.db.execute(
        sql`update memory_partitions set index_off_at = now(), index_off_bytes = 77 where tenant = ${tenant}`,
      )
      if (dropped)
        for (const { name } of await vectorIndexes(stores.db, number)) await stores.db.execute(`drop index ${name}`)
      await found(tenant, vector()) // wakes it already
      await expect.poll(() => stateOf(tenant)).toMatchObject({ by: 'search' })
      await stores.db.execute(sql`update jobs set beat_at = now() - interval '1 min' where id = ${id}`)
      await work(tenant)
      expect(await stateOf(tenant)).toEqual({ indexed: false, off: true, by: 'search' })
      await work(tenant)
      expect(await stateOf(tenant)).toEqual(AWAKE)
      expect(await vectorIndexes(stores.db, number)).toHaveLength(1)
    }
  })

  it('is refused without an index, and leaves with its tenant', async () => {
    const tenant = newTenant()
    await remember(stores, tenant, itemsOf([[1, 2]]))
    await expect(askForJob(stores, { tenant, work: sleep })).rejects.toMatchObject({
      code: 'conflict',
      field: 'tenant',
    })
    const sleeping = await sleepingTenant()
    expect(await eraseTenant(stores, { slug: sleeping.tenant })).toMatchObject({ verified: true })
    expect(await stateOf(sleeping.tenant)).toBeNull()
  })
})

describe('indexes that nobody uses', () => {
  it('are given up after as many days as operators set, and not before; off, none is', async () => {
    const [idle, used] = [await indexedTenant(), await indexedTenant()]
    const both = [idle.tenant, used.tenant]
    for (const tenant of both) await unusedFor(tenant, 8)
    await stores.db.execute(sql`
      insert into memory_activity (minute, tenant, process, searches, cached, bins, added, updated, deleted)
      values (now() - interval '1 day', ${used.tenant}, 'test', 1, 0, '{}', 0, 0, 0)`)
    const run = async () => {
      for (const tenant of both) await samplePartitions(stores.db, { tenant })
      for (const tenant of both) await sleepIdle(stores, { tenant })
      for (const tenant of both) await work(tenant)
      return Promise.all(both.map(stateOf))
    }
    try {
      expect(await run()).toEqual([AWAKE, AWAKE])
      const { sleep: proposed } = await listVectors(stores, {
        ...{ tenant: idle.tenant, search: null, sort: 'rows', descending: true },
      })
      const { indexBytes } = await rowOf(idle.tenant)
      expect(proposed).toEqual({ afterDays: null, idle: { tenants: 1, bytes: indexBytes, largest: [idle.tenant] } })
      await setSleep(stores, { afterDays: 9 })
      expect(await run()).toEqual([AWAKE, AWAKE])
      await setSleep(stores, { afterDays: 7 })
      expect(await run()).toEqual([ASLEEP, AWAKE])
    } finally {
      await setSleep(stores, { afterDays: null })
    }
    const [row] = await stores.db.execute<{ reason: string; actor: string }>(sql`
      select reason, actor_name as actor from audit where target = ${idle.tenant} and after->>'kind' = 'memory.sleep'
      and action = 'vectors.ask-for-job'`)
    expect(row).toMatchObject({ reason: 'not used for 7 days' })
  })
})
