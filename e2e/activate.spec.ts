import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = Date.now().toString(36)
const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`
type Moved = { name: string; channel: string; revision: number }

async function promptOfTwo(name: string) {
  await gateway('POST', '/v1/prompts', { name })
  for (const content of ['Answer {{question}} in one line.', 'Answer {{question}} in two lines.'])
    await gateway('POST', at(name, '/versions'), { content })
  await gateway('POST', at(name, '/activate'), { version: 1 })
}

/** An application's process as the console knows it: a stream that is open, and a word for every prompt that moved. */
async function process(name: string, { confirms }: { confirms: boolean }) {
  const id = randomUUID()
  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${demo.appKey}`, 'content-type': 'application/json' }
  const query = new URLSearchParams({ process: id, name })
  const stream = await fetch(`${demo.gatewayUrl}/v1/stream?${query}`, { headers, signal: leaving.signal })
  const confirm = (moved: Moved) =>
    fetch(`${demo.gatewayUrl}/v1/confirmations`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ process: id, prompts: [moved] }),
    })
  const read = async () => {
    const reader = stream.body?.getReader()
    let text = ''
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      const events = (text + Buffer.from(part.value).toString()).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const moved = /^event: prompt\ndata: (.*)$/.exec(event)?.[1]
        if (moved && confirms) await confirm(JSON.parse(moved) as Moved)
      }
    }
  }
  void read().catch(() => {}) // it ends with the test
  return { confirm, leave: () => leaving.abort() }
}

/** Through the palette, so that every click is one of the change itself. */
async function openPrompt(page: Page, name: string) {
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox').fill(name)
  await page.getByRole('option', { name }).first().waitFor()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
}

const card = (page: Page) => page.getByRole('region', { name: 'Activation' })

test('J2: activate a version, seeing before what it touches and afterwards who serves it, in three clicks', async ({
  operator: page,
}) => {
  const name = `journeys/served-${run}`
  await promptOfTwo(name)
  const app = await process(`journeys-${run}`, { confirms: true })
  await openPrompt(page, name)
  await page.getByRole('region', { name: 'Versions' }).getByRole('button', { name: /^v2/ }).click() // 1
  await page.getByRole('button', { name: 'Activate v2' }).click() // 2
  const dialog = page.getByRole('dialog', { name: 'Activate v2' })
  await expect(dialog).toContainText('v1 → v2')
  await expect(dialog).toContainText(/Requests per minute/)
  await dialog.getByLabel(/Reason/).fill('Two lines read better')
  await dialog.getByRole('button', { name: 'Activate v2' }).click() // 3
  await expect(dialog).toBeHidden()

  await expect(card(page)).toContainText('Served everywhere')
  await expect(card(page)).toContainText(/Committed.*Postgres, .*Applied.*Redis, \+.*Confirmed(\d+) of \1, \+/)
  await expect(card(page)).toContainText('v2 activated, revision 2')
  await expect(card(page)).toContainText('Two lines read better')
  const processes = card(page).getByRole('list', { name: 'Processes' }).getByRole('listitem')
  await expect(processes.filter({ hasText: /^gateway-[0-9a-f]{4}r 2\+\d/ }).first()).toBeVisible()
  await expect(processes.filter({ hasText: `journeys-${run} (sdk)r 2+` })).toBeVisible()
  await expect(page.getByRole('region', { name: 'History' }).getByRole('listitem').first()).toContainText(/\d\sms$/)
  await expectAccessible(page)
  expect(await gateway('GET', at(name))).toMatchObject({ version: 2, revision: 2 })
  app.leave()
})

test('whoever does not confirm is named and waited for, the card goes on by itself, and who ended is gone', async ({
  operator: page,
}) => {
  const name = `journeys/laggard-${run}`
  await promptOfTwo(name)
  const [slow, silent] = [`slow-${run}`, `silent-${run}`]
  const late = await process(slow, { confirms: false })
  const mute = await process(silent, { confirms: false })
  const rows = card(page).getByRole('listitem').filter({ hasText: '(sdk)' })
  await page.goto(`${demo.consoleUrl}/prompts/${name}`)
  await expect(card(page)).toContainText('revision 1')
  // The gateway has long written down who came; the page hears of it by itself.
  await gateway('POST', at(name, '/activate'), { version: 2 })
  await expect(rows).toHaveCount(2)
  await expect(card(page)).toContainText('Not yet served everywhere')
  const row = (of: string) =>
    card(page)
      .getByRole('listitem')
      .filter({ hasText: `${of} (sdk)` })
  for (const of of [slow, silent])
    await expect(row(of)).toContainText('has a stream open and has not said what it serves')
  await expectAccessible(page)

  const { revision } = await gateway<Moved>('GET', at(name))
  await late.confirm({ name, channel: 'production', revision })
  await expect(row(slow)).toContainText(new RegExp(`r ${revision}\\+\\d`))
  mute.leave()
  await expect(row(silent)).toContainText('ended before it confirmed')
  await expect(card(page)).toContainText('Served everywhere')
  late.leave()
})
