import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const tenant = `spaces-${run}`
const name = `carts-${run}`
const session = (id: string) => `/v1/sessions/${encodeURIComponent(id)}`

test('the sessions of a namespace move to the table while they live, and are listed and logged out as before', async ({
  operator: page,
}) => {
  // Every process is given five seconds to learn of each step of a move.
  test.slow()
  const [before, after] = [`${name}:before`, `${name}:after`]
  const begin = (id: string) =>
    gateway('PUT', session(id), { tenant, user: 'u-1', ttlSeconds: 900, data: {} }, demo.appKey)
  await begin(before)
  await gateway('POST', `${session(before)}/turns`, { role: 'user', content: 'Two books' }, demo.appKey)

  await page.goto(`${demo.consoleUrl}/sessions?tenant=${tenant}`)
  await page.getByRole('button', { name: 'New namespace' }).click()
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(name)
  await expect(page.getByRole('dialog')).toContainText('If Postgres crashes')
  await page.getByRole('dialog').getByRole('button', { name: 'Make namespace' }).click()
  const namespaces = page.getByRole('table', { name: 'Namespaces' })
  const row = namespaces.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('moves to the unlogged table')
  await expect(row.getByRole('button', { name: `Move ${name}` })).toBeVisible({ timeout: 60_000 })
  await expect(row).toContainText('unlogged table')

  await begin(after)
  const list = page.getByRole('table', { name: 'Live sessions' })
  for (const id of [before, after])
    await expect(list.getByRole('row').filter({ hasText: id })).toContainText('unlogged table', { timeout: 20_000 })
  await expectAccessible(page)
  await list.getByRole('button', { name: before, exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('Two books')
  await expect(sheet).toContainText('If Postgres crashes, its sessions are lost')
  await sheet.getByRole('button', { name: 'Log out' }).click()
  await expect(list.getByRole('row').filter({ hasText: before })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(list.getByRole('row').filter({ hasText: before })).toBeVisible()
})
