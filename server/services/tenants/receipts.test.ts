import { execFile } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countRowsOfTenant, insertMissingTenants } from '@/db/postgres/queries/tenants'
import { addPartition } from '@/db/postgres/queries/vectors-partitions'
import { putEntry } from '@/server/services/cache/put-entry'
import { createKey } from '@/server/services/keys/create-key'
import { authenticateKey } from '@/server/services/keys/authenticate-key'
import { differencesIn } from '@/server/services/usage/checks/check-usage'
import { ingestUsage } from '@/server/services/usage/ingest-usage'
import { summariseUsage } from '@/server/services/usage/summarise-usage'
import { itemsOf, newTenant, remember, sql, testStores } from '@/server/services/vectors/test-memory'
import { foldUsage } from '@/server/worker/jobs/fold-usage'
import { countTenant } from './count-tenant'
import { eraseTenant } from './erase-tenant'
import { canonical, checkReceipt, publicKeys } from './sign-receipt'
import type { ErasureReceipt } from './tenants.schema'

const stores = testStores()
const key = { id: null, tenants: null, simulated: false }
/** Hours that no other test writes to. */
const start = Date.UTC(2021, 3, 1) + randomInt(600) * 3_600_000
const window = { from: new Date(start), to: new Date(start + 3_600_000) }

beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const event = (tenant: string, user: string) => ({
  id: randomUUID(),
  tenant,
  user,
  conversation: `c-${user}`,
  provider: 'openai',
  model: 'gpt-4o-mini',
  inputTokens: 100,
  outputTokens: 7,
  occurredAt: new Date(start + randomInt(3_600_000)).toISOString(),
})

async function tenantWithUsage() {
  const tenant = newTenant()
  const events = ['ann', 'ann', 'ben'].map((user) => event(tenant, user))
  await ingestUsage(stores, { key, events: events.slice(0, 2) })
  await foldUsage(stores)
  await ingestUsage(stores, { key, events: events.slice(2) }) // waits to be folded
  await putEntry(stores, {
    key: { namespace: 'n', tenant, key: 'k' },
    entry: { value: '1', ttlSeconds: 60 },
    simulated: false,
  })
  await remember(stores, tenant, itemsOf([[1, 0]]))
  return { tenant, events }
}
const totals = async () => (await summariseUsage(stores, { ...window, timezone: 'UTC', groupBy: 'user' })) as Summary
type Summary = { totals: { requests: number; costUsd: string }; groups: { key: string | null; requests: number }[] }

it('a dry run says what an erasure then takes, and changes nothing', async () => {
  const { tenant } = await tenantWithUsage()
  const before = await countTenant(stores, { slug: tenant })
  expect(await countTenant(stores, { slug: tenant })).toMatchObject({ redis: before.redis, postgres: before.postgres })
  expect(before).toMatchObject({ redis: { answers: 1 }, postgres: { llmUsage: 3, memory: 1, tenants: 1 } })
  const receipt = await eraseTenant(stores, { slug: tenant })
  expect(receipt).toMatchObject({ attempts: 1, found: { redis: before.redis }, verified: true, usage: 'erase' })
  expect(receipt.redis).toEqual(before.redis)
  await expect(countTenant(stores, { slug: tenant })).rejects.toMatchObject({ code: 'not_found', field: 'slug' })
})

it('R7: anonymised usage stays in every sum, and nothing leads back to the tenant or its users', async () => {
  const before = await totals()
  const { tenant, events } = await tenantWithUsage()
  const receipt = await eraseTenant(stores, { slug: tenant, usage: 'anonymise' })
  expect(receipt).toMatchObject({
    verified: true,
    kept: { llmUsage: 3, usageEvents: 3 },
    postgres: { llmUsage: 0, memory: 1 },
  })
  expect(Object.values(await countRowsOfTenant(stores.db, tenant)).filter(Boolean)).toEqual([])
  await foldUsage(stores)
  const after = await totals()
  expect(after.totals.requests).toBe(before.totals.requests + 3)
  expect(await differencesIn(stores, window)).toEqual([])
  // Two users, two calls and one, under names that are new.
  const added = after.groups.filter(({ key }) => !before.groups.some((group) => group.key === key))
  expect(added.map(({ requests }) => requests).sort()).toEqual([1, 2])
  const rows = await stores.db.execute<{ said: string }>(sql`
    select string_agg(u::text, ' ') as said from llm_usage u
    where occurred_at >= ${window.from.toISOString()}::timestamptz and occurred_at < ${window.to.toISOString()}::timestamptz
      and tenant like 'erased-%'`)
  for (const word of [tenant, 'ann', 'ben', ...events.map(({ id }) => id)]) expect(rows[0]?.said).not.toContain(word)
  // The receipt does not say the new name either.
  expect(JSON.stringify(receipt)).not.toMatch(/erased-[0-9a-f]{12}/)
})

it('R6: kept usage stays under its name, is said to be kept, and the same calls again are duplicates', async () => {
  const { tenant, events } = await tenantWithUsage()
  const receipt = await eraseTenant(stores, { slug: tenant, usage: 'keep' })
  expect(receipt).toMatchObject({
    verified: true,
    kept: { llmUsage: 3, usageEvents: 3 },
    postgres: { llmUsage: 0, usageEvents: 0, memory: 1, tenants: 1 },
    remaining: { postgres: { llmUsage: 3, memory: 0, tenants: 0 } },
  })
  await foldUsage(stores)
  expect(await differencesIn(stores, window)).toEqual([])
  expect(await ingestUsage(stores, { key, events })).toMatchObject({ reply: { accepted: 0, duplicates: 3 } })
  // To end it for good, erase it once more.
  expect(await eraseTenant(stores, { slug: tenant })).toMatchObject({ postgres: { llmUsage: 3 }, verified: true })
})

it('a name that a process registers again meanwhile is nothing that was left', async () => {
  const tenant = newTenant()
  await remember(stores, tenant, itemsOf([[1, 0]]))
  let over = false
  const erasing = eraseTenant(stores, { slug: tenant }).finally(() => (over = true))
  while (!over) {
    await insertMissingTenants(stores.db, [tenant], false)
    await addPartition(stores.db, tenant)
  }
  expect(await erasing).toMatchObject({ verified: true, postgres: { memory: 1 } })
  expect(await countRowsOfTenant(stores.db, tenant)).toMatchObject({ tenants: 1, memoryPartitions: 1 })
})

it('a key of the tenant alone is revoked, one of several acts for the others', async () => {
  const [tenant, other] = [newTenant(), newTenant()]
  for (const slug of [tenant, other]) await ingestUsage(stores, { key, events: [event(slug, 'u')] })
  const alone = await createKey(stores, { name: 'alone', scope: 'app', tenants: [tenant] })
  const both = await createKey(stores, { name: 'both', scope: 'app', tenants: [tenant, other] })
  expect(await eraseTenant(stores, { slug: tenant })).toMatchObject({ postgres: { apiKeys: 2 }, verified: true })
  expect(await authenticateKey(stores, alone.key)).toBeNull()
  expect(await authenticateKey(stores, both.key)).toMatchObject({ tenants: [other] })
})

it('a receipt is checked with what was signed, by Engram and by openssl; a changed one is not', async () => {
  const { tenant } = await tenantWithUsage()
  const receipt = await eraseTenant(stores, { slug: tenant })
  const check = (kept: unknown) => checkReceipt(stores, { text: JSON.stringify(kept, null, 2) })
  expect(await check(receipt)).toEqual({ valid: true, keyId: receipt.signature.keyId })
  const turned = Object.fromEntries(Object.entries(receipt).reverse())
  expect(await check(turned)).toMatchObject({ valid: true })
  expect(await check({ ...receipt, verified: false })).toMatchObject({ valid: false })
  expect(await check({ ...receipt, postgres: { ...receipt.postgres, memory: 2 } })).toMatchObject({ valid: false })
  expect(await check({ ...receipt, signature: { ...receipt.signature, keyId: 'ffff' } })).toMatchObject({
    valid: false,
  })
  expect(await checkReceipt(stores, { text: 'no JSON' })).toMatchObject({ valid: false })

  const folder = await mkdtemp(join(tmpdir(), 'receipt-'))
  const { signature, ...unsigned } = receipt satisfies ErasureReceipt
  const [publicKey] = await publicKeys(stores)
  await writeFile(join(folder, 'key.pem'), publicKey?.publicKey ?? '')
  await writeFile(join(folder, 'signed'), canonical(unsigned))
  await writeFile(join(folder, 'signature'), Buffer.from(signature.value, 'base64'))
  const openssl = 'pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature'.split(' ')
  const { stdout } = await promisify(execFile)('openssl', openssl, { cwd: folder })
  expect(stdout).toContain('Verified')
  await rm(folder, { recursive: true })
})
