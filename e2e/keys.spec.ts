import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { Redis } from 'ioredis'
import { demo, expect, expectAccessible, test, undo } from './fixtures'

const run = `journey-${randomUUID().slice(0, 8)}`
const redis = new Redis(demo.redisUrl, { lazyConnect: true })
test.afterAll(async () => {
  await redis.unlink(`${run}:session`, `${run}:user:1`, `${run}:bytes\0\n<b>`)
  redis.disconnect()
})

async function openKeys(page: Page) {
  await page
    .getByRole('link', { name: /^Cache\b/ })
    .first()
    .click()
  await page.getByRole('link', { name: 'Keys', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Keys', level: 1 })).toBeVisible()
}

test('keys are browsed, changed with undo, and deleted by pattern, once an admin allows it', async ({
  operator: page,
}) => {
  test.setTimeout(180_000)
  await redis.set(`${run}:session`, '{"locale":"de"', 'EX', 3_000)
  await redis.hset(`${run}:user:1`, { name: 'Ada', '<img src=x onerror=alert(1)>': 'yes' })
  await redis.set(`${run}:bytes\0\n<b>`, 'binary name')
  for (let n = 0; n < 30; n++) await redis.set(`${run}:old:${n}`, 'v')

  await openKeys(page)
  const changes = page.getByRole('switch', { name: "Changes in Engram's Redis" })
  await expect(changes).toBeVisible()
  if (await changes.isChecked()) await changes.click()
  await expect(changes).not.toBeChecked()

  await page.getByLabel('Pattern or name').fill(`${run}:*`)
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  const folder = page.getByRole('button', { name: `${run}: 33` })
  await folder.click({ timeout: 60_000 })
  await expect(page.getByText('bytes\\x00\\n<b>')).toBeVisible()
  await page.getByRole('button', { name: /^session/ }).click()
  await expect(page.getByLabel('Value', { exact: true })).toHaveText('{"locale":"de"')
  await expect(page.getByText('begins like JSON, but is none')).toBeVisible()
  await expect(page.getByText('read-only here until an admin allows changes')).toBeVisible()
  await expectAccessible(page)

  await changes.click()
  await expect(changes).toBeChecked()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('dialog').getByLabel('Value').fill('{"locale":"fr"}')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('radio', { name: 'JSON' })).toBeChecked()
  expect(await redis.get(`${run}:session`)).toBe('{"locale":"fr"}')
  await undo(page, 'Changed')
  await expect.poll(() => redis.get(`${run}:session`)).toBe('{"locale":"de"')

  await page.getByRole('button', { name: 'Time to live…' }).click()
  await page.getByRole('dialog').getByLabel('After').fill('2')
  await page.getByRole('button', { name: 'Set', exact: true }).click()
  await expect.poll(() => redis.ttl(`${run}:session`)).toBeGreaterThan(7_000)

  await page.getByRole('button', { name: /^user:/ }).click()
  await page.getByRole('button', { name: /^1 hash/ }).click()
  const parts = page.getByRole('table', { name: 'Parts of the hash' })
  await expect(parts).toContainText('<img src=x onerror=alert(1)>')
  await page.getByRole('button', { name: 'Remove name' }).click()
  await expect.poll(() => redis.hexists(`${run}:user:1`, 'name')).toBe(0)
  await undo(page, 'Removed')
  await expect.poll(() => redis.hget(`${run}:user:1`, 'name')).toBe('Ada')
  await page.getByRole('button', { name: 'Delete…', exact: true }).last().click()
  await page.getByRole('button', { name: 'Delete key' }).click()
  await expect(page.getByText('There is no such key.')).toBeVisible()
  expect(await redis.exists(`${run}:user:1`)).toBe(0)
  await undo(page, 'The key is deleted')
  await expect.poll(() => redis.hget(`${run}:user:1`, 'name')).toBe('Ada')

  await page.getByRole('button', { name: `Delete all under ${run}:old:` }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('30 keys', { timeout: 60_000 })
  const confirm = dialog.getByRole('button', { name: 'Delete 30' })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Type 30 to confirm').fill('30')
  await expectAccessible(page)
  await confirm.click()
  await expect(page.getByText(/Deleted .*30 gone/)).toBeVisible({ timeout: 60_000 })
  expect(await redis.exists(`${run}:old:1`)).toBe(0)
  await changes.click()
  await expect(changes).not.toBeChecked()
})

test('a connection is tested, added read-only and removed; a wrong address says what is wrong', async ({
  operator: page,
}) => {
  await openKeys(page)
  await page.getByRole('button', { name: 'Add a connection' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(run)
  await dialog.getByLabel('Address').fill('redis://127.0.0.1:1')
  await dialog.getByRole('button', { name: 'Test' }).click()
  await expect(dialog.getByText('Nothing listens at the address')).toBeVisible()
  await dialog.getByLabel('Address').fill(demo.redisUrl)
  await dialog.getByRole('button', { name: 'Test' }).click()
  await expect(dialog.getByText(/It answers: (Redis|Valkey)/)).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Add connection' }).click()
  const row = page.getByRole('table', { name: 'Connections' }).getByRole('row').filter({ hasText: run })
  await expect(row.getByRole('switch')).not.toBeChecked()
  await row.getByRole('button', { name: `Remove ${run}` }).click()
  await page.getByRole('button', { name: 'Remove connection' }).click()
  await expect(row).toHaveCount(0)
})
