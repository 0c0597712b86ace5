import { randomUUID } from 'node:crypto'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const namespace = `preferences-${run}`
const path = (n: number) => `/v1/kv/${namespace}/u-${n}`

test('a namespace moves to Redis while it is used, and the duel says whether it needs it', async ({
  operator: page,
}) => {
  test.setTimeout(150_000)
  for (let n = 0; n < 40; n++) await gateway('PUT', path(n), { value: { n } }, demo.appKey)
  await page
    .getByRole('link', { name: /^Cache\b/ })
    .first()
    .click()
  await page.getByRole('link', { name: 'Key-value' }).click()
  await expect(page.getByRole('heading', { name: 'Key-value', level: 1 })).toBeVisible()
  const row = page.getByRole('table', { name: 'Namespaces' }).getByRole('row').filter({ hasText: namespace })
  await expect(row).toContainText('logged table', { timeout: 15_000 })
  await expectAccessible(page)

  await row.getByRole('button', { name: `Move ${namespace}` }).click()
  await expect(page.getByText('Lost when Redis loses its memory')).toBeVisible()
  await page.getByRole('button', { name: 'Move namespace' }).click()
  await expect(row).toContainText('to Redis:', { timeout: 15_000 })
  await gateway('PUT', path(0), { value: 'meanwhile' }, demo.appKey)
  await expect(row.getByRole('button', { name: `Move ${namespace}` })).toBeVisible({ timeout: 60_000 })
  await expect(row).toContainText('Redis')
  await expect(row).not.toContainText('logged table')
  expect(await gateway('GET', path(0), undefined, demo.appKey)).toMatchObject({ value: 'meanwhile' })
  expect(await gateway('GET', path(39), undefined, demo.appKey)).toMatchObject({ value: { n: 39 } })

  const redis = page.getByRole('switch', { name: 'Redis' })
  await redis.click()
  await expect(redis).toBeChecked()
  await page.getByRole('button', { name: 'Start a duel' }).first().click()
  const start = page.getByRole('button', { name: 'Start duel' })
  await expect(start).toBeDisabled()
  await page.getByLabel('Type redis to confirm').fill('redis')
  await expectAccessible(page)
  await start.click()
  await expect(page.getByText('Done.')).toBeVisible({ timeout: 60_000 })
  const sides = page.getByLabel('Sides of the duel')
  await expect(sides).toContainText(/Redis[\d,]+ operations\/s/)
  await expect(sides).toContainText(/unlogged table[\d,]+ operations\/s/)
  await expect(row).toContainText(/operations\/s at peak; Postgres alone carries [\d,.]+ times that/)
  await expectAccessible(page)
  await redis.click()
  await expect(redis).not.toBeChecked()
})
