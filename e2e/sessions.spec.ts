import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const tenant = `session-${run}`
const session = (id: string) => `/v1/sessions/${encodeURIComponent(id)}`
const status = async (id: string) => {
  const reply = await fetch(demo.gatewayUrl + session(id), { headers: { authorization: `Bearer ${demo.appKey}` } })
  return reply.status
}
const begin = (id: string, user: string, data: unknown = { locale: 'de' }) =>
  gateway('PUT', session(id), { tenant, user, ttlSeconds: 900, data }, demo.appKey)

test('J5: one user is logged out everywhere, three presses from the Overview, and comes back with an undo', async ({
  operator: page,
}) => {
  const ids = ['phone', 'laptop', `odd <img src=x onerror="document.title='run'">`].map((device) => `${run} ${device}`)
  const other = `${run} somebody else`
  for (const id of ids) await begin(id, `alice-${run}`)
  await begin(other, `bob-${run}`)
  await gateway('POST', `${session(ids[0] ?? '')}/turns`, { role: 'user', content: 'Where is my parcel?' }, demo.appKey)

  await page.goto(`${demo.consoleUrl}/?tenant=${tenant}`)
  await page.getByRole('link', { name: 'Sessions', exact: true }).first().click()
  const table = page.getByRole('table', { name: 'Live sessions' })
  await expect(table.getByRole('row')).toHaveCount(5)
  await page.getByLabel('User', { exact: true }).fill(`alice-${run}`)
  await expect(table.getByRole('row')).toHaveCount(4)
  await expect(page).toHaveURL(new RegExp(`user=alice-${run}`))
  await page.getByRole('button', { name: 'Log out all that match' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('3 sessions of 1 user')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Log out 3' }).click()

  await expect(page.getByText('No live session passes these filters.')).toBeVisible()
  for (const id of ids) expect(await status(id)).toBe(404)
  expect(await status(other)).toBe(200)
  await begin(ids[1] ?? '', `alice-${run}`, 'signed in again')
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(page.getByText('2 sessions restored')).toBeVisible()
  await expect(table.getByRole('row')).toHaveCount(4)
  const back = await gateway<{ turns: { content: string }[] }>('GET', session(ids[0] ?? ''), undefined, demo.appKey)
  expect(back.turns.map(({ content }) => content)).toEqual(['Where is my parcel?'])
  const again = await gateway<{ data: unknown }>('GET', session(ids[1] ?? ''), undefined, demo.appKey)
  expect(again.data).toBe('signed in again')
  expect(await page.title()).not.toBe('run')
})

test('a session is looked at without being kept alive, leads to its conversation, and is logged out alone', async ({
  operator: page,
}) => {
  const id = `${run} to look at`
  await begin(id, `carol-${run}`, { cart: ['<b>book</b>'] })
  await gateway('POST', `${session(id)}/turns`, { role: 'user', content: 'Hello there' }, demo.appKey)
  const { expiresAt } = await gateway<{ expiresAt: string }>('GET', session(id), undefined, demo.appKey)
  await page.goto(`${demo.consoleUrl}/sessions?tenant=${tenant}&user=carol-${run}`)
  await page.getByRole('table', { name: 'Live sessions' }).getByRole('button', { name: id, exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('"<b>book</b>"')
  await expect(sheet).toContainText('Hello there')
  await expectAccessible(page)
  const [shown] = await sheet.locator('time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime')))
  expect(Math.abs(Date.parse(shown ?? '') - Date.parse(expiresAt))).toBeLessThan(1_000)
  await sheet.getByRole('button', { name: 'Log out' }).click()
  await expect(sheet).toBeHidden()
  expect(await status(id)).toBe(404)
  await expect(page.getByText(`1 session logged out by`)).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(page.getByText('1 session restored')).toBeVisible()
  await page.getByRole('table', { name: 'Live sessions' }).getByRole('button', { name: id, exact: true }).click()
  await sheet.getByRole('link', { name: 'Open the conversation' }).click()
  await expect(page.getByRole('list', { name: 'Turns' })).toContainText('Hello there')
})

test('many sessions are logged out only after their number is typed', async ({ operator: page }) => {
  const many = `many-${run}`
  await Promise.all(Array.from({ length: 25 }, (_, n) => begin(`${run} of many ${n}`, many)))
  await page.goto(`${demo.consoleUrl}/sessions?tenant=${tenant}&user=${many}`)
  await page.getByRole('button', { name: 'Log out all that match' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Log out 25' })).toBeDisabled()
  await dialog.getByLabel('Type 25 to confirm').fill('25')
  await dialog.getByRole('button', { name: 'Log out 25' }).click()
  await expect(page.getByText('25 sessions logged out by')).toBeVisible()
  expect(await status(`${run} of many 0`)).toBe(404)
})
