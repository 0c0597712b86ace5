import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const tenant = `prices-${run}`
const model = `house-${run}`

test('a model that waits unpriced gets a price, and its calls are re-priced after a dry run', async ({
  operator: page,
}) => {
  const events = [1, 2, 3].map((n) => ({
    id: randomUUID(),
    tenant,
    provider: 'house',
    model,
    inputTokens: 1_000_000,
    outputTokens: 0,
    occurredAt: new Date(Date.now() - n * 60_000).toISOString(),
  }))
  await gateway('POST', '/v1/usage', { events }, demo.appKey)
  await page.goto(`${demo.consoleUrl}/usage?tenant=${tenant}`)
  await expect(page.getByText('3 of 3 requests are unpriced')).toBeVisible()
  await page.getByRole('link', { name: 'See what waits for a price' }).click()
  const waiting = page.getByRole('table', { name: 'Unpriced' }).getByRole('row').filter({ hasText: model })
  await expect(waiting).toContainText('3')
  await expectAccessible(page)

  await waiting.getByRole('button', { name: `Enter a price for ${model}` }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Now: no price is known.')).toBeVisible()
  await dialog.getByLabel('Input', { exact: true }).fill('2,50')
  await dialog.getByRole('button', { name: 'Enter and re-price' }).click()
  await expect(dialog.getByText(/must be US dollars per million tokens/)).toBeVisible()
  await expectAccessible(page)
  await dialog.getByLabel('Input', { exact: true }).fill('2.50')
  await dialog.getByRole('button', { name: 'Enter and re-price' }).click()

  await expect(dialog.getByText(`house/${model}`)).toBeVisible()
  await dialog.getByRole('button', { name: 'Preview' }).click()
  const difference = dialog.getByRole('table', { name: 'Differences' }).getByRole('row').filter({ hasText: tenant })
  await expect(difference).toContainText('+$7.50')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Change 3 requests' }).click()
  await expect(dialog.getByText('Changed', { exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByText('Every call has a price.')).toBeVisible()

  await page.getByRole('radio', { name: 'In use' }).click()
  const priced = page.getByRole('table', { name: 'Prices in use' }).getByRole('row').filter({ hasText: model })
  await expect(priced).toContainText('override')
  await expect(priced).toContainText('$7.50')
  await page.getByRole('radio', { name: 'Corrections' }).click()
  await expect(
    page.getByRole('table', { name: 'Corrections' }).getByRole('row').filter({ hasText: model }),
  ).toContainText('applied')
  await page.getByRole('link', { name: 'Spend' }).click()
  await expect(page.getByText('are unpriced')).toHaveCount(0)
  await expect(page.getByText('$7.50').first()).toBeVisible()
})

test('an alias says which model a name is, and is taken back', async ({ operator: page }) => {
  const name = `alias-${run}`
  const event = {
    id: randomUUID(),
    tenant: name,
    provider: 'azure',
    model: `our-${run}`,
    inputTokens: 10,
    outputTokens: 1,
  }
  await gateway('POST', '/v1/usage', { events: [{ ...event, occurredAt: new Date().toISOString() }] }, demo.appKey)
  await page.goto(`${demo.consoleUrl}/usage/prices?tenant=${name}`)
  const row = page.getByRole('table', { name: 'Prices in use' }).getByRole('row').filter({ hasText: event.model })
  await expect(row).toContainText('unpriced')
  await row.getByRole('button', { name: `Change azure/${event.model}` }).click()
  await page.getByRole('menuitem', { name: 'Price as another model' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Priced as model').fill('no-such-model')
  await expect(dialog.getByText('Now: no price is known.')).toBeVisible()
  await dialog.getByLabel('Priced as model').fill('gpt-4o')
  await expect(dialog.getByText(/Now as azure\/gpt-4o/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Set alias' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(row).toContainText(`alias of ${name}: priced as azure/gpt-4o`)
  await page.getByRole('radio', { name: 'Aliases' }).click()
  await page.getByRole('button', { name: `Change azure/${event.model}` }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove alias' }).click()
  await expect(
    page.getByRole('table', { name: 'Aliases' }).getByRole('row').filter({ hasText: event.model }),
  ).toContainText('ended')
})
