import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const tenant = `questions-${run}`

test.beforeAll(async () => {
  const event = { id: run, tenant, provider: 'openai', model: 'gpt-4o-mini', inputTokens: 1_000_000, outputTokens: 0 }
  const events = [{ ...event, latencyMs: 500, occurredAt: new Date(Date.now() - 1_000).toISOString() }]
  await gateway('POST', '/v1/usage', { events }, demo.appKey)
})

test('a view of usage is kept as a question, asked again, deleted and brought back', async ({ operator: page }) => {
  const name = `Models of ${run}`
  await page.goto(`${demo.consoleUrl}/usage?range=7d&by=model&tenant=${tenant}`)
  await expect(page.getByRole('columnheader', { name: 'Latency' })).toBeVisible()
  await page.getByRole('button', { name: 'Save as a question' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(`${name} is among the questions`)).toBeVisible()

  await page.getByRole('link', { name: 'Days and questions' }).click()
  await expect(page.getByRole('table', { name: 'Days' }).getByText('so far')).toBeVisible()
  await expectAccessible(page)
  const questions = page.getByRole('list', { name: 'Questions' })
  await expect(questions.getByRole('link', { name: 'Cost by user this month' })).toBeVisible()
  await questions.getByRole('link', { name }).click()
  await expect(page).toHaveURL(new RegExp(`range=7d&by=model&tenant=${tenant}`))

  await page.getByRole('link', { name: 'Days and questions' }).click()
  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await expect(questions.getByRole('link', { name })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(questions.getByRole('link', { name })).toBeVisible()
})

test('a day leads to what it was spent on', async ({ operator: page }) => {
  await page.goto(`${demo.consoleUrl}/usage/questions?tenant=${tenant}`)
  const today = page.getByRole('table', { name: 'Days' }).getByRole('row').nth(1)
  await today.getByRole('link').click()
  await expect(page).toHaveURL(/\/usage\?.*from=/)
  await expect(page.getByRole('heading', { name: 'Who spends' })).toBeVisible()
})
