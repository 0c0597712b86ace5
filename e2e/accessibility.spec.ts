import { demo, expect, expectAccessible, test } from './fixtures'
import { pages, seedPages } from './pages'

test.beforeAll(seedPages)

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
