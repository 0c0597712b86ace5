import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { demo, expect, expectAccessible, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const redis = new Redis(demo.redisUrl, { lazyConnect: true })
const key = (id: string) => `sess-${run}:${id}`
const ids = ['phone', 'laptop', 'other', 'odd <img src=x onerror=alert(1)>']
test.afterAll(async () => {
  await redis.unlink(...ids.map(key))
  redis.disconnect()
})

test('sessions of other software are declared, seen, logged out once changes are allowed, and come back', async ({
  operator: page,
}) => {
  test.setTimeout(180_000)
  const session = (user: string) => JSON.stringify({ cookie: { originalMaxAge: 1 }, passport: { user } })
  for (const id of ['phone', 'laptop']) await redis.set(key(id), session(`ann-${run}`), 'EX', 3_000)
  await redis.set(key('other'), session('<b>bob</b>'), 'EX', 2_000)
  await redis.set(key(ids[3] ?? ''), '{"cookie":', 'EX', 1_000)

  await page.goto(`${demo.consoleUrl}/cache/keys`)
  await page.getByRole('button', { name: 'Add a connection' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(`shop ${run}`)
  await dialog.getByLabel('Address').fill(demo.redisUrl)
  await dialog.getByRole('button', { name: 'Add connection' }).click()
  const connection = page
    .getByRole('table', { name: 'Connections' })
    .getByRole('row')
    .filter({ hasText: `shop ${run}` })
  await expect(connection.getByRole('switch')).not.toBeChecked()

  await page.goto(`${demo.consoleUrl}/cache`)
  await page.getByRole('button', { name: 'Declare a family' }).click()
  await dialog.getByLabel('Name').fill(`logins ${run}`)
  await dialog.getByLabel('Pattern').fill(`sess-${run}:*`)
  await dialog.getByLabel('Kind').click()
  await page.getByRole('option', { name: 'session', exact: true }).click()
  await dialog.getByLabel('Values are').click()
  await page.getByRole('option', { name: 'JSON', exact: true }).click()
  await dialog.getByLabel('Where the user is').fill('passport.user')
  await dialog.getByRole('button', { name: 'Declare family' }).click()
  await expect(dialog).toHaveCount(0)

  await page.getByRole('link', { name: 'Sessions', exact: true }).first().click()
  await page.getByRole('combobox', { name: 'Family' }).click()
  await page.getByRole('option', { name: `logins ${run}` }).click()
  const table = page.getByRole('table', { name: 'Sessions of other software' })
  await expect(table.getByRole('row')).toHaveCount(5)
  await expect(table.getByRole('row').filter({ hasText: 'odd <img' })).toContainText('not JSON')
  await expect(table).toContainText('<b>bob</b>')
  await page.getByRole('combobox', { name: 'Redis' }).click()
  await page.getByRole('option', { name: `shop ${run}` }).click()
  await expect(page.getByText(`shop ${run} is read-only here until an admin allows changes`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Log out everyone' })).toHaveCount(0)
  await expectAccessible(page)
  const here = page.url()

  await page.getByRole('link', { name: 'allows changes' }).click()
  await connection.getByRole('switch').click()
  await expect(connection.getByRole('switch')).toBeChecked()
  await page.goto(here)
  await table.getByRole('button', { name: key('other'), exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByLabel('Value', { exact: true })).toContainText('"<b>bob</b>"')
  await expectAccessible(page)
  await sheet.getByRole('button', { name: 'Log out' }).click()
  await expect.poll(() => redis.exists(key('other'))).toBe(0)
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(page.getByText('1 session restored')).toBeVisible()
  expect(await redis.get(key('other'))).toBe(session('<b>bob</b>'))
  expect(await redis.ttl(key('other'))).toBeGreaterThan(1_000)

  await page.getByLabel('User', { exact: true }).fill(`ann-${run}`)
  await expect(table.getByRole('row')).toHaveCount(3)
  await page.getByRole('button', { name: 'Log out all of this user' }).click()
  await expect(dialog).toContainText(/2\s+sessions found/)
  await dialog.getByRole('button', { name: 'Log out 2' }).click()
  await expect(page.getByText('2 sessions logged out by')).toBeVisible()
  await expect(page.getByText('No session of this user.')).toBeVisible()
  expect(await redis.exists(key('phone'), key('laptop'), key('other'))).toBe(1)

  await page.goto(`${demo.consoleUrl}/cache/keys`)
  await connection.getByRole('button', { name: `Remove shop ${run}` }).click()
  await page.getByRole('button', { name: 'Remove connection' }).click()
  await expect(connection).toHaveCount(0)
  await page.goto(`${demo.consoleUrl}/cache`)
  await page.getByRole('button', { name: `Forget logins ${run}` }).click()
  await expect(page.getByRole('button', { name: `Forget logins ${run}` })).toHaveCount(0)
})
