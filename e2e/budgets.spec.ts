import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const tenant = `budget-${run}`

test('J10: a budget is set three presses from the Overview, and says when it will be used up', async ({
  operator: page,
}) => {
  const events = [6, 5, 4, 3, 2, 1, 0].map((ago) => ({
    id: randomUUID(),
    tenant,
    provider: 'openai',
    model: 'gpt-4o-mini',
    inputTokens: 1_000_000 * (1 + (ago % 2)),
    outputTokens: 0,
    occurredAt: new Date(Date.now() - ago * 86_400_000 - 1_000).toISOString(),
  }))
  await gateway('POST', '/v1/usage', { events }, demo.appKey)
  await page.goto(`${demo.consoleUrl}/?tenant=${tenant}`)

  await page.getByRole('link', { name: 'Usage', exact: true }).first().click()
  await page.getByRole('link', { name: 'Budgets' }).click()
  await page.getByRole('button', { name: 'Set a budget' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(`Weeks of ${run}`)
  await dialog.getByLabel('Amount (US dollars)').fill('1,50')
  await dialog.getByRole('button', { name: 'Set budget' }).click()
  await expect(dialog.getByText('must be US dollars, such as 250 or 99.50')).toBeVisible()
  await expectAccessible(page)
  await dialog.getByLabel('Amount (US dollars)').fill('3')
  await dialog.getByLabel('Tell at (percent)').fill('40, 100')
  await dialog.getByLabel('Per', { exact: true }).click()
  await page.getByRole('option', { name: 'Rolling' }).click()
  await expect(dialog.getByText(/In the 30 days before .* \$0\.00 were spent on 0 calls/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Set budget' }).click()

  const row = page.getByRole('table', { name: 'Budgets' }).getByRole('row').filter({ hasText: run })
  await expect(row).toContainText('$1.50 of $3.00')
  await expect(row).toContainText('50 %')
  await expect(row).toContainText(/about \d+ \w+/)
  await expect(page.getByRole('img', { name: new RegExp(`Spent of Weeks of ${run}`) })).toBeVisible()
  await expect(row).toContainText('40 % reached', { timeout: 40_000 })
  await expectAccessible(page)

  await row.getByRole('button', { name: `Change Weeks of ${run}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByText('Nothing is budgeted yet.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('$1.50 of $3.00')
})

test('a budget that refuses shows the counter that decides, and is reconciled on the spot', async ({
  operator: page,
}) => {
  const held = `hard-${run}`
  const event = { tenant: held, provider: 'openai', model: 'gpt-4o-mini', inputTokens: 10_000_000, outputTokens: 0 }
  const report = (id: string) =>
    gateway<{ budgetsUsedUp?: unknown[] }>(
      'POST',
      '/v1/usage',
      { events: [{ ...event, id, occurredAt: new Date().toISOString() }] },
      demo.appKey,
    )
  await report('before')
  await page.goto(`${demo.consoleUrl}/usage/budgets?tenant=${held}`)
  await page.getByRole('button', { name: 'Set a budget' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(`Hard ${run}`)
  await dialog.getByLabel('Amount (US dollars)').fill('4')
  await dialog.getByLabel('When it is used up').click()
  await page.getByRole('option', { name: 'Refuse' }).click()
  await dialog.getByRole('button', { name: 'Set budget' }).click()

  const counter = page.getByRole('region', { name: `Hard ${run}: the counter that decides` })
  await expect(counter).toContainText('the counter in Redis', { timeout: 30_000 })
  await expect(counter).toContainText('$1.50')
  await expectAccessible(page)
  await report('after')
  await counter.getByRole('button', { name: 'Reconcile now' }).click()
  await expect(page.getByText(`Hard ${run} is reconciled:`)).toBeVisible()
  await expect(counter).toContainText('$3.00')
  // Once it is used up, whoever reports learns it with the answer.
  await report('over')
  expect((await report('again')).budgetsUsedUp).toHaveLength(1)
})
