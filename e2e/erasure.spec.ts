import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const tenant = `leaves-${randomUUID().slice(0, 8)}`
const app = (method: string, path: string, body?: unknown) => gateway(method, path, body, demo.appKey)

async function fillBothMemories() {
  await app('POST', `/v1/memory/${tenant}/items`, {
    items: [1, 2, 3].map((n) => ({
      id: `i-${n}`,
      content: `Item ${n}`,
      kind: 'note',
      embedding: [n, 1],
      embeddingModel: 'journey',
    })),
  })
  await app('PUT', `/v1/cache/answers/k?tenant=${tenant}`, { value: 1, ttlSeconds: 600 })
  await app('PUT', `/v1/sessions/${tenant}`, { tenant, user: 'u-1', ttlSeconds: 600, data: {} })
  const event = { tenant, user: 'u-1', provider: 'openai', model: 'gpt-4o-mini', inputTokens: 10, outputTokens: 1 }
  const events = [1, 2].map((n) => ({ id: `${tenant}-${n}`, ...event, occurredAt: new Date().toISOString() }))
  await app('POST', '/v1/usage', { events })
}

test('J8: a tenant leaves both memories after a dry run, and its signed receipt is kept and can be checked', async ({
  operator: page,
}) => {
  test.slow()
  await fillBothMemories()
  // Three clicks: the page, the button, and the one that cannot be taken back.
  await page.getByRole('link', { name: 'Vectors', exact: true }).first().click()
  await page.getByRole('button', { name: 'Erase a tenant…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Tenant').fill(tenant)
  const dryRun = dialog.getByRole('table', { name: /^Dry run: \d+ keys and rows/ })
  await expect(dryRun.getByRole('row', { name: /^Vector memory/ })).toContainText(/\d/)
  await expect(dryRun.getByRole('row', { name: /^Sessions/ })).toContainText('1')
  const erase = dialog.getByRole('button', { name: `Erase ${tenant}` })
  await expect(erase).toBeDisabled()
  await dialog.getByLabel(`Type ${tenant} to confirm`).fill(tenant)
  await expectAccessible(page)
  await erase.click()

  const receipt = page.getByRole('table', { name: `Receipt of ${tenant}` })
  await expect(receipt).toBeVisible({ timeout: 60_000 })
  await expect(receipt.getByRole('row', { name: /^Vector memory/ })).toContainText(/0$/)
  await expect(page.getByText('The signature fits')).toBeVisible()
  const row = page.getByRole('table', { name: 'Erasures' }).getByRole('row').filter({ hasText: tenant })
  await expect(row).toContainText(/verified|written to meanwhile/)
  await expectAccessible(page)

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download JSON' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe(`erasure-${tenant}.json`)
  const text = await readFile(await file.path(), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ tenant, postgres: { memory: 3, llmUsage: 2 }, redis: { sessions: 1 } })
  const kept = page.getByLabel('Receipt as JSON')
  await kept.fill(text)
  await expect(page.getByText('Genuine: signed here')).toBeVisible()
  await kept.fill(text.replace('"memory": 3', '"memory": 4'))
  await expect(page.getByText('something in it is not as it was signed')).toBeVisible()

  const search = { embedding: [1, 1], k: 3 }
  expect(await app('POST', `/v1/memory/${tenant}/search`, search)).toMatchObject({ items: [] })
})
