import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { demo, expect, expectAccessible, gateway, test } from './fixtures'

const run = randomUUID().slice(0, 8)
const board = `quiz-${run}`
const ranking = `engram:leaderboards:{:${board}}`
let redis: Redis

test.beforeAll(async () => {
  redis = new Redis(demo.redisUrl)
  for (const [n, member] of ['ann', 'bob', '<b>eve</b>', 'zoë'].entries())
    await gateway('POST', `/v1/leaderboards/${board}/scores`, { id: `s${n}`, member, delta: 10 * (n + 1) }, demo.appKey)
})
test.afterAll(() => redis.disconnect())

test('J6: a board that disagrees with its ledger is reconciled three presses from the Overview', async ({
  operator: page,
}) => {
  await page.goto(`${demo.consoleUrl}/leaderboards/${board}`)
  const comparisons = page.getByRole('table', { name: 'Comparisons' })
  await expect(page.getByRole('table', { name: 'Ranking' }).getByRole('row')).toHaveCount(5)
  await redis.zincrby(ranking, 100, 'ann')
  await redis.zrem(ranking, 'bob')
  await redis.zadd(ranking, 7, 'stranger')
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(comparisons).toContainText('3 differ', { timeout: 30_000 })
  await expect(comparisons).toContainText('1 missing from Redis, 1 only in Redis, 1 with another score')
  await expectAccessible(page)
  await page.goto(demo.consoleUrl)

  await page.getByRole('link', { name: 'Leaderboards', exact: true }).first().click()
  await page.getByRole('button', { name: `Reconcile ${board}` }).click()
  const dialog = page.getByRole('dialog')
  const differences = dialog.getByRole('table', { name: 'Members that differ' })
  await expect(differences.getByRole('row')).toHaveCount(4)
  await expect(differences.getByRole('row').filter({ hasText: 'ann' })).toContainText('110')
  await expect(differences.getByRole('row').filter({ hasText: 'stranger' })).toContainText('goes')
  await expectAccessible(page)
  // A score that arrives between the preview and the confirmation is not lost.
  await gateway('POST', `/v1/leaderboards/${board}/scores`, { id: 'late', member: 'zoë', delta: 2.5 }, demo.appKey)
  await dialog.getByRole('button', { name: 'Reconcile 3 members' }).click()

  await expect(page.getByText(`${board} agrees with its ledger`)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('button', { name: `Reconcile ${board}` })).toHaveCount(0)
  expect(await redis.zrevrange(ranking, 0, -1, 'WITHSCORES')).toEqual([
    'zoë',
    '42.5',
    '<b>eve</b>',
    '30',
    'bob',
    '20',
    'ann',
    '10',
  ])
})

test('a board shows its ranking, a member among neighbours, and is closed and reopened', async ({ operator: page }) => {
  await page.goto(`${demo.consoleUrl}/leaderboards`)
  const row = page.getByRole('table', { name: 'Leaderboards' }).getByRole('row').filter({ hasText: board })
  await row.getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(board)
  await page.getByRole('table', { name: 'Ranking' }).getByRole('button', { name: '<b>eve</b>' }).click()
  await expect(page.getByText(/Place 2 of 4 with 30/)).toBeVisible()
  await expect(page.getByRole('list', { name: 'Neighbours' }).getByRole('listitem')).toHaveCount(4)
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close board' }).click()
  await expect(page.getByText('final', { exact: true })).toBeVisible({ timeout: 30_000 })
  await expect(
    gateway('POST', `/v1/leaderboards/${board}/scores`, { id: 'no', member: 'ann', delta: 1 }, demo.appKey),
  ).rejects.toThrow('409')
  await page.getByRole('button', { name: 'Reopen' }).click()
  await expect(page.getByRole('button', { name: 'Make live' })).toBeVisible()
})

test('a new board is opened live', async ({ operator: page }) => {
  await page.goto(`${demo.consoleUrl}/leaderboards`)
  await page.getByRole('button', { name: 'New board' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Open board' }).click()
  await expect(dialog.getByRole('alert').filter({ hasText: /./ })).toBeVisible()
  await dialog.getByLabel('Name').fill(`live-${run}`)
  await dialog.getByLabel('Mode').click()
  await page.getByRole('option', { name: /^Live/ }).click()
  await dialog.getByRole('button', { name: 'Open board' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`live-${run}`)
  await gateway('POST', `/v1/leaderboards/live-${run}/scores`, { id: 'a', member: 'ann', delta: 5 }, demo.appKey)
  await expect(page.getByRole('table', { name: 'Ranking' })).toContainText('ann')
  await expect(page.getByRole('table', { name: 'Newest scores' })).toContainText('through Redis')
})
