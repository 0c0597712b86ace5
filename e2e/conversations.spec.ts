import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const tenant = `talk-${run}`

test('a conversation is found by what went wrong, and shows what each answer cost', async ({ operator: page }) => {
  const talks = [
    { id: `${run} fine`, statuses: ['ok', 'ok'] },
    { id: `${run} refused <i>`, statuses: ['ok', 'refused'] },
  ]
  for (const { id, statuses } of talks) {
    const path = `/v1/sessions/${encodeURIComponent(id)}`
    await gateway('PUT', path, { tenant, user: `u-${run}`, ttlSeconds: 900, data: {} }, demo.appKey)
    for (const [n, status] of statuses.entries()) {
      const usageId = `${id} call ${n}`
      const call = { provider: 'openai', model: 'gpt-4o-mini', inputTokens: 1_000_000, outputTokens: 0, latencyMs: 420 }
      const event = { ...call, id: usageId, tenant, user: `u-${run}`, conversation: id, status }
      await gateway('POST', `${path}/turns`, { role: 'user', content: `Question ${n}` }, demo.appKey)
      await gateway(
        'POST',
        '/v1/usage',
        { events: [{ ...event, prompt: { name: 'reply', version: 7 }, occurredAt: new Date().toISOString() }] },
        demo.appKey,
      )
      const answer = { role: 'assistant', content: `<script>document.title = 'run'</script> ${n}`, usageId }
      await gateway('POST', `${path}/turns`, answer, demo.appKey)
    }
    await gateway('POST', `${path}/turns`, { role: 'assistant', content: 'From memory' }, demo.appKey)
  }

  await page.goto(`${demo.consoleUrl}/usage?tenant=${tenant}`)
  await page.getByRole('link', { name: 'Conversations' }).click()
  const table = page.getByRole('table', { name: 'Conversations' })
  await expect(page.getByRole('button', { name: 'Refresh' })).toBeVisible()
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click()
    await expect(table.getByRole('row')).toHaveCount(3, { timeout: 1_000 })
  }).toPass({ timeout: 15_000 })
  await expectAccessible(page)
  await page.getByLabel('Problems').click()
  await page.getByRole('option', { name: 'Refusals' }).click()
  await expect(table.getByRole('row')).toHaveCount(2)
  await table.getByRole('button', { name: `${run} refused <i>` }).click()

  const turns = page.getByRole('list', { name: 'Turns' }).getByRole('listitem').filter({ hasText: 'assistant' })
  await expect(turns.nth(0)).toContainText('gpt-4o-mini')
  await expect(turns.nth(0)).toContainText('reply@7')
  await expect(turns.nth(0)).toContainText('$0.15')
  await expect(turns.nth(0)).toContainText('420 ms')
  await expect(turns.nth(1)).toContainText('refused')
  await expect(turns.nth(2)).toContainText('No usage row')
  await expect(page.getByText('$0.30').first()).toBeVisible()
  expect(await page.title()).not.toBe('run')
  await expectAccessible(page)
  await page.getByRole('link', { name: /Its session lives/ }).click()
  await expect(page.getByRole('dialog')).toContainText(`${run} refused <i>`)
})
