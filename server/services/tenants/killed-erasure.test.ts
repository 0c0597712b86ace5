import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countRowsOfTenant, selectTenant } from '@/db/postgres/queries/tenants'
import { tenantsLeftBehind } from '@/db/postgres/queries/vectors-partitions'
import { putEntry } from '@/server/services/cache/put-entry'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { addItems } from '@/server/services/vectors/add-items'
import { searchMemory } from '@/server/services/vectors/search-memory'
import { itemsOf, newTenant, remember, sql, testStores } from '@/server/services/vectors/test-memory'
import { eraseTenant } from './erase-tenant'
import { listReceipts } from './erasures'
import { runErasures } from './run-erasures'
import { checkReceipt } from './sign-receipt'

const stores = testStores()
const key = { id: null, tenants: null, simulated: false }
const [EVENTS, ITEMS, ANSWERS] = [120, 150, 200]
const KILLS = 10
/** Rounds that are killed there; the others at any time. */
const phases: Record<number, string> = { 2: 'verifying', 3: 'postgres', 4: 'partition', 5: 'verifying', 6: 'redis' }

beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

async function tenantWithAll(): Promise<string> {
  const tenant = newTenant()
  await remember(stores, tenant, itemsOf(Array.from({ length: ITEMS }, (_, n) => [1, n])))
  const events = Array.from({ length: EVENTS }, () => ({
    id: randomUUID(),
    tenant,
    user: `u-${randomInt(5)}`,
    provider: 'openai',
    model: 'gpt-4o-mini',
    inputTokens: 1,
    outputTokens: 1,
    occurredAt: '2022-11-05T10:00:00.000Z',
  }))
  await ingestUsage(stores, { key, events })
  const entries = Array.from({ length: ANSWERS }, (_, n) => ({ namespace: 'killed', tenant, key: `k${n}` }))
  for (const at of entries)
    await putEntry(stores, { key: at, entry: { value: '1', ttlSeconds: 600 }, simulated: false })
  return tenant
}

/** Erases in a process of its own, which says when it begins. */
function eraserOf(slug: string) {
  const script = `
    const { connectStores } = await import('@/server/services/stores')
    const { system } = await import('@/server/services/context')
    const { eraseTenant } = await import('@/server/services/tenants/erase-tenant')
    const stores = connectStores('worker')
    await stores.redis.ready()
    process.stdout.write('begun')
    await eraseTenant({ ...stores, actor: system }, { slug: ${JSON.stringify(slug)} })
    await stores.close()`
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: process.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** What a killed process did not say for fifteen seconds; nobody waits for them here. */
const fallSilent = (slug: string) =>
  stores.db.execute(sql`update erasures set beat_at = beat_at - interval '1 minute' where slug = ${slug}`)

it('killed at any point, an erasure is finished by a second call or by the worker, and its receipt counts everything', async () => {
  const stays = newTenant()
  await remember(stores, stays, itemsOf([[1, 0]]))
  let tookMs = 0
  for (let round = 0; round <= KILLS; round++) {
    const tenant = await tenantWithAll()
    const child = eraserOf(tenant)
    const exited = once(child, 'exit')
    await once(child.stdout, 'data')
    const begun = performance.now()
    // The first is left alone, to know how long there is to kill the others.
    if (round > 0) {
      const phase = phases[round]
      if (phase) await reached(tenant, phase, child)
      else await sleep(randomInt(Math.ceil(tookMs)))
      child.kill('SIGKILL')
    }
    await exited
    if (round === 0) tookMs = performance.now() - begun
    await fallSilent(tenant)
    const [state] = await statesOf(tenant)
    if (round % 2 === 0 || !state) await eraseTenant(stores, { slug: tenant }).catch(notFoundWhenDone(state))
    else if (state === 'running') await runErasures(stores)

    const [receipt, ...others] = await listReceipts(stores, { tenant, limit: 10 })
    expect(others).toEqual([])
    expect(receipt).toMatchObject({
      verified: true,
      found: { postgres: { llmUsage: EVENTS, memory: ITEMS, tenants: 1 }, redis: { answers: ANSWERS } },
      postgres: { llmUsage: EVENTS, usageEvents: EVENTS, memory: ITEMS, tenants: 1 },
      remaining: { postgres: { llmUsage: 0, memory: 0, tenants: 0 }, redis: { answers: 0 } },
    })
    expect(receipt?.redis.answers).toBeLessThanOrEqual(ANSWERS)
    if (receipt?.attempts === 1) expect(receipt.redis.answers).toBe(ANSWERS)
    expect(await checkReceipt(stores, { text: JSON.stringify(receipt) })).toMatchObject({ valid: true })
    expect(await selectTenant(stores.db, tenant)).toBeNull()
    expect(Object.values(await countRowsOfTenant(stores.db, tenant)).filter(Boolean)).toEqual([])
  }
  expect(await orphans()).toEqual([])
  expect(await searchMemory(stores, { tenant: stays, search: { embedding: [1, 0], k: 1 } })).toContain('i00000')
}, 240_000)

/** Until the erasure is there, or past it. */
async function reached(slug: string, phase: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const [row] = await stores.db.execute<{ phase: string }>(sql`select phase from erasures where slug = ${slug}`)
    if (row?.phase === phase) return
  }
}

const notFoundWhenDone = (state: string | undefined) => (error: unknown) => {
  expect(state).toBe('done')
  expect(error).toMatchObject({ code: 'not_found' })
}

async function orphans() {
  const rows = await stores.db.execute<{ name: string }>(sql`
    select relname as name from pg_class where relkind = 'r' and relname like 'memory\\_t%'
      and not exists (select from memory_partitions where relname = 'memory_t' || number) order by 1 limit 10`)
  return rows.map(({ name }) => name)
}

it('who asks while it is under way gets the receipt of the same erasure; another policy is refused', async () => {
  const tenant = await tenantWithAll()
  const both = [eraseTenant(stores, { slug: tenant }), eraseTenant(stores, { slug: tenant })]
  const [first, second] = await Promise.allSettled(both)
  const receipts = [first, second].flatMap((one) => (one?.status === 'fulfilled' ? [one.value] : []))
  expect(new Set(receipts.map(({ id }) => id)).size).toBe(1)
  const lost = [first, second].find((one) => one?.status === 'rejected')
  // Both asked in the same moment: the later one is told that it is under way.
  if (lost?.status === 'rejected') expect(lost.reason).toMatchObject({ code: 'conflict' })

  const other = await tenantWithAll()
  const running = eraseTenant(stores, { slug: other })
  await expect.poll(() => statesOf(other)).toEqual(['running'])
  await expect(eraseTenant(stores, { slug: other, usage: 'keep' })).rejects.toMatchObject({ code: 'conflict' })
  const waited = await eraseTenant(stores, { slug: other })
  expect(waited.id).toBe((await running).id)
}, 60_000)

const statesOf = async (slug: string) =>
  (await stores.db.execute<{ state: string }>(sql`select state from erasures where slug = ${slug}`)).map(
    ({ state }) => state,
  )

it('items that are written all the while belong to a tenant that is there, or to none', async () => {
  const tenant = newTenant()
  await remember(stores, tenant, itemsOf([[1, 0]]))
  let going = true
  const writing = (async () => {
    for (let n = 0; going; n++) {
      const items = itemsOf([[1, n]]).map((item) => ({ ...item, id: `w${n}` }))
      // Refused while its partition is on its way out; what is acknowledged is there.
      await addItems(stores, { tenant, items, simulated: false }).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'conflict' })
      })
    }
  })()
  for (let round = 0; round < 4; round++) {
    await sleep(100)
    await eraseTenant(stores, { slug: tenant }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'not_found' }) // nobody wrote since the erasure before
    })
  }
  going = false
  await writing
  expect(await orphans()).toEqual([])
  expect(await tenantsLeftBehind(stores.db, new Date(Date.now() + 1_000))).not.toContain(tenant)
  if (await selectTenant(stores.db, tenant)) await eraseTenant(stores, { slug: tenant })
  expect(Object.values(await countRowsOfTenant(stores.db, tenant)).filter(Boolean)).toEqual([])
}, 60_000)
