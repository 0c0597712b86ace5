import type { Page } from '@playwright/test'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = Date.now().toString(36)
const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`
const contents = ['Answer {{question}} in one line.', 'Answer {{question}} at length.']

/** Two versions, the second live a few seconds after the first. */
async function movedPrompt(name: string) {
  await gateway('POST', '/v1/prompts', { name })
  for (const content of contents) await gateway('POST', at(name, '/versions'), { content, model: 'gpt-4o-mini' })
  const activate = async (version: number) =>
    (await gateway<{ committedAt: string }>('POST', at(name, '/activate'), { version, reason: `Release ${version}` }))
      .committedAt
  const first = await activate(1)
  await new Promise((resolve) => setTimeout(resolve, 2_500)) // the field that an instant is typed into knows seconds
  return { first, second: await activate(2) }
}

const prompt = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true })
const clockOf = (page: Page, instant: string) =>
  page.evaluate((text) => {
    const local = new Date(text)
    return new Date(local.getTime() - local.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
  }, instant)

test('J9: what was live between two activations, from the Overview in two clicks', async ({ operator: page }) => {
  const name = `journeys/then ${run}`
  const { first } = await movedPrompt(name)
  await page.goto(demo.consoleUrl)
  const newest = page.getByRole('region', { name: 'Newest activations' }).getByRole('listitem')
  await newest.filter({ hasText: name }).filter({ hasText: 'first' }).getByRole('link').click() // 1
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
  await page.getByRole('link', { name: 'What was live at …' }).click() // 2

  await expect(page).toHaveURL(new RegExp(`at=${encodeURIComponent(first).replaceAll('%3A', '(%3A|:)')}`))
  await expect(page.getByRole('heading', { name: 'What was live', level: 1 })).toBeVisible()
  const then = prompt(page, name)
  await expect(then).toContainText('v1')
  await expect(then).toContainText('Release 1')
  await expect(then).toContainText(/until .*, v2 by/)
  await expect(then.getByRole('region')).toHaveText(contents[0] ?? '')
  await expectAccessible(page)

  await page.getByRole('button', { name: /^Next activation/ }).click()
  await expect(then).toContainText('live still')
  await expect(then.getByRole('region')).toHaveText(contents[1] ?? '')
})

test('J9: an instant is typed, and stepped away from', async ({ operator: page }) => {
  const name = `journeys/typed ${run}`
  const { second } = await movedPrompt(name)
  await page.getByRole('link', { name: 'What was live at …' }).click() // 1
  await expect(page.getByRole('status').filter({ hasText: 'are live on production now' })).toBeVisible()
  await expect(prompt(page, name).getByRole('region')).toHaveText(contents[1] ?? '')

  const before = new Date(Date.parse(second) - 1_000).toISOString()
  await page.getByLabel(/^Instant/).fill(await clockOf(page, before))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/at=/)
  await expect(prompt(page, name).getByRole('region')).toHaveText(contents[0] ?? '')
  await expect(page.getByText('The next activation followed within a minute')).toBeVisible()

  await page.getByRole('button', { name: '−1 h' }).click()
  await expect(prompt(page, name)).toHaveCount(0)
  await expect(page.getByText(/^Not live on production/)).toBeVisible()
  await page.getByRole('button', { name: 'Now', exact: true }).click()
  await expect(prompt(page, name).getByRole('region')).toHaveText(contents[1] ?? '')
})

test('J9: calls of a tenant that reported another version than was live stand out', async ({ operator: page }) => {
  const name = `journeys/stray ${run}`
  const { second } = await movedPrompt(name)
  const tenant = `stray-${run}`
  // Half an hour before its first activation: no version can have been live.
  const early = new Date(Date.parse(second) - 1_500_000).toISOString()
  const call = (id: string, version: number, occurredAt: string) => ({
    id,
    tenant,
    provider: 'openai',
    model: 'gpt-4o-mini',
    inputTokens: 500,
    outputTokens: 50,
    prompt: { name, version },
    occurredAt,
  })
  await gateway('POST', '/v1/usage', { events: [call('a', 2, second), call('b', 2, early)] }, demo.appKey)

  await page.goto(`${demo.consoleUrl}/what-was-live?tenant=${tenant}&at=${second}`)
  const used = page.getByRole('region', { name: `Used by ${tenant}` }).getByRole('listitem', { name, exact: true })
  await expect(used).toContainText('2 calls with v2')
  await expect(used).toContainText(/1 call at \d\d:\d\d:\d\d used v2, which no channel served then/)
  await expect(page.getByRole('region', { name: 'Prices in force' })).toContainText('$0.15')
  await expectAccessible(page)
})

test('R13: an address that holds no instant, or one in the future, says so and leads on', async ({
  operator: page,
}) => {
  for (const [wrong, said] of [
    ['yesterday', 'at: must be an ISO 8601 instant'],
    [new Date(Date.now() + 86_400_000).toISOString(), 'at: lies in the future'],
  ]) {
    await page.goto(`${demo.consoleUrl}/what-was-live?at=${wrong}`)
    await expect(page.getByText(said ?? '')).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Show what is live now' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'live on production now' })).toBeVisible()
  }
})
