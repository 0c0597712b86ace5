import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, seedUsage, test } from './fixtures'

const name = `checkout-${randomUUID().slice(0, 8)}`
const ask = (query: string) =>
  gateway<{ enabled: boolean; reason: string }>('GET', `/v1/flags/${name}?${query}`, undefined, demo.appKey)

test('a flag is made, explained, widened after a preview, switched off and deleted', async ({ operator: page }) => {
  await seedUsage('journeys/flags')
  await page.goto(`${demo.consoleUrl}/flags`)
  await page.getByRole('button', { name: 'New flag' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Share (percent)').fill('120')
  await dialog.getByLabel('Groups').fill('beta, staff')
  await dialog.getByRole('button', { name: 'Make flag' }).click()
  await expect(dialog.getByText('must be at most 100 %')).toBeVisible()
  await expectAccessible(page)
  await dialog.getByLabel('Share (percent)').fill('0')
  await dialog.getByRole('button', { name: 'Make flag' }).click()
  await expect(page.getByRole('heading', { name, level: 2 })).toBeVisible()
  expect(await ask('subject=u-1&groups=beta')).toEqual({ enabled: true, reason: 'on: group beta' })

  await page.getByRole('textbox', { name: 'Subject' }).fill('u-1')
  await page.getByRole('button', { name: 'Evaluate' }).click()
  await expect(page.getByText('off: only for named users and groups')).toBeVisible()

  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await dialog.getByLabel('Share (percent)').fill('100')
  await expect(dialog.getByText(/seen in the last 7 days/)).toBeVisible()
  await dialog.getByLabel('Reason (optional)').fill('Everybody may')
  await dialog.getByRole('button', { name: 'Change flag' }).click()
  await expect(page.getByText('on: everybody')).toBeVisible()
  await expect.poll(async () => (await ask('subject=u-1')).reason).toBe('on: everybody')

  await page.getByRole('button', { name: 'Switch off' }).click()
  await dialog.getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByText('off: switched off')).toBeVisible()
  await expect.poll(async () => (await ask('groups=beta')).enabled).toBe(false)
  const changes = page.getByRole('table', { name: 'Changes of the flag' })
  await expect(changes.getByRole('row')).toHaveCount(4)
  await expect(changes).toContainText('Everybody may')
  await expectAccessible(page)

  await page.goto(`${demo.consoleUrl}/what-was-live`)
  await expect(page.getByRole('table', { name: 'Flags at the instant' })).toContainText(name)

  await page.goto(`${demo.consoleUrl}/flags?flag=${name}`)
  await page.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name)
  await dialog.getByRole('button', { name: 'Delete flag' }).click()
  await expect(page.getByRole('heading', { name, level: 2 })).toHaveCount(0)
  await expect(ask('subject=u-1')).rejects.toThrow('404')
})
