import type { Browser, Page } from '@playwright/test'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = Date.now().toString(36)
const name = `journeys/approved ${run}`
const channel = `journeys-${run}`
const path = `/v1/prompts/${encodeURIComponent(name)}`
const address = `${demo.consoleUrl}/prompts/${name}?channel=${channel}`

/** Invites an operator and signs them in by their link, in a browser of their own. */
async function invite(admin: Page, browser: Browser, who: string) {
  await admin.goto(`${demo.consoleUrl}/settings`)
  await admin.getByRole('button', { name: 'Invite' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByLabel('Name').fill(who)
  await dialog.getByLabel('Email').fill(`${who.replace(' ', '-').toLowerCase()}@example.com`)
  await dialog.getByLabel('Role').click()
  await admin.getByRole('option', { name: /^Operator/ }).click()
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto(await dialog.locator('pre').innerText())
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
  await dialog.getByRole('button', { name: 'Done' }).click()
  return page
}

test('a channel that needs approval: one operator asks, cannot approve, and another one makes it live', async ({
  operator: admin,
  browser,
}) => {
  test.setTimeout(120_000)
  await gateway('POST', '/v1/prompts', { name })
  for (const content of ['Answer briefly.', 'Answer briefly, with sources.'])
    await gateway('POST', `${path}/versions`, { content })
  await gateway('POST', `${path}/activate`, { version: 1, channel })
  const [ada, bob] = [await invite(admin, browser, `Ada ${run}`), await invite(admin, browser, `Bob ${run}`)]

  await admin.reload()
  const rule = admin.getByRole('switch', { name: `Require approval on ${channel}` })
  await rule.click()
  await expect(rule).toBeChecked()
  await expect(admin.getByRole('row', { name: new RegExp(channel) })).toContainText('by Demo admin')
  await expectAccessible(admin)

  await ada.goto(`${address}&version=2`)
  await ada.getByRole('button', { name: 'Activate v2' }).click()
  const asking = ada.getByRole('dialog', { name: 'Activate v2' })
  await expect(asking).toContainText(`Changes on ${channel} need a second person`)
  await expectAccessible(ada)
  await asking.getByLabel(/Reason/).fill('Sources were asked for')
  await asking.getByRole('button', { name: 'Ask for approval' }).click()
  await expect(asking).toBeHidden()
  const own = ada.getByRole('region', { name: 'Approval' })
  await expect(own).toContainText(`Ada ${run} asks for v2 instead of v1`)
  await expect(own).toContainText('somebody else has to approve it')
  await expect(own.getByRole('button', { name: 'Withdraw' })).toBeVisible()
  await expect(own.getByRole('button', { name: 'Approve' })).toHaveCount(0)
  const { approvals } = await gateway<{ approvals: { id: string }[] }>('GET', `${path}/approvals?channel=${channel}`)
  const forced = await ada.request.post(`${demo.consoleUrl}/api/trpc/prompts.approve`, {
    data: { name, id: approvals[0]?.id },
  })
  expect(forced.status()).toBe(403)
  expect(await gateway('GET', `${path}?channel=${channel}`)).toMatchObject({ version: 1 })

  await bob.goto(demo.consoleUrl)
  await expect(bob.getByRole('list', { name: 'Verdicts' })).toContainText(/asks for|wait for approval/)
  await bob.goto(`${demo.consoleUrl}/prompts?q=${encodeURIComponent(name)}`)
  await expect(bob.getByRole('row', { name: new RegExp(run) })).toContainText(`v2 waits for approval on ${channel}`)
  await bob.goto(address)
  const card = bob.getByRole('region', { name: 'Approval' })
  await expect(card).toContainText('Sources were asked for')
  await card.getByRole('button', { name: 'See what changes' }).click()
  await expect(bob.getByRole('region', { name: 'Changes from version 1 to 2' })).toContainText('with sources')
  await expectAccessible(bob)
  await card.getByRole('button', { name: 'Approve' }).click()
  await bob.getByRole('dialog', { name: 'Approve v2' }).getByRole('button', { name: 'Approve' }).click()
  await expect(card).toBeHidden()
  await expect(bob.getByRole('region', { name: 'History' })).toContainText(
    `console · Ada ${run}, approved by Bob ${run} · Sources were asked for`,
  )
  expect(await gateway('GET', `${path}?channel=${channel}`)).toMatchObject({ version: 2, revision: 2 })

  await bob
    .getByRole('button', { name: 'Versions' })
    .or(bob.getByRole('button', { name: /^v1/ }))
    .first()
    .click()
  await bob.getByRole('button', { name: 'Activate v1' }).click()
  await bob.getByRole('dialog').getByRole('button', { name: 'Ask for approval' }).click()
  await expect(card).toContainText(`Bob ${run} asks for v1`)
  await ada.goto(address)
  await own.getByRole('button', { name: 'Reject' }).click()
  const rejecting = ada.getByRole('dialog', { name: 'Reject v1' })
  await expect(rejecting.getByRole('button', { name: 'Reject' })).toBeDisabled()
  await rejecting.getByLabel('Note').fill('v2 has proved itself')
  await rejecting.getByRole('button', { name: 'Reject' }).click()
  await expect(own).toContainText(`Ada ${run} rejected v1`)
  await bob.reload()
  await expect(card).toContainText('v2 has proved itself')
  await Promise.all([ada.context().close(), bob.context().close()])
})

test('a version goes live on a channel that is typed; a name that is none is refused at its field', async ({
  operator: page,
}) => {
  const prompt = `journeys/channels ${run}`
  const own = `/v1/prompts/${encodeURIComponent(prompt)}`
  await gateway('POST', '/v1/prompts', { name: prompt })
  await gateway('POST', `${own}/versions`, { content: 'One' })
  await gateway('POST', `${own}/activate`, { version: 1 })
  await page.goto(`${demo.consoleUrl}/prompts/${prompt}`)
  await page.getByRole('button', { name: 'Activate elsewhere' }).click()
  const dialog = page.getByRole('dialog', { name: 'Activate v1' })
  const confirm = dialog.getByRole('button', { name: 'Activate v1' })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Channel').fill('my staging')
  await expect(dialog.getByRole('alert').first()).toContainText('must be 1 to 63 of a-z')
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Channel').fill(`staging-${run}`)
  await confirm.click()
  await expect(page).toHaveURL(new RegExp(`channel=staging-${run}`))
  await expect(page.getByRole('group', { name: 'Channels' })).toContainText(`staging-${run} v1`)
  await expect(page.getByRole('region', { name: 'History' })).toContainText('console · Demo admin')
})
