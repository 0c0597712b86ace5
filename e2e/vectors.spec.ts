import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const tenant = `vectors-${randomUUID().slice(0, 8)}`
const DIMENSIONS = 32
const ROWS = 1_500
const memory = (call: string, body: unknown) =>
  gateway<Record<string, unknown>>('POST', `/v1/memory/${tenant}/${call}`, body, demo.appKey)

/** Without structure, which is the worst case of an index. */
const vector = () => Array.from({ length: DIMENSIONS }, () => Math.round((Math.random() - 0.5) * 1e4) / 1e4)

test('J7: a tenant whose searches miss: recall measured, the cheapest ef_search applied, the index rebuilt', async ({
  operator: page,
}) => {
  test.slow()
  for (let at = 0; at < ROWS; at += 250)
    await memory('items', {
      items: Array.from({ length: 250 }, (_, n) => ({
        id: `i-${at + n}`,
        content: `Item ${at + n}`,
        kind: 'note',
        embedding: vector(),
        embeddingModel: 'journey',
      })),
    })
  await page.goto(`${demo.consoleUrl}/?tenant=${tenant}`)
  await page.getByRole('link', { name: 'Vectors', exact: true }).first().click()
  const row = page.getByRole('table', { name: 'Tenants' }).getByRole('row').filter({ hasText: tenant })
  await expect(row).toContainText('1,500', { timeout: 30_000 })
  await expect(row).toContainText('too small')
  await expect(row).toContainText('exact')

  // An index, so that there is something that can miss.
  await page.getByRole('button', { name: /^Build an index/ }).click()
  await expect(row).toContainText('hnsw 16/64', { timeout: 60_000 })
  await expect(page.getByText('Recall was not measured yet')).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Measure recall' }).click()
  await expect(page.getByText('Recall@10 now, ef 40')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('img', { name: /Recall by ef_search\. ef 10: recall [01]\.\d/ })).toBeVisible()
  await expect(row).toContainText(/[01]\.\d{3}/)
  await expect(page.getByRole('img', { name: new RegExp(`Recall of ${tenant}`) })).toBeVisible()
  const cheapest = page.getByRole('definition').filter({ hasText: /^\d+ · .* p95$/ })
  await expect(cheapest).toBeVisible()
  const ef = Number.parseInt((await cheapest.textContent()) ?? '')
  if (ef !== 40) {
    await page.getByRole('button', { name: `Use ef ${ef}`, exact: true }).click()
    await expect(page.getByText(`Searches of ${tenant} are set`)).toBeVisible()
    await expect(page.getByRole('button', { name: `Use ef ${ef}`, exact: true })).toBeHidden()
  }

  await page.getByRole('button', { name: `Change the memory of ${tenant}` }).click()
  await page.getByRole('menuitem', { name: 'Rebuild with m 32, ef_construction 128' }).click()
  await expect(row).toContainText('hnsw 32/128', { timeout: 60_000 })
  const built = page.getByText(/^Index built/)
  await expect(built).toBeVisible({ timeout: 60_000 })
  // It stands there for as long as the build takes, which may be less than a second.
  const building = page.getByRole('status').filter({ hasText: 'Building the index' }).waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: /^Rebuild/ }).click()
  await building
  await expect(built).toBeVisible({ timeout: 60_000 })
  await expectAccessible(page)

  // The other method, as where memory forces it: its probes are measured as ef_search was.
  await expect(page.getByText('An IVFFlat index takes')).toBeVisible()
  await page.getByRole('button', { name: `Change the memory of ${tenant}` }).click()
  await page.getByRole('menuitem', { name: /^Rebuild as IVFFlat, ≈ \d/ }).click()
  await expect(row).toContainText('ivfflat 10', { timeout: 60_000 })
  await page.getByRole('button', { name: 'Measure recall' }).click()
  await expect(page.getByText('Recall@10 now, probes 3')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('img', { name: /Recall by probes\. probes 1: recall [01]\.\d/ })).toBeVisible()
  await expectAccessible(page)

  // Told on the Overview, and back from there.
  await page.getByRole('combobox', { name: 'Recall wanted' }).click()
  await page.getByRole('option', { name: '0.99', exact: true }).click()
  await expect(page.getByText(`Searches of ${tenant} are set`)).toBeVisible()
  await page.getByRole('link', { name: /^Overview/ }).click()
  await expect(page.getByText(`Searches of ${tenant} find less than wanted`)).toBeVisible()
  await page.getByRole('link', { name: 'Look at it' }).click()
  await expect(page.getByText('Recall@10 now, probes 3')).toBeVisible()

  // Real searches are kept once an admin allows it, for all tenants.
  const real = page.getByRole('combobox', { name: 'Real searches' })
  await real.click()
  await page.getByRole('option', { name: 'some kept' }).click()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Keep some' }).click()
  await expect(real).toContainText('some kept')
  await real.click()
  await page.getByRole('option', { name: 'not kept' }).click()
  await expect(page.getByRole('dialog')).toContainText('Kept now')
  await page.getByRole('button', { name: 'Delete them' }).click()
  await expect(real).toContainText('not kept')

  // Its index is given up, and the next search brings it back as it was.
  await page.getByRole('button', { name: `Change the memory of ${tenant}` }).click()
  await page.getByRole('menuitem', { name: /^Put to sleep, frees \d/ }).click()
  await expect(row).toContainText('asleep', { timeout: 30_000 })
  await expect(page.getByText(/^Asleep since .* wakes on the next search or write · \d.* freed$/)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Wake now/ })).toBeVisible()
  await expectAccessible(page)
  const { items } = await memory('search', { embedding: vector(), k: 7 })
  expect(items).toHaveLength(7)
  await expect(row).toContainText('ivfflat 10', { timeout: 60_000 })
})
