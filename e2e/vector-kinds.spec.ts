import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const tenant = `kinds-${randomUUID().slice(0, 8)}`
const [ROWS, DIMENSIONS] = [2_400, 32]
const vector = () => Array.from({ length: DIMENSIONS }, () => Math.round((Math.random() - 0.5) * 1e3) / 1e3)
const sql = postgres(demo.databaseUrl, { max: 1, prepare: false, onnotice: () => {} })
test.afterAll(() => sql.end())

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => {
    const kind = (from + n) % 2 ? 'fact' : 'note'
    return `${JSON.stringify({ id: `i-${from + n}`, content: `Item ${from + n}`, kind, embedding: vector(), embeddingModel: 'journey' })}\n`
  }).join('')

/** Half of the items, and the rest once `go` is called. Empty lines say meanwhile that somebody is there. */
function slowLoad() {
  let gone = false
  async function* body() {
    yield Buffer.from(lines(0, ROWS / 2))
    while (!gone) {
      await sleep(500)
      yield Buffer.from('\n')
    }
    yield Buffer.from(lines(ROWS / 2, ROWS))
  }
  const loaded = fetch(`${demo.gatewayUrl}/v1/memory/${tenant}/loads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.appKey}`, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(body())) as BodyInit,
    duplex: 'half',
  } as RequestInit)
  return { loaded, go: () => void (gone = true) }
}

test('a load is followed on the page, and a kind that many searches ask for gets an index of its own', async ({
  operator: page,
}) => {
  test.slow()
  const { loaded, go } = slowLoad()
  await page.goto(`${demo.consoleUrl}/vectors?tenant=${tenant}`)
  const loading = page.getByRole('status').filter({ hasText: 'Loading items' })
  await expect(async () => {
    await page.reload()
    await expect(loading).toContainText('receiving, 1,200 items so far', { timeout: 3_000 })
  }).toPass({ timeout: 60_000 })
  await expectAccessible(page)
  go()
  expect((await loaded).status).toBe(202)
  await expect(page.getByText(/^Loaded .*: 2,400 added, 0 replaced, 0 left as they were$/)).toBeVisible({
    timeout: 60_000,
  })

  await page.getByRole('button', { name: /^Build an index/ }).click()
  const row = page.getByRole('table', { name: 'Tenants' }).getByRole('row').filter({ hasText: tenant })
  await expect(row).toContainText('hnsw 16/64', { timeout: 120_000 })
  const search = () =>
    gateway('POST', `/v1/memory/${tenant}/search`, { embedding: vector(), k: 5, kind: 'fact' }, demo.appKey)
  for (let n = 0; n < 110; n++) await search()
  const propose = page.getByRole('button', { name: /^Index it, ≈ \d/ })
  await expect(async () => {
    await page.reload()
    await expect(propose).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 60_000 })
  const fact = page.getByRole('listitem').filter({ hasText: 'of rows' }).filter({ hasText: 'fact' })
  await expect(fact).toContainText(/50\.0.% of rows, 100.% of searches/)
  await expectAccessible(page)
  await propose.click()
  await expect(page.getByText(/^own index, \d/)).toBeVisible({ timeout: 120_000 })

  const scans = async () => {
    const [of] = await sql<{ scans: number }[]>`
      select coalesce(sum(idx_scan), 0)::int as scans from pg_stat_all_indexes join pg_index using (indexrelid)
      where relname = (select 'memory_t' || number from memory_partitions where tenant = ${tenant}) and indpred is not null`
    return of?.scans ?? 0
  }
  await expect
    .poll(
      async () => {
        await search()
        return scans()
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0)
})

test('indexes that nobody uses are let go after the days that an operator sets, seen before', async ({
  operator: page,
}) => {
  await page.goto(`${demo.consoleUrl}/vectors`)
  const idle = page.getByRole('combobox', { name: 'Idle indexes' })
  const choose = async (name: string, title: string, confirm: string) => {
    // By keyboard: while the panels above still grow, the list moves along and may leave the window.
    await idle.press('Enter')
    await page.getByRole('option', { name }).press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText(title)
    await expectAccessible(page)
    await dialog.getByRole('button', { name: confirm }).click()
    await expect(dialog).toBeHidden()
    await expect(idle).toContainText(name)
  }
  await choose('sleep after 90 days', 'Indexes idle for so long now', 'Let them sleep')
  await choose('never sleep', 'Keep idle indexes?', 'Keep them')
})
