import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = Date.now().toString(36)
const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`

async function promptWith(name: string, contents: string[]) {
  await gateway('POST', '/v1/prompts', { name })
  for (const content of contents)
    await gateway('POST', at(name, '/versions'), { content, model: 'gpt-4o-mini', config: { temperature: 0.2 } })
}

const activate = (name: string, version: number) =>
  gateway<{ committedAt: string }>('POST', at(name, '/activate'), { version })

/** Forty calls in the second that begins or ends at `from`. */
async function useVersion(
  name: string,
  version: number,
  { from, inputTokens, step }: { from: number; inputTokens: number; step: number },
) {
  const events = Array.from({ length: 40 }, (_, n) => ({
    id: `${name}-${version}-${n}`,
    tenant: 'journeys',
    provider: 'openai',
    model: 'gpt-4o-mini',
    inputTokens: inputTokens + n,
    outputTokens: 100,
    latencyMs: 900 + n,
    prompt: { name, version },
    occurredAt: new Date(from + step * (n + 1)).toISOString(),
  }))
  await gateway('POST', '/v1/usage', { events }, demo.appKey)
}

test('J1: cost jumped; see what changed, compare before and after, roll back, in three clicks', async ({
  operator: page,
}) => {
  const name = `journeys/costly ${run}`
  await promptWith(name, ['Answer {{question}} in one line.', 'Answer {{question}} at length, with every source.'])
  await activate(name, 1)
  await new Promise((resolve) => setTimeout(resolve, 2_500)) // version 1 has to have been live for a while
  const moved = Date.parse((await activate(name, 2)).committedAt)
  await useVersion(name, 1, { from: moved, inputTokens: 1_000, step: -20 })
  await useVersion(name, 2, { from: moved, inputTokens: 3_000, step: 20 })

  await page.goto(`${demo.consoleUrl}/?range=1h`)
  const newest = page
    .getByRole('region', { name: 'Newest activations' })
    .getByRole('listitem')
    .filter({ hasText: name })
  await newest.first().getByRole('link').click() // 1
  await expect(page).toHaveURL(/activation=2/)

  const cost = page.getByRole('region', { name: 'Before and after' }).getByRole('row', { name: /Cost per 1,000/ })
  await expect(cost).toContainText('n 40')
  await expect(cost.getByRole('cell').last()).toContainText(/^\+1\d\d\s%\(\+\d+ to /)
  const changes = page.getByRole('region', { name: 'Changes from version 1 to 2' })
  await expect(changes.getByRole('row').filter({ hasText: 'removed:' })).toContainText('in one line')
  await expect(changes.getByRole('row').filter({ hasText: 'added:' })).toContainText('with every source')
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Roll back to v1' }).click() // 2
  const dialog = page.getByRole('dialog', { name: 'Roll back to v1' })
  await expect(dialog.getByRole('region', { name: 'Changes from version 2 back to 1' })).toContainText('in one line')
  await expect(dialog).toContainText(/Requests per minute\s*\d/)
  await expectAccessible(page)
  await dialog.getByLabel(/Reason/).fill('Cost tripled')
  await dialog.getByRole('button', { name: 'Roll back' }).click() // 3
  await expect(dialog).toBeHidden()

  const done = page.getByRole('region', { name: 'Activation' })
  await expect(done).toContainText('Rolled back to v1')
  await expect(done).toContainText(/Committed.*Postgres/)
  await expect(done).toContainText(/Applied.*Redis, \+/)
  await expect(done).toContainText('Cost tripled')
  await expect(page.getByRole('region', { name: 'History' })).toContainText('v2 → v1 rolled back')
  const served = await gateway<{ version: number; revision: number }>('GET', at(name))
  expect(served).toMatchObject({ version: 1, revision: 3 })
})

test('a prompt is created, written and activated in the console, and found by what it says', async ({
  operator: page,
}) => {
  const name = `journeys/new.prompt ${run}`
  await page.getByRole('link', { name: /^Prompts/ }).click()
  await page.getByRole('button', { name: 'New prompt' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
  await expect(page.getByText('No version yet')).toBeVisible()

  await page.getByRole('button', { name: 'Write v1' }).first().click()
  const editor = page.getByRole('dialog', { name: 'Write v1' })
  await editor.getByLabel('Content').fill(`Greet {{user}} of {{company}} about ${run}.`)
  await expect(editor).toContainText(/Variables\s*user company/)
  await editor.getByLabel('Config').fill('{"temperature": ')
  await expect(editor.getByRole('button', { name: 'Save' })).toBeDisabled()
  await editor.getByLabel('Config').fill('{"temperature": 0.7}')
  await editor.getByRole('tab', { name: 'Changes' }).click()
  await expect(editor.getByRole('region', { name: 'Changes of the draft' })).toContainText('Greet {{user}}')
  await expectAccessible(page)
  await editor.getByRole('button', { name: 'Save' }).click()
  await expect(editor).toBeHidden()

  await page.getByRole('button', { name: 'Activate v1' }).click()
  const dialog = page.getByRole('dialog', { name: 'Activate v1' })
  await expect(dialog).toContainText('On productionnothing → v1')
  await dialog.getByRole('button', { name: 'Activate v1' }).click()
  await expect(page.getByRole('region', { name: 'Activation' })).toContainText('v1 activated')
  expect(await gateway('GET', at(name))).toMatchObject({ version: 1, config: { temperature: 0.7 } })

  await page.goto(`${demo.consoleUrl}/prompts`)
  await page.getByRole('searchbox').fill(`about ${run}`)
  await expect(page.getByRole('row')).toHaveCount(2)
  await expect(page.getByRole('row').last()).toContainText(name)
  await expect(page).toHaveURL(/q=/)
  await page.getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
})

test('j and k walk through the versions, and the address keeps what is looked at', async ({ operator: page }) => {
  const name = `journeys/walk/${run}`
  await promptWith(name, ['One', 'Two', 'Three'])
  await page.goto(`${demo.consoleUrl}/prompts/${name}`)
  const versions = page.getByRole('region', { name: 'Versions' })
  await expect(versions.locator('[aria-current]')).toContainText('v3')
  await expect(page.getByRole('heading', { name: 'v2 → v3' })).toBeVisible()
  await page.keyboard.press('j')
  await expect(versions.locator('[aria-current]')).toContainText('v2')
  await expect(page).toHaveURL(/version=2/)
  await page.keyboard.press('j')
  await expect(page.getByRole('heading', { name: 'v1', exact: true })).toBeVisible()
  await page.keyboard.press('k')
  await page.getByRole('button', { name: /^Compare with/ }).click()
  await page.getByRole('option', { name: 'v3' }).click()
  await expect(page.getByRole('heading', { name: 'v3 → v2' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'v3 → v2' })).toBeVisible()
})
