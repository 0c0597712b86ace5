import { demo, expect, expectAccessible, gateway, seedUsage, test } from './fixtures'

const pages = [
  ['/', 'Overview'],
  ['/cache', 'Cache'],
  ['/cache/kv', 'Key-value'],
  ['/limits', 'Limits'],
  ['/sessions', 'Sessions'],
  ['/leaderboards', 'Leaderboards'],
  ['/leaderboards/journeys', 'journeys'],
  ['/flags?flag=journeys-flag&subject=u-1', 'Flags'],
  ['/prompts', 'Prompts'],
  ['/prompts/journeys/accessible', 'journeys/accessible'],
  ['/what-was-live?tenant=journeys&subject=u-1', 'What was live'],
  ['/usage', 'Usage'],
  ['/usage/requests', 'Usage'],
  ['/usage/conversations', 'Usage'],
  ['/usage/compare', 'Usage'],
  ['/usage/questions', 'Days and questions'],
  ['/usage/savings', 'Usage'],
  ['/usage/budgets', 'Budgets'],
  ['/usage/prices', 'Prices'],
  ['/vectors', 'Vectors'],
  ['/vectors/models', 'Embedding models'],
  ['/vectors/exit', 'When to leave pgvector'],
  ['/vectors/erasures', 'Erasures'],
  ['/settings', 'Settings'],
  ['/settings/connect', 'Connect an application'],
] as const

test.beforeAll(async () => {
  await seedUsage('journeys/accessible')
  await gateway(
    'POST',
    '/v1/leaderboards/journeys/scores',
    { id: 'first', member: '<b>ann</b>', delta: 1 },
    demo.appKey,
  )
  await gateway('PUT', '/v1/flags/journeys-flag', { enabled: true, share: 20, groups: ['beta'] })
})

for (const theme of ['light', 'dark'] as const) {
  test(`every page meets WCAG AA in the ${theme} theme, wide and narrow`, async ({ page, cookies }) => {
    test.setTimeout(420_000)
    await page.addInitScript((chosen) => localStorage.setItem('theme', chosen), theme)
    await page.goto(`${demo.consoleUrl}/sign-in`)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await expectAccessible(page)
    await page.context().addCookies(cookies)
    for (const [path, heading] of pages) {
      await page.goto(demo.consoleUrl + path)
      await expect(page.getByRole('heading', { level: 1 })).toContainText(heading)
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      await expectAccessible(page)
      await page.setViewportSize({ width: 390, height: 844 })
      // Charts take their new width a moment after the window has it.
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      await expect.poll(overflow, `${path} scrolls sideways at 390 px`).toBeLessThanOrEqual(0)
      await expectAccessible(page)
      await page.setViewportSize({ width: 1440, height: 900 })
    }
  })
}
