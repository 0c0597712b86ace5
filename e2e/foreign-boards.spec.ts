import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { demo, expect, expectAccessible, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const redis = new Redis(demo.redisUrl, { lazyConnect: true })
const key = `board-${run}:week`
test.afterAll(async () => {
  await redis.unlink(key)
  redis.disconnect()
})

test('a sorted set of other software is declared, ranked, paged, and shows a member among its neighbours', async ({
  operator: page,
}) => {
  test.setTimeout(120_000)
  await redis.zadd(key, ...Array.from({ length: 60 }, (_, n) => [n, `player-${n}`]).flat())
  await redis.zadd(key, 1_000, '<img src=x onerror=alert(1)>')

  await page.goto(`${demo.consoleUrl}/cache`)
  await page.getByRole('button', { name: 'Declare a family' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(`boards ${run}`)
  await dialog.getByLabel('Pattern').fill(`board-${run}:*`)
  await dialog.getByLabel('Kind').click()
  await page.getByRole('option', { name: 'leaderboard', exact: true }).click()
  await dialog.getByRole('button', { name: 'Declare family' }).click()
  await expect(dialog).toHaveCount(0)

  await page.goto(`${demo.consoleUrl}/leaderboards?family=${encodeURIComponent(`boards ${run}`)}`)
  const boards = page.getByRole('table', { name: 'Boards of other software' })
  await expect(boards).toContainText('<img src=x onerror=alert(1)>')
  await expectAccessible(page)
  await boards.getByRole('link', { name: key }).click()
  await expect(page.getByRole('heading', { name: key, level: 1 })).toBeVisible()
  await expect(page.getByText('other software keeps none here')).toBeVisible()
  const ranking = page.getByRole('table', { name: 'Ranking' })
  await expect(ranking.getByRole('row').nth(1)).toContainText(/<img src=x onerror=alert\(1\)>\s*1,000/)
  await page.getByLabel('Member', { exact: true }).fill('player-30')
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page.getByText(/Place\s+31\s+of\s+61\s+with\s+30/)).toBeVisible()
  await expect(page.getByRole('list', { name: 'Neighbours' }).getByRole('listitem')).toHaveCount(7)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(ranking.getByRole('row').nth(1)).toContainText('player-10')
  await page.getByRole('radio', { name: 'Lowest first' }).click()
  await expect(ranking.getByRole('row').nth(1)).toContainText('player-0')

  await page.goto(`${demo.consoleUrl}/cache`)
  await page.getByRole('button', { name: `Forget boards ${run}` }).click()
  await expect(page.getByRole('button', { name: `Forget boards ${run}` })).toHaveCount(0)
})
