import { demo, expect, expectAccessible, seedUsage, test } from './fixtures'

const pages = [
  ['/', 'Overview'],
  ['/cache', 'Cache'],
  ['/prompts', 'Prompts'],
  ['/prompts/journeys/accessible', 'journeys/accessible'],
  ['/what-was-live?tenant=journeys&subject=u-1', 'What was live'],
  ['/usage', 'Usage'],
  ['/usage/requests', 'Usage'],
  ['/usage/compare', 'Usage'],
  ['/usage/savings', 'Usage'],
  ['/usage/budgets', 'Budgets'],
  ['/usage/prices', 'Prices'],
  ['/settings', 'Settings'],
  ['/settings/connect', 'Connect an application'],
] as const

test.beforeAll(() => seedUsage('journeys/accessible'))

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
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(overflow, `${path} scrolls sideways at 390 px`).toBeLessThanOrEqual(0)
      await expectAccessible(page)
      await page.setViewportSize({ width: 1440, height: 900 })
    }
  })
}
