import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { scanKeys } from '@/db/redis/scan'
import { faultyStores } from '@/server/console/test-support'
import { rawSql } from '@/scripts/faults/raw-sql'
import { type Caller, system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { deleteRedisKeys } from '@/server/worker/jobs/delete-redis-keys'
import { setWritable } from './connections'
import { cancelDelete, deletePattern, listDeletes, patternRefused } from './delete-pattern'
import { mayMatchPrefix } from './glob'
import { previewDelete } from './preview-delete'

const stores = connectStores('worker')
const caller: Caller = { ...stores, actor: system }
const { commands } = stores.redis
const sql = rawSql(process.env.DATABASE_URL ?? '')
const own = { connection: 'own' }

beforeAll(async () => {
  await stores.redis.ready()
  await setWritable(caller, { ...own, writable: true })
})
afterAll(async () => {
  await setWritable(caller, { ...own, writable: false })
  await sql.end()
  await stores.close()
})

const b64 = (text: string) => Buffer.from(text).toString('base64url')
const newRun = () => `gone-${randomUUID().slice(0, 8)}:`

async function fill(prefix: string, count: number) {
  for (let at = 0; at < count; at += 1_000)
    await Promise.all(
      Array.from({ length: Math.min(1_000, count - at) }, (_, n) => commands.set(`${prefix}${at + n}`, 'v', 'EX', 600)),
    )
}
async function left(prefix: string) {
  const found = new Set<string>()
  for await (const keys of scanKeys(stores.redis, `${prefix}*`)) for (const key of keys) found.add(key)
  return found.size
}
/** What any run left behind is worked off too. */
const workOff = async () => {
  while (await deleteRedisKeys(stores));
}
const state = async (id: string) => (await listDeletes(stores)).find((one) => one.id === id)

it('counts first, deletes exactly what matches, and says so in the audit log', async () => {
  const [mine, others] = [newRun(), newRun()]
  await fill(mine, 3_000)
  await fill(others, 10)
  const pattern = b64(`${mine}*`)
  const steps = []
  let cursor: string | null = null
  do {
    const step: Awaited<ReturnType<typeof previewDelete>> = await previewDelete(stores, { ...own, pattern, cursor })
    steps.push(step)
    cursor = step.next
  } while (cursor)
  // A key may be met twice, in different steps.
  expect(steps.reduce((sum, { matched }) => sum + matched, 0)).toBeGreaterThanOrEqual(3_000)
  expect(steps.every(({ refused, spared }) => refused === null && spared === 0)).toBe(true)
  expect(steps.some(({ sample }) => sample.length === 8)).toBe(true)
  const { id } = await deletePattern(caller, { ...own, pattern })
  await workOff()
  expect(await state(id)).toMatchObject({ state: 'done', deleted: 3_000, spared: 0, problem: null })
  expect([await left(mine), await left(others)]).toEqual([0, 10])
  const rows = await sql`select target from audit where action = 'redis.delete-by-pattern' and after ->> 'id' = ${id}`
  expect(rows).toEqual([{ target: `Engram's Redis: ${mine}*` }])
  await commands.unlink(...Array.from({ length: 10 }, (_, n) => others + n))
})

it('refuses whatever might hit Engram’s own keys, and a Redis that is read-only', async () => {
  for (const pattern of ['*', '?ngram:*', 'e*', '[a-f]*', 'engram:flags:*', '*:tmp', 'engram\\:*', '[^x]ngram:k'])
    await expect(deletePattern(caller, { ...own, pattern: b64(pattern) }), pattern).rejects.toMatchObject({
      field: 'pattern',
    })
  expect((await previewDelete(stores, { ...own, pattern: b64('*'), cursor: null })).refused).toContain('engram:')
  for (const pattern of ['engrams*', 'x*', '[^e]*', 'engram', 'engra?', '\\*'])
    expect(patternRefused('own', Buffer.from(pattern)), pattern).toBeNull()
  await setWritable(caller, { ...own, writable: false })
  onTestFinished(() => setWritable(caller, { ...own, writable: true }).then(() => {}))
  await expect(deletePattern(caller, { ...own, pattern: b64('x*') })).rejects.toMatchObject({ code: 'forbidden' })
})

it('knows of every pattern with which Redis matches a name, whether it may begin so', async () => {
  const prefix = `p${randomInt(36 ** 4).toString(36)}-]^`
  const names = ['', 'a', 'b-', ']', '^c', '\\', '*'].map((rest) => prefix + rest)
  for (const name of names) await commands.set(name, 'v', 'EX', 100)
  const letters = [...prefix, '*', '?', '[', ']', '^', '\\', '-', 'a']
  const bytes = new TextEncoder().encode(prefix)
  let matched = 0
  for (let n = 0; n < 150; n++) {
    // Now and then the name itself, with some of it replaced: random patterns alone match next to nothing.
    const base = [...prefix].map((letter) => {
      const dice = randomInt(10)
      if (dice < 5) return letter === '*' || letter === '[' || letter === ']' || letter === '^' ? `\\${letter}` : letter
      if (dice === 5) return '?'
      if (dice === 6) return '*'
      if (dice === 7)
        return `[${letters[randomInt(letters.length)] ?? ''}${letter}${letters[randomInt(letters.length)] ?? ''}]`
      if (dice === 8)
        return `[^${letters[randomInt(letters.length)] ?? ''}-${letters[randomInt(letters.length)] ?? ''}]`
      return `[\\${letter}${letters[randomInt(letters.length)] ?? ''}-~]`
    })
    const pattern = base.join('') + (randomInt(2) ? '*' : '')
    let hit = false
    for await (const found of scanKeys(stores.redis, pattern))
      if (found.some((name) => name.startsWith(prefix))) hit = true
    if (hit) matched++
    if (hit) expect(mayMatchPrefix(new TextEncoder().encode(pattern), bytes), pattern).toBe(true)
  }
  expect(matched).toBeGreaterThan(8)
  await commands.unlink(...names)
})

it('stops when it is cancelled, and leaves the rest', async () => {
  const mine = newRun()
  await fill(mine, 20)
  const { id } = await deletePattern(caller, { ...own, pattern: b64(`${mine}*`) })
  await cancelDelete(caller, { id })
  await workOff()
  expect(await state(id)).toMatchObject({ state: 'cancelled', deleted: 0, finishedAt: expect.any(String) })
  await expect(cancelDelete(caller, { id })).rejects.toMatchObject({ code: 'not_found' })
  expect(await left(mine)).toBe(20)
})

it('is finished by another worker where the one that began was killed in the middle', async () => {
  const mine = newRun()
  await fill(mine, 12_000)
  const faulty = await faultyStores()
  onTestFinished(faulty.close)
  const { id } = await deletePattern(caller, { ...own, pattern: b64(`${mine}*`) })
  // Its Redis is cut while it deletes: the worst of a kill is that nobody writes down how far it was.
  const killed = deleteRedisKeys(faulty.stores)
  while ((await left(mine)) === 12_000) await new Promise((resolve) => setTimeout(resolve, 1))
  faulty.redisLink.cut()
  await killed.catch(() => {})
  const rest = await left(mine)
  expect(rest).toBeLessThan(12_000)
  await sql`update redis_pattern_deletes set touched_at = now() - interval '1 minute' where id = ${id}`
  await workOff()
  expect(await state(id)).toMatchObject({ state: 'done' })
  expect(await left(mine)).toBe(0)
})
