import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)

/** Two answers of two namespaces, one with a cost: hit three times and once. */
async function save(tenant: string) {
  const put = (namespace: string, more: object) =>
    gateway('PUT', `/v1/cache/${namespace}/k?tenant=${tenant}`, { value: 'Hi', ttlSeconds: 600, ...more }, demo.appKey)
  const hit = (namespace: string) => gateway('GET', `/v1/cache/${namespace}/k?tenant=${tenant}`, undefined, demo.appKey)
  await put(`faq-${run}`, { costUsd: '0.0042', prompt: { name: `reply-${run}`, version: 3 } })
  await put(`misc-${run}`, {})
  for (const namespace of [`faq-${run}`, `faq-${run}`, `faq-${run}`, `misc-${run}`]) await hit(namespace)
}

test('what the cache saved, net, and deeper by namespace and prompt version', async ({ operator: page }) => {
  const tenant = `saver-${run}`
  await save(tenant)
  await page.goto(`${demo.consoleUrl}/usage?range=1h&tenant=${tenant}`)
  await page.getByRole('link', { name: 'Savings', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/usage/savings.*tenant=${tenant}`))
  const table = page.getByRole('table', { name: 'Savings by namespace' })
  // Look-ups are written once a second.
  await expect(async () => {
    await page.reload()
    await expect(table.getByRole('row', { name: new RegExp(`misc-${run}`) })).toBeVisible()
  }).toPass({ timeout: 30_000 })
  await expect(table.getByRole('row', { name: new RegExp(`faq-${run}`) })).toContainText('$0.013')
  await expect(table.getByRole('row', { name: new RegExp(`misc-${run}`) })).toContainText('no hit had a known cost')
  await expect(page.getByText('1 without a known cost')).toBeVisible()
  await expect(page.getByRole('region', { name: "The providers' own prompt caching" })).toContainText(
    'not part of the net above',
  )

  await table.getByRole('link', { name: `faq-${run}` }).click()
  await expect(page).toHaveURL(new RegExp(`namespace=faq-${run}`))
  await expect(page.getByRole('table', { name: 'Savings by prompt version' })).toContainText(`reply-${run}@3`)
  await page.getByRole('button', { name: `Remove the filter Namespace faq-${run}` }).click()
  await expect(table).toContainText(`misc-${run}`)
  await expectAccessible(page)
})

test('memory is taken off at the price that an operator enters', async ({ operator: page }) => {
  await save(`held-${run}`)
  await page.goto(`${demo.consoleUrl}/usage/savings?range=1h`)
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('button', { name: 'Gross', exact: true })).toBeVisible()
  }).toPass({ timeout: 30_000 })
  await page.getByRole('button', { name: /Enter price|per GiB/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('US dollars per GiB and month').fill('much')
  await expect(dialog).toContainText('must be a decimal')
  await dialog.getByLabel('US dollars per GiB and month').fill('16.5')
  await dialog.getByRole('button', { name: 'Keep' }).click()
  await expect(page.getByRole('button', { name: '$16.50 per GiB' })).toBeVisible()
  await page.getByRole('button', { name: '$16.50 per GiB' }).click()
  await dialog.getByLabel('US dollars per GiB and month').fill('')
  await dialog.getByRole('button', { name: 'Keep' }).click()
  await expect(page.getByRole('button', { name: 'Enter price' })).toBeVisible()
})

test('teaches how to say what an answer cost where nothing was hit', async ({ operator: page }) => {
  await page.goto(`${demo.consoleUrl}/usage/savings?tenant=nobody-${run}`)
  await expect(page.getByText('No answer came from the cache in this range.')).toBeVisible()
  await expect(page.getByText('costUsd')).toBeVisible()
})
