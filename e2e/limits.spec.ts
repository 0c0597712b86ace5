import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const name = `chat-${run}`

const consume = (subject: string, points = 1) =>
  gateway<{ allowed: boolean; remaining: number }>(
    'POST',
    `/v1/limits/${name}/consume`,
    { subject, points },
    demo.appKey,
  )

test('a limit is set, refuses, says who is limited and what another one would have done, and is changed and deleted', async ({
  operator: page,
}) => {
  await page.getByRole('link', { name: 'Limits', exact: true }).first().click()
  await expect(page.getByRole('heading', { name: 'Limits', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'Set a limit' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Points per window').fill('1,5')
  await dialog.getByRole('button', { name: 'Set limit' }).click()
  await expect(dialog.getByRole('alert').filter({ hasText: /number/i })).toBeVisible()
  await expectAccessible(page)
  await dialog.getByLabel('Points per window').fill('5')
  await dialog.getByLabel('Window (seconds)').fill('86400')
  await dialog.getByRole('button', { name: 'Set limit' }).click()
  await expect(page.getByText(`${name} is set`)).toBeVisible()

  await expect.poll(async () => (await consume(`u-${run}`)).remaining).toBeLessThan(5)
  const answers = []
  for (let n = 0; n < 8; n++) answers.push(await consume(`u-${run}`))
  expect(answers.filter(({ allowed }) => allowed).length).toBeLessThanOrEqual(4)

  await page.goto(`${demo.consoleUrl}/what-was-live`)
  await expect(page.getByRole('table', { name: 'Limits at the instant' })).toContainText(name)
  await page.goBack()

  const row = page.getByRole('table', { name: 'Limits' }).getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('5 per day')
  await expect(row).toContainText('1 limited', { timeout: 20_000 })
  await expect(page.getByText(/being refused right now/)).toBeVisible()
  const subject = page
    .getByRole('table', { name: 'Subjects' })
    .getByRole('row')
    .filter({ hasText: `u-${run}` })
  await expect(subject).toContainText('limited now')
  await expect(page.getByRole('img', { name: new RegExp(`Asked of ${name}`) })).toBeVisible()

  const slider = page.getByRole('slider', { name: /Instead of/ })
  await slider.press('End')
  await expect(page.getByText('Instead of 5 per day: 50 per day')).toBeVisible()
  const refused = page.locator('dl > div').filter({ hasText: 'Would be refused' })
  await expect(refused).toContainText(/Would be refused0now [1-9]/)
  await expectAccessible(page)

  await subject.getByRole('button', { name: 'Reset' }).click()
  await page.getByRole('button', { name: 'Reset counter' }).click()
  await expect(page.getByText(/has all points of/)).toBeVisible()
  expect(await consume(`u-${run}`)).toMatchObject({ allowed: true, remaining: 4 })

  await row.getByRole('button', { name: `Change ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Change' }).click()
  await dialog.getByLabel('Points per window').fill('7')
  await dialog.getByRole('button', { name: 'Change limit' }).click()
  await expect(row).toContainText('7 per day')
  await expect.poll(async () => (await consume(`v-${run}`, 7)).allowed).toBe(true)

  await row.getByRole('button', { name: `Change ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete limit' }).click()
  await expect(row).toHaveCount(0)
})
