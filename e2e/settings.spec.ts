import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { demo, expect, expectAccessible, test } from './fixtures'

const run = promisify(execFile)

test('J11: connect an application in two clicks and see its first event arrive', async ({ operator: page }) => {
  await page.getByRole('navigation').getByRole('link', { name: 'Connect an application' }).click()
  await page.getByRole('button', { name: 'Create key and show the lines' }).click()
  await expect(page.getByText('Waiting for the first event')).toBeVisible()
  await expectAccessible(page)

  for (const kind of ['SDK', 'TypeScript', 'Python', 'OpenTelemetry', 'curl']) {
    await page.getByRole('tab', { name: kind }).click()
    await expect(page.getByRole('tabpanel').locator('pre')).toContainText(/egm_app_[\w-]{43}/)
  }
  const lines = await page.getByRole('tabpanel').locator('pre').innerText()
  expect(lines).toContain(demo.gatewayUrl)
  await run('bash', ['-c', lines])

  const first = page.getByRole('region', { name: 'First event' })
  await expect(first.getByText('First event received')).toBeVisible()
  await expect(first).toContainText('acme')
  await expect(first).toContainText('gpt-4o-mini')
  await page.getByRole('link', { name: 'See it in Usage' }).click()
  await expect(page).toHaveURL(/\/usage\?.*tenant=acme/)
  await expect(page.getByRole('heading', { name: 'Usage', level: 1 })).toBeVisible()
})

test('a key is shown once, listed by its prefix, and refused after it was revoked', async ({ operator: page }) => {
  const name = `journey ${Date.now()}`
  await page.goto(`${demo.consoleUrl}/settings`)
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Tenants').fill('Not A Slug')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(dialog.getByText(/must be 1 to 63 of a-z/)).toBeVisible()
  await dialog.getByLabel('Tenants').fill('northwind, contoso')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const key = await dialog.locator('pre').innerText()
  expect(key).toMatch(/^egm_app_[\w-]{43}$/)
  await dialog.getByRole('button', { name: 'Done' }).click()

  const row = page.getByRole('row', { name: new RegExp(name) })
  await expect(row).toContainText(key.slice(0, 12))
  await expect(row).toContainText('northwind, contoso')
  await expect(page.getByText(key)).toHaveCount(0)

  const status = () =>
    fetch(`${demo.gatewayUrl}/v1/prompts/none`, { headers: { authorization: `Bearer ${key}` } }).then((r) => r.status)
  expect(await status()).toBe(404)
  await row.getByRole('button', { name: `Revoke ${name}` }).click()
  await page.getByRole('button', { name: 'Revoke key' }).click()
  await expect(row).toContainText('revoked')
  await expect.poll(status, { timeout: 8_000 }).toBe(401)
})

test('an invited viewer signs in once by the link, may only look, and is out when disabled', async ({
  operator: page,
  browser,
}) => {
  const [name, email] = [`Viewer ${Date.now()}`, `viewer-${Date.now()}@example.com`]
  await page.goto(`${demo.consoleUrl}/settings`)
  await page.getByRole('button', { name: 'Invite' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Email').fill(email)
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = await dialog.locator('pre').innerText()
  await dialog.getByRole('button', { name: 'Done' }).click()

  const context = await browser.newContext()
  const theirs = await context.newPage()
  await theirs.goto(link)
  await expect(theirs.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
  await theirs.getByRole('navigation').getByRole('link', { name: 'Connect an application' }).click()
  await expect(theirs.getByText('Only admins create keys; your role is viewer.')).toBeVisible()

  const stranger = await browser.newPage()
  await stranger.goto(link)
  await expect(stranger.getByText('This link was used already, or its time is over.')).toBeVisible()
  await stranger.close()

  await page.getByRole('button', { name: `Change ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('disabled')
  await theirs.goto(`${demo.consoleUrl}/settings`)
  await expect(theirs).toHaveURL(/\/sign-in/)
  await context.close()
})
