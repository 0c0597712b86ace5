import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`
const subjects = Array.from({ length: 200 }, (_, index) => `user-${index}`)

type Answer = { version: number; revision: number; content: string }

/** Who gets version 2, asked as an application would. */
async function onNew(name: string): Promise<string[]> {
  const answers = await Promise.all(
    subjects.map((subject) => gateway<Answer>('GET', at(name, `?subject=${subject}`), undefined, demo.appKey)),
  )
  for (const { version, content } of answers) expect(content).toBe(`Answer ${version}`)
  return subjects.filter((_, index) => answers[index]?.version === 2)
}

test('a version is rolled out to a tenth, then to half, and rolled back, and nobody is moved without need', async ({
  operator: page,
}) => {
  const name = `journeys/rollout ${Date.now().toString(36)}`
  await gateway('POST', '/v1/prompts', { name })
  for (const version of [1, 2]) await gateway('POST', at(name, '/versions'), { content: `Answer ${version}` })
  await gateway('POST', at(name, '/activate'), { version: 1 })

  await page.goto(`${demo.consoleUrl}/prompts/${encodeURIComponent(name)}?version=2`)
  await page.getByRole('button', { name: 'Roll out v2' }).click()
  const start = page.getByRole('dialog', { name: 'Roll out v2' })
  await start.getByRole('switch', { name: 'Guard' }).click()
  await start.getByLabel('Share of v2, percent').fill('100')
  await expect(start.getByRole('button', { name: 'Roll out' })).toBeDisabled()
  await start
    .getByRole('group', { name: 'Usual shares of v2' })
    .getByRole('button', { name: '10', exact: true })
    .click()
  await expect(start.getByLabel('Share of v1')).toHaveText('90\u00a0%')
  await expect(start).toContainText('10\u00a0% of all subjects move from v1 to v2. All others keep')
  await expectAccessible(page)
  await start.getByLabel(/Reason/).fill('Shorter answers')
  await start.getByRole('button', { name: 'Roll out' }).click()
  await expect(start).toBeHidden()

  const card = page.getByRole('region', { name: 'Rollout', exact: true })
  await expect(card.getByRole('listitem')).toHaveText(['v190\u00a0%', 'v210\u00a0%'])
  await expect(page.getByRole('button', { name: 'production v1 · v2 at 10\u00a0%' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'History' })).toContainText('v1 · v2 at 10\u00a0% rollout')
  await expect(page.getByRole('region', { name: 'Versions' }).getByText('live 90\u00a0%')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'v1 → v2' })).toBeVisible()
  await expectAccessible(page)
  const tenth = await onNew(name)
  expect(tenth.length).toBeGreaterThan(2)
  expect(tenth.length).toBeLessThan(60)
  expect(await onNew(name)).toEqual(tenth)

  await card.getByRole('button', { name: 'Change shares' }).click()
  const change = page.getByRole('dialog', { name: 'Change shares' })
  await expect(change.getByLabel('Share of v2, percent')).toHaveValue('10')
  await change.getByLabel('Share of v2, percent').fill('50')
  await expect(change).toContainText('40\u00a0% of all subjects move from v1 to v2')
  await change.getByRole('button', { name: 'Change shares' }).click()
  await expect(change).toBeHidden()
  await expect(card.getByRole('listitem')).toHaveText(['v150\u00a0%', 'v250\u00a0%'])
  const half = await onNew(name)
  expect(half.length).toBeGreaterThan(tenth.length)
  expect(half).toEqual(expect.arrayContaining(tenth))

  await page.goto(`${demo.consoleUrl}/prompts?q=${encodeURIComponent(name)}`)
  await expect(page.getByRole('row').last()).toContainText('v1 · v2 at 50\u00a0%')
  await page.getByRole('link', { name }).click()

  await card.getByRole('button', { name: 'Roll back' }).click()
  const back = page.getByRole('dialog', { name: 'Roll back to v1' })
  await expect(back).toContainText('in full before the rollout')
  await back.getByRole('button', { name: 'Roll back' }).click()
  await expect(back).toBeHidden()
  await expect(card).toBeHidden()
  expect(await onNew(name)).toEqual([])
  expect(await gateway('GET', at(name))).toMatchObject({ version: 1, revision: 4 })
})
