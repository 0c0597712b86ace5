import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`

/** Calls of one version as an application reports them; twice the tokens cost twice as much. */
const calls = (name: string, version: number, n: number, tokens: number) =>
  gateway(
    'POST',
    '/v1/usage',
    {
      events: Array.from({ length: n }, (_, index) => ({
        id: `${name}-${version}-${index}`,
        tenant: 'journeys',
        provider: 'openai',
        model: 'gpt-4o-mini',
        inputTokens: tokens + 10 * (index % 20),
        outputTokens: tokens / 5,
        latencyMs: 400 + index,
        prompt: { name, version },
        occurredAt: new Date().toISOString(),
      })),
    },
    demo.appKey,
  )

test('a guarded rollout of a dearer version is rolled back by itself, and says why with its figures', async ({
  operator: page,
}) => {
  const name = `journeys/guard ${Date.now().toString(36)}`
  await gateway('POST', '/v1/prompts', { name })
  for (const version of [1, 2]) await gateway('POST', at(name, '/versions'), { content: `Answer ${version}` })
  await gateway('POST', at(name, '/activate'), { version: 1 })

  await page.goto(`${demo.consoleUrl}/prompts/${encodeURIComponent(name)}?version=2`)
  await page.getByRole('button', { name: 'Roll out v2' }).click()
  const dialog = page.getByRole('dialog', { name: 'Roll out v2' })
  await expect(dialog.getByRole('switch', { name: 'Guard' })).toBeChecked()
  await dialog.getByLabel('Steps, percent').fill('10, 50')
  await expect(dialog).toContainText('Must end with 100.')
  await expect(dialog.getByRole('button', { name: 'Roll out' })).toBeDisabled()
  await dialog.getByLabel('Steps, percent').fill('10, 50, 100')
  await dialog.getByLabel('Requests of each version, at least').fill('100')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Roll out' }).click()
  await expect(dialog).toBeHidden()

  const guard = page.getByRole('region', { name: 'Guard of v2' })
  await expect(guard.getByRole('listitem').filter({ hasText: 'reached' })).toContainText('10')
  await expect(page.getByRole('region', { name: 'Rollout', exact: true }).getByRole('listitem')).toHaveCount(2)
  await calls(name, 1, 600, 1_000)
  await calls(name, 2, 300, 2_000)

  // The newest seconds are never judged, and the worker looks every few: then all but certain is certain enough.
  await expect(guard).toContainText('rolled back', { timeout: 40_000 })
  const cost = guard.getByRole('listitem').filter({ hasText: 'Cost per request' })
  await expect(cost).toContainText('breached')
  await expect(cost).toContainText(/limit \+20\u00a0% · n 300 of 900/)
  await expect(guard).toContainText(/cost per request \+\d+ % \(\+\d+ to \+\d+\), limit \+20 %, n 300\/600/)
  await expect(page.getByRole('region', { name: 'Rollout', exact: true })).toBeHidden()
  await expect(page.getByRole('region', { name: 'History' })).toContainText('v1 rolled back')
  await expectAccessible(page)
  expect(await gateway('GET', at(name))).toMatchObject({ version: 1, revision: 3 })
})
