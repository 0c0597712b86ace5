import type { Page } from '@playwright/test'
import { demo, expect, gateway, seedUsage, test } from './fixtures'

const run = Date.now().toString(36)
const figure = (page: Page, label: string) =>
  page.locator('dl > div').filter({ has: page.getByText(label, { exact: true }) })

test('both memories stand side by side, and move by themselves', async ({ operator: page }) => {
  const tenant = `overview-${run}`
  await seedUsage(`journeys/overview-${run}`, tenant)
  await page.goto(`${demo.consoleUrl}/?tenant=${tenant}&range=1h`)
  await expect(page.getByRole('heading', { name: 'Short-term memory' })).toBeVisible()
  await expect(figure(page, 'Operations')).toContainText('/s')
  await expect(figure(page, 'Requests')).toContainText('20')
  await expect(page.getByRole('list', { name: 'Verdicts' })).toContainText('quiet')

  await seedUsage(`journeys/overview-${run}`, tenant)
  await expect(figure(page, 'Requests')).toContainText('40')
})

test('R12: a figure says where it came from, and a missing one why', async ({ operator: page }) => {
  const tenant = `silent-${run}`
  await gateway('PUT', `/v1/tenants/${tenant}`, { name: tenant })
  await page.goto(`${demo.consoleUrl}/?tenant=${tenant}`)
  await figure(page, 'Operations').getByRole('button').focus()
  await expect(page.getByRole('tooltip')).toContainText('redis_samples')
  await expect(figure(page, 'Hit rate, answer cache')).toContainText('no look-ups in the last 6 h')
  await expect(page.getByText('No usage in this range').first()).toBeVisible()
})

test('J1: an activation stands on the clock, and leads to what it changed', async ({ operator: page }) => {
  const name = `journeys/marked-${run}`
  await seedUsage(name)
  const path = `/v1/prompts/${encodeURIComponent(name)}`
  await gateway('POST', `${path}/versions`, { content: 'Answer {{question}} at length, with every source.' })
  await gateway('POST', `${path}/activate`, { version: 2, reason: 'Longer answers' })
  await page.goto(`${demo.consoleUrl}/?range=1h`)
  const newest = page.getByRole('region', { name: 'Newest activations' }).getByRole('listitem').first()
  await expect(newest).toContainText(name)
  await expect(newest).toContainText('v1 → v2')
  await newest.getByRole('link').click()
  await expect(page).toHaveURL(/activation=2/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
})

test('the Cache page counts every look-up of a namespace, and narrows down to a tenant', async ({ operator: page }) => {
  const namespace = `answers-${run}`
  const entry = (tenant: string, key: string) => `/v1/cache/${namespace}/${key}?tenant=${tenant}`
  const lookUp = (tenant: string, key: string) =>
    fetch(demo.gatewayUrl + entry(tenant, key), { headers: { authorization: `Bearer ${demo.appKey}` } })
  await gateway('PUT', entry('acme', 'known'), { value: 'yes', ttlSeconds: 600, costUsd: '0.002' }, demo.appKey)
  for (let n = 0; n < 3; n++) expect((await lookUp('acme', 'known')).status).toBe(200)
  expect((await lookUp('acme', 'unknown')).status).toBe(404)
  expect((await lookUp('globex', 'unknown')).status).toBe(404)

  await page.goto(`${demo.consoleUrl}/cache?range=1h`)
  const row = page.getByRole('row').filter({ hasText: namespace })
  await expect(row).toContainText('60.0 %')
  await expect(row.getByRole('cell')).toContainText([namespace, '60.0 %', '–', '5', '', '3', '2', '$0.006'])
  await row.getByRole('link').click()
  await expect(page).toHaveURL(new RegExp(`namespace=${namespace}`))
  await expect(page.getByRole('row').filter({ hasText: 'acme' })).toContainText('75.0 %')
  await page.getByRole('link', { name: 'globex' }).click()
  await expect(page).toHaveURL(/tenant=globex/)
})
