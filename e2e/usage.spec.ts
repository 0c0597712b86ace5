import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const shared = process.env.ENGRAM_SHARED ?? '../shared'
const run = randomUUID().slice(0, 8)

/** Three calls, one of them without a price. */
async function spend(tenant: string) {
  const call = (more: object) => ({
    id: randomUUID(),
    tenant,
    provider: 'openai',
    model: 'gpt-4o',
    inputTokens: 400_000,
    outputTokens: 0,
    occurredAt: new Date(Date.now() - 60_000).toISOString(),
    ...more,
  })
  const events = [
    call({ user: 'ann', prompt: { name: `reply-${run}`, version: 2 } }),
    call({ user: 'bob', model: 'gpt-4o-mini', inputTokens: 1_000_000 }),
    call({ user: '=1+1', provider: 'acme', model: 'house-model', inputTokens: 10 }),
  ]
  const reply = await gateway<{ accepted: number }>('POST', '/v1/usage', { events }, demo.appKey)
  expect(reply.accepted).toBe(3)
}

test('J3: who spends, as CSV, in two clicks from the Overview', async ({ operator: page }) => {
  await spend(`spender-${run}`)
  await page.getByRole('link', { name: 'Usage', exact: true }).click()
  await expect(page.getByRole('table', { name: 'Usage by tenant' })).toContainText(`spender-${run}`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^usage-by-tenant-.*\.csv$/)
  const rows = readFileSync(await download.path(), 'utf8').split('\r\n')
  expect(rows.find((row) => row.startsWith(`spender-${run},`))).toBe(`spender-${run},3,0,0,1400010,0,0,0,1.15,1`)
})

test('each row leads deeper, with what was chosen in the address, and back', async ({ operator: page }) => {
  const tenant = `deeper-${run}`
  await spend(tenant)
  await page.goto(`${demo.consoleUrl}/usage?range=1h`)
  await page.getByRole('link', { name: tenant, exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`tenant=${tenant}`))
  const models = page.getByRole('table', { name: 'Usage by model' })
  await expect(models.getByRole('row', { name: /house-model/ })).toContainText('unpriced')
  await expect(page.getByText('1 of 3 requests are unpriced')).toBeVisible()

  await models.getByRole('link', { name: 'gpt-4o', exact: true }).click()
  await expect(page.getByRole('table', { name: 'Usage by user' })).toContainText('ann')
  await page.reload()
  await expect(page.getByRole('table', { name: 'Usage by user' })).toContainText('ann')
  await page.getByRole('tab', { name: 'Prompt version' }).click()
  await expect(page.getByRole('table', { name: 'Usage by prompt version' })).toContainText(`reply-${run}@2`)

  await page.getByRole('button', { name: 'Remove the filter Model gpt-4o' }).click()
  await expect(page.getByRole('table', { name: 'Usage by model' })).toContainText('gpt-4o-mini')
})

test('the whole story of one call: its cost to the last digit, and back to the list', async ({ operator: page }) => {
  const tenant = `story-${run}`
  await spend(tenant)
  await page.goto(`${demo.consoleUrl}/usage?range=1h&tenant=${tenant}`)
  await page.getByRole('link', { name: 'Requests', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/usage/requests.*tenant=${tenant}`))
  const calls = page.getByRole('table', { name: 'Requests' })
  await expect(calls.getByRole('row')).toHaveCount(4)

  await calls.getByRole('row', { name: /gpt-4o / }).click()
  const story = page.getByRole('dialog')
  // 400,000 tokens at $2.50 per million.
  await expect(story.getByRole('row', { name: /Input, fresh/ })).toContainText('$2.5 per 1 M')
  await expect(story.getByRole('row', { name: /Together/ })).toContainText('$1')
  await expect(story).toContainText(`reply-${run}@2`)
  await expect(story).toContainText('Engram holds no such version')
  await page.reload()
  await expect(story).toContainText('Event id')
  await story.getByRole('button', { name: 'Close' }).click()

  await calls.getByRole('row', { name: /house-model/ }).click()
  await expect(story).toContainText('house-model')
  await expect(story.getByRole('region', { name: 'Cost' })).toContainText('unpriced')
  await expectAccessible(page)
  await story.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('button', { name: 'Cost' }).click()
  await expect(page).toHaveURL(/sort=cost\.desc/)
  await expect(calls.getByRole('row').nth(1)).toContainText('gpt-4o')
  // What has no cost comes last either way.
  await expect(calls.getByRole('row').last()).toContainText('house-model')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ])
  const rows = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\r\n')
  expect(rows).toHaveLength(4)
  expect(rows.find((row) => row.includes('house-model'))).toContain(`'=1+1`)

  // The reply that does not come: it is called off, and nothing is saved.
  await page.route('**/usage/export/requests*', () => undefined)
  await page.getByRole('button', { name: 'CSV' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('The CSV was called off. Nothing was saved.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'CSV' })).toBeVisible()
})

test('compares two periods, and two models, with the calls behind each', async ({ operator: page }) => {
  const tenant = `compare-${run}`
  await spend(tenant)
  await page.goto(`${demo.consoleUrl}/usage?range=1h&tenant=${tenant}`)
  await page.getByRole('link', { name: 'Compare', exact: true }).click()
  const table = page.getByRole('table', { name: 'Side by side' })
  await expect(table.getByRole('row', { name: /^Requests/ })).toContainText('was nothing')
  await expect(table.getByRole('row', { name: /^Cost per 1,000/ })).toContainText('0 · 2 priced')

  await page.getByRole('combobox', { name: 'Compare with' }).click()
  await page.getByRole('option', { name: 'two models' }).click()
  await expect(page.getByText('Choose two models')).toBeVisible()
  await page.getByRole('button', { name: /^First/ }).click()
  await page.getByRole('option', { name: 'gpt-4o-mini' }).click()
  await page.getByRole('button', { name: /^Second/ }).click()
  await page.getByRole('option', { name: 'gpt-4o', exact: true }).click()
  // $0.15 against $1.00.
  await expect(table.getByRole('row', { name: /^Cost \$/ })).toContainText('+567')
  await expect(page).toHaveURL(/vs=model&a=gpt-4o-mini&b=gpt-4o/)
  await expectAccessible(page)
})

test('shows the course of every figure in the step that is asked for', async ({ operator: page }) => {
  const tenant = `steps-${run}`
  await spend(tenant)
  await page.goto(`${demo.consoleUrl}/usage?range=7d&tenant=${tenant}`)
  for (const chart of ['Cost', 'Requests', 'Tokens', 'Latency', 'Error rate', 'Cache hit rate'])
    await expect(page.getByRole('region', { name: chart, exact: true })).toContainText('per hour')
  await page.getByRole('combobox', { name: 'Step of the charts' }).click()
  await page.getByRole('option', { name: 'daily' }).click()
  await expect(page).toHaveURL(/step=1d/)
  await expect(page.getByRole('region', { name: 'Cost', exact: true })).toContainText('per day')
  await expect(page.getByText('no calls in the 7 d before').first()).toBeVisible()
})

test('shows the real trace to the token and the cent', async ({ operator: page }) => {
  test.setTimeout(180_000)
  const tenant = `trace-${run}`
  const rows = traceRows()
  for (let start = 0; start < rows.length; start += 1_000) {
    const events = rows.slice(start, start + 1_000).map(([at, inputTokens, outputTokens], n) => ({
      id: `row-${start + n}`,
      tenant,
      provider: 'openai',
      model: 'gpt-4o-mini',
      inputTokens,
      outputTokens,
      occurredAt: at,
    }))
    await gateway('POST', '/v1/usage', { events }, demo.appKey)
    if (start % 20_000 === 0) await gateway('POST', '/v1/usage', { events }, demo.appKey)
  }
  const [input, output] = [1, 2].map((column) => rows.reduce((sum, row) => sum + Number(row[column]), 0))
  await page.goto(
    `${demo.consoleUrl}/usage?tenant=${tenant}&from=2023-11-16T18:00:00Z&to=2023-11-16T20:00:00Z&tz=UTC&by=model`,
  )
  const row = page.getByRole('table', { name: 'Usage by model' }).getByRole('row', { name: /gpt-4o-mini/ })
  const digits = (value: number) => value.toLocaleString('en-US')
  await expect(row.getByText(digits(rows.length), { exact: true })).toBeVisible()
  await expect(row.getByTitle(digits(input ?? 0), { exact: true })).toBeVisible()
  await expect(row.getByTitle(digits(output ?? 0), { exact: true })).toBeVisible()
  // $0.15 and $0.60 per million tokens: in hundred-millionths of a dollar, without a float.
  const cost = (BigInt(input ?? 0) * 15n + BigInt(output ?? 0) * 60n).toString().padStart(9, '0')
  const usd = `$${cost.slice(0, -8)}.${cost.slice(-8)}`.replace(/0+$/, '')
  await expect(row.getByTitle(usd, { exact: true })).toBeVisible()
})

test('says what is missing where nothing was reported', async ({ operator: page }) => {
  await page.goto(`${demo.consoleUrl}/usage?tenant=nobody-${run}`)
  await expect(page.getByText('No usage was reported yet.')).toBeVisible()
  await expect(page.getByText('/v1/usage')).toBeVisible()
})

/** Azure's public trace of a chat service where it is at hand; without it the test says so and makes its own. */
function traceRows(): [at: string, inputTokens: number, outputTokens: number][] {
  try {
    const lines = gunzipSync(readFileSync(`${shared}/data/azure_llm_conv.csv.gz`))
      .toString('utf8')
      .trim()
      .split(/\r?\n/)
    return lines.slice(1).map((line) => {
      const [at = '', input, output] = line.split(',')
      return [`${at.replace(' ', 'T')}Z`, Number(input), Number(output)]
    })
  } catch {
    process.stderr.write(`\n${shared}/data is not here: this journey runs on GENERATED rows, not on the real trace.\n`)
    return Array.from({ length: 2_000 }, (_, n) => [
      new Date(Date.UTC(2023, 10, 16, 18, 15) + n * 1_800).toISOString(),
      (n * 7_919) % 4_096,
      (n * 104_729) % 1_000,
    ])
  }
}
