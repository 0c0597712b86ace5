import { afterAll, beforeAll, expect, it } from 'vitest'
import { detachPartition, reattachPartition, tenantsLeftBehind } from '@/db/postgres/queries/vectors-partitions'
import { samplePartitionsDue } from '@/server/worker/jobs/memory'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { addItems } from './add-items'
import { searchMemory } from './search-memory'
import { itemsOf, newTenant, remember, testStores, sql } from './test-memory'

const stores = testStores()
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const searched = (tenant: string) => searchMemory(stores, { tenant, search: { embedding: [1, 0], k: 9 } })
const two = itemsOf([
  [1, 0],
  [0, 1],
])
async function orphans() {
  const rows = await stores.db.execute<{ name: string }>(sql`
    select relname as name from pg_class where relkind = 'r' and relname like 'memory\\_t%'
      and not exists (select from memory_partitions where relname = 'memory_t' || number) order by 1 limit 10`)
  return rows.map(({ name }) => name)
}

it('several tenants leave at once with their partitions, and others are searched all the while', async () => {
  const [stays, ...leave] = Array.from({ length: 5 }, newTenant)
  for (const tenant of [stays ?? '', ...leave]) await remember(stores, tenant, two)
  let going = true
  let failed = 0
  const others = (async () => {
    while (going) if (!(await searched(stays ?? '')).includes('i00001')) failed++
  })()
  const receipts = await Promise.all(leave.map((slug) => eraseTenant(stores, { slug })))
  going = false
  await others
  expect(failed).toBe(0)
  expect(receipts.map(({ postgres, verified }) => ({ memory: postgres.memory, verified }))).toEqual(
    leave.map(() => ({ memory: 2, verified: true })),
  )
  for (const tenant of leave)
    await expect(searched(tenant)).rejects.toMatchObject({ code: 'not_found', field: 'tenant' })
  expect(await orphans()).toEqual([])
})

it('who comes back begins anew, with another model if it likes', async () => {
  const tenant = newTenant()
  await remember(stores, tenant, two)
  await eraseTenant(stores, { slug: tenant })
  const items = itemsOf([[1, 2, 3]], { embeddingModel: 'another' })
  // The settings of a process are at most a second old.
  await expect
    .poll(async () => (await addItems(stores, { tenant, items, simulated: false }).catch(() => null))?.added, {
      timeout: 5_000,
    })
    .toBe(1)
})

it('an erasure that came to no end gives back what it took out', async () => {
  const tenant = newTenant()
  await remember(stores, tenant, two)
  await detachPartition(stores.db, tenant)
  await expect(addItems(stores, { tenant, items: two, simulated: false })).rejects.toMatchObject({ code: 'conflict' })
  expect(await tenantsLeftBehind(stores.db, new Date(Date.now() + 1_000))).toContain(tenant)
  await reattachPartition(stores.db, tenant)
  expect(await addItems(stores, { tenant, items: two, simulated: false })).toMatchObject({ unchanged: 2 })
  expect(await tenantsLeftBehind(stores.db, new Date(Date.now() + 1_000))).not.toContain(tenant)
})

it('what was seen of a tenant while it was erased goes at the next look', async () => {
  const tenant = newTenant()
  await stores.db
    .execute(sql`insert into memory_samples (tenant, sampled_at, rows, dead_rows, table_bytes, toast_bytes, other_index_bytes,
      index_state, index_blocks_hit, index_blocks_read, relations, searches_per_minute)
    values (${tenant}, now(), 1, 0, 0, 0, 0, 'none', 0, 0, 1, 0)`)
  await samplePartitionsDue(stores)
  expect(await stores.db.execute(sql`select tenant from memory_samples where tenant = ${tenant}`)).toHaveLength(0)
})
