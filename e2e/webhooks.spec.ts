import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

type Message = { headers: IncomingHttpHeaders; raw: string; body: { type: string; data: Record<string, unknown> } }

/** A receiver that keeps what arrives; it answers `status`. */
async function receiver() {
  const messages: Message[] = []
  const told = { status: 204 }
  const server = createServer((request, response) => {
    let raw = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (raw += chunk))
    request.on('end', () => {
      messages.push({ headers: request.headers, raw, body: JSON.parse(raw) })
      response.writeHead(told.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    messages,
    told,
    close: () => server.close(),
  }
}

test('a webhook is created, tested, told of an activation with a signature that holds, and deleted', async ({
  operator: page,
}) => {
  const run = Date.now().toString(36)
  const [name, prompt] = [`Journey ${run}`, `journeys/told ${run}`]
  const path = `/v1/prompts/${encodeURIComponent(prompt)}`
  const { url, messages, told, close } = await receiver()
  await page.goto(`${demo.consoleUrl}/settings`)
  await page.getByRole('button', { name: 'New webhook' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Address').fill('ftp://example.com')
  await dialog.getByRole('button', { name: 'Create webhook' }).click()
  await expect(dialog.getByText('must begin with http:// or https://')).toBeVisible()
  await expectAccessible(page)
  await dialog.getByLabel('Address').fill(url)
  await dialog.getByRole('button', { name: 'Create webhook' }).click()
  const secret = await dialog.locator('pre').first().innerText()
  expect(secret).toMatch(/^whsec_/)
  const lines = await dialog.locator('pre').last().innerText()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText(secret)).toHaveCount(0)

  await page.getByRole('button', { name: `Test ${name}` }).click()
  await expect(page.getByText(`${name} answered 204`)).toBeVisible()
  const log = page.getByRole('table', { name: 'Deliveries' }).getByRole('row').filter({ hasText: name })
  await expect(log.filter({ hasText: 'webhook.test' })).toContainText('delivered')

  await gateway('POST', '/v1/prompts', { name: prompt })
  for (const content of ['One', 'Two']) await gateway('POST', `${path}/versions`, { content })
  await gateway('POST', `${path}/activate`, { version: 1, reason: 'Told' })
  await expect(log.filter({ hasText: 'prompt.activated' })).toContainText('delivered')
  const message = messages.find(({ body }) => body.data.prompt === prompt)
  expect(message?.body).toMatchObject({ type: 'prompt.activated', data: { version: 1, revision: 1, reason: 'Told' } })

  // The lines that the dialog shows, as a receiver would run them.
  process.env.ENGRAM_WEBHOOK_SECRET = secret
  const { isFromEngram } = await import(`data:text/javascript,${encodeURIComponent(lines)}`)
  expect(isFromEngram(message?.headers, message?.raw)).toBe(true)
  expect(isFromEngram(message?.headers, `${message?.raw} `)).toBe(false)
  expect(isFromEngram({ ...message?.headers, 'webhook-timestamp': '1700000000' }, message?.raw)).toBe(false)

  told.status = 500
  await gateway('POST', `${path}/activate`, { version: 2 })
  const failing = log.filter({ hasText: 'pending' })
  await expect(failing).toContainText('answered 500')
  told.status = 204
  await failing.getByRole('button', { name: /^Retry/ }).click()
  await expect(log.filter({ hasText: 'prompt.activated' }).filter({ hasText: 'delivered' })).toHaveCount(2)
  await expectAccessible(page)

  await page.getByRole('button', { name: `Change ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete webhook' }).click()
  await expect(page.getByRole('button', { name: `Test ${name}` })).toHaveCount(0)
  close()
})
