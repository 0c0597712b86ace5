import { test as bare } from '@playwright/test'
import { demo, expect, expectAccessible, signIn, test } from './fixtures'

test('who is not signed in is led to the door, and back to where they wanted', async ({ page }) => {
  await page.goto(`${demo.consoleUrl}/settings?tenant=acme&range=24h`)
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await expectAccessible(page)
  await page.getByLabel('Email').fill(demo.email)
  await page.getByLabel('Password').fill(demo.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(`${demo.consoleUrl}/settings?tenant=acme&range=24h`)
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
})

test('signing out ends the session, also for an address that is known', async ({ page }) => {
  await signIn(page)
  await page.getByRole('button', { name: /admin$/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await page.goto(`${demo.consoleUrl}/settings`)
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings/)
})

// Without the trap: the browser itself reports the refusal (401) as an error.
bare('a wrong password is refused in words that tell nothing', async ({ page }) => {
  await page.goto(`${demo.consoleUrl}/sign-in`)
  await page.getByLabel('Email').fill('nobody@example.com')
  await page.getByLabel('Password').fill('not a password of anybody')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('This address and password do not match.')).toBeVisible()
  await expect(page).toHaveURL(/\/sign-in/)
})

test('no page and no answer is given without a session, however it is asked for', async ({ request }) => {
  const asked: { path: string; headers: Record<string, string> }[] = [
    { path: '/', headers: {} },
    { path: '/usage', headers: { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' } },
    { path: '/settings', headers: { rsc: '1' } },
    { path: '/settings', headers: { rsc: '1', 'next-router-prefetch': '1' } },
    { path: '/settings.rsc', headers: {} },
  ]
  for (const { path, headers } of asked) {
    const reply = await request.get(demo.consoleUrl + path, { headers, maxRedirects: 0 })
    const text = await reply.text()
    expect(text, path).not.toContain('API keys')
    expect(text, path).not.toContain(demo.email)
  }
  const listed = await request.get(`${demo.consoleUrl}/api/trpc/settings.keys.list`)
  expect(listed.status()).toBe(401)
})

test('a change is taken as JSON from our own pages only', async ({ page }) => {
  await signIn(page)
  const call = (headers: Record<string, string>) =>
    page.request.post(`${demo.consoleUrl}/api/trpc/settings.keys.create`, {
      headers,
      data: JSON.stringify({ name: 'foreign', scope: 'app', tenants: null }),
    })
  const json = { 'content-type': 'application/json' }
  expect((await call({ ...json, origin: 'https://evil.example' })).status()).toBe(403)
  expect((await call({ ...json, origin: 'null' })).status()).toBe(403)
  expect((await call({ ...json, origin: demo.consoleUrl, 'sec-fetch-site': 'cross-site' })).status()).toBe(403)
  expect((await call({ 'content-type': 'text/plain', origin: demo.consoleUrl })).status()).toBe(415)
})
