import { readFileSync, writeFileSync } from 'node:fs'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = Date.now().toString(36)
const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`
type Exported = { name: string; versions: { version: number; content: string }[]; activations: unknown[] }

async function promptWith(name: string, contents: string[]) {
  await gateway('POST', '/v1/prompts', { name })
  for (const content of contents) await gateway('POST', at(name, '/versions'), { content, model: 'gpt-4o-mini' })
}

test('write a version: variables and includes, a mistake shown where it is, preview, tokens, diff', async ({
  operator: page,
}) => {
  const [name, tone] = [`journeys/write ${run}`, `journeys/tone ${run}`]
  await promptWith(tone, ['Write to {{company}} formally.'])
  await gateway('POST', at(tone, '/activate'), { version: 1 })
  await promptWith(name, ['Answer {{question}} in at most four sentences.'])
  await page.goto(`${demo.consoleUrl}/prompts/${name}`)
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText(/\d+ tokens/)

  await page.getByRole('button', { name: 'Edit as v2' }).click()
  const editor = page.getByRole('dialog', { name: 'Write v2' })
  const content = editor.getByLabel('Content')
  const save = editor.getByRole('button', { name: 'Save' })
  await content.fill(`{{> ${tone}}}\nAnswer {{question} in at most six sentences.`)
  await expect(editor.getByRole('alert').first()).toContainText('line 2: the variable {{question is never closed')
  await expect(save).toBeDisabled()
  await editor.getByRole('button', { name: 'Show it' }).click()
  expect(
    await content.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd)),
  ).toBe('{{question')
  await expectAccessible(page)

  await content.fill(`{{> ${tone}}} {{> nobody}}\nAnswer {{question}} in at most six sentences.`)
  await expect(editor).toContainText('v1 on production')
  await expect(editor).toContainText('there is no such prompt')
  await expect(editor.getByTestId('tokens')).toHaveText(/^\d+ tokens$/)

  await editor.getByRole('tab', { name: 'Preview' }).click()
  await editor.getByLabel('question').fill('Why {{me}}?')
  await editor.getByLabel('company').fill('Acme')
  const preview = editor.getByRole('region', { name: 'Preview' })
  await expect(preview).toHaveText('Write to Acme formally. {{> nobody}}\nAnswer Why {{me}}? in at most six sentences.')
  await expectAccessible(page)

  await editor.getByRole('tab', { name: 'Changes' }).click()
  await expect(editor.getByRole('row').filter({ hasText: 'added:' }).first()).toContainText(`{{> ${tone}}}`)
  await editor.getByRole('tab', { name: 'Write' }).click()
  await content.press('Control+s')
  await expect(page.getByText('Added v2')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'v1 → v2' })).toBeVisible()
  await expect(page.getByText(/^\+\d+ tokens \(\+\d+\s%\) · gpt-4o-mini$/)).toBeVisible()
})

test('what was typed survives an accidental close, until it is discarded', async ({ operator: page }) => {
  const name = `journeys/draft ${run}`
  await promptWith(name, ['One'])
  await page.goto(`${demo.consoleUrl}/prompts/${name}`)
  await page.getByRole('button', { name: 'Edit as v2' }).click()
  const content = page.getByLabel('Content')
  await content.fill('Two, at great length')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.reload()
  await page.getByRole('button', { name: 'Edit as v2' }).click()
  await expect(content).toHaveValue('Two, at great length')
  await page.getByRole('button', { name: 'Discard it' }).click()
  await expect(content).toHaveValue('One')
  await expect(page.getByRole('button', { name: 'Discard it' })).toHaveCount(0)
})

test('more than 1 MB is said on screen, and not sent', async ({ operator: page }) => {
  const name = `journeys/large ${run}`
  await promptWith(name, ['One'])
  await page.goto(`${demo.consoleUrl}/prompts/${name}`)
  await page.getByRole('button', { name: 'Edit as v2' }).click()
  await page.getByLabel('Content').fill('x'.repeat(1_000_001))
  await expect(page.getByRole('dialog').getByRole('alert').first()).toContainText('must be at most 1 MB')
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
})

test('export a prompt, see what an import would do, import it as a copy', async ({ operator: page }, testInfo) => {
  const [name, copy] = [`journeys/export ${run}`, `journeys/copy ${run}`]
  await promptWith(name, ['One {{x}}', 'Two {{x}}'])
  await gateway('POST', at(name, '/activate'), { version: 1, reason: 'First' })
  await gateway('POST', at(name, '/activate'), { version: 2, reason: 'Second' })
  await page.goto(`${demo.consoleUrl}/prompts/${name}`)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const file = testInfo.outputPath('export.json')
  await (await download).saveAs(file)
  const document = JSON.parse(readFileSync(file, 'utf8')) as Exported
  expect(document.versions.map(({ content }) => content)).toEqual(['One {{x}}', 'Two {{x}}'])

  await page.goto(`${demo.consoleUrl}/prompts`)
  await page.getByRole('button', { name: 'Import' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import a prompt' })
  const confirm = dialog.getByRole('button', { name: 'Import' })
  await dialog.getByLabel('File').setInputFiles(file)
  await expect(dialog).toContainText('nothing would change')
  await expect(confirm).toBeDisabled()

  const other = testInfo.outputPath('other.json')
  writeFileSync(other, JSON.stringify({ ...document, versions: document.versions.map((v) => ({ ...v, content: 'Else' })) })) // prettier-ignore
  await dialog.getByLabel('File').setInputFiles(other)
  await expect(dialog).toContainText(`Version 1 of ${name} says something else`)
  await expect(confirm).toBeDisabled()

  await dialog.getByLabel('Name').fill(copy)
  await dialog.getByLabel('File').setInputFiles(file)
  await dialog.getByLabel('Name').fill(copy)
  await expect(dialog).toContainText(`Creates ${copy} with 2 versions and 2 activations`)
  await expect(dialog).toContainText('Live at once: v2 on production.')
  await expectAccessible(page)
  await confirm.click()
  await expect(page).toHaveURL(/journeys\/copy/)
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('imported')
  await expect(page.getByRole('button', { name: 'production v2' })).toBeVisible()
  expect(await gateway<Exported>('GET', at(copy, '/export'))).toEqual({ ...document, name: copy })
})

test('find a prompt by what an old version said', async ({ operator: page }) => {
  const name = `journeys/search ${run}`
  await promptWith(name, [`Refunds take ${run} days.`, 'Refunds are quick.'])
  await page.goto(`${demo.consoleUrl}/prompts`)
  await page.getByRole('searchbox').fill(`take ${run}`)
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText(`v1: Refunds take ${run} days.`)
  await row.getByRole('link').first().click()
  await expect(page).toHaveURL(/version=1/)
  await expect(page.getByRole('region', { name: 'Text of version 1' })).toContainText('Refunds take')
})

test('J2: before the click, what it touches, each figure with its source', async ({ operator: page }) => {
  const [name, parent] = [`journeys/touched ${run}`, `journeys/parent ${run}`]
  await promptWith(name, ['One {{x}}', 'Two {{x}}'])
  await promptWith(parent, [`{{> ${name}}}`])
  for (const each of [name, parent]) await gateway('POST', at(each, '/activate'), { version: 1 })
  const session = `touched-${run}`
  const body = { tenant: 'journeys', user: 'u', ttlSeconds: 600, data: {} }
  await gateway('PUT', `/v1/sessions/${session}`, body, demo.appKey)
  const events = Array.from({ length: 30 }, (_, n) => ({
    id: `${name}-${n}`,
    tenant: 'journeys',
    conversation: session,
    provider: 'openai',
    model: 'gpt-4o-mini',
    inputTokens: 10_000,
    outputTokens: 0,
    prompt: { name, version: 1 },
    occurredAt: new Date(Date.now() - n * 1_000).toISOString(),
  }))
  await gateway('POST', '/v1/usage', { events }, demo.appKey)
  for (const key of ['a', 'b'])
    await gateway(
      'PUT',
      `/v1/cache/touched-${run}/${key}?tenant=journeys`,
      { value: key, ttlSeconds: 600, prompt: { name, version: 1 } },
      demo.appKey,
    )

  await page.goto(`${demo.consoleUrl}/prompts/${name}?version=2`)
  await page.getByRole('button', { name: 'Activate v2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Activate v2' })
  const value = (label: string) => dialog.getByRole('definition').filter({ has: page.locator(`xpath=preceding-sibling::dt[.="${label}"]`) }) // prettier-ignore
  await expect(value('Requests per minute')).toHaveText('2')
  await expect(value('Live sessions on v1')).toHaveText('1')
  await expect(value('Cached answers to re-warm')).toHaveText('at most 2 ≈ $0.003')
  await expect(value('Prompts that include it')).toHaveText(parent)
  await expect(value('Approval')).toHaveText('not required')
  await value('Cached answers to re-warm').getByRole('button').focus()
  await expect(page.getByRole('tooltip')).toContainText('evicted answers are not seen')
  await page.keyboard.press('Escape')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Activate v2' }).click()
  await expect(page.getByRole('button', { name: 'production v2' })).toBeVisible()
})
