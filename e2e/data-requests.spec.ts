import { demo, expect, test } from './fixtures'
import { pages, seedPages } from './pages'

test.beforeAll(seedPages)

test('every page has all of its data after two requests at the most', async ({ page, cookies }) => {
  test.setTimeout(180_000)
  await page.context().addCookies(cookies)
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    // The footer's pulse is on every page, and stays open.
    if (pathname.startsWith('/api/trpc/') && !pathname.endsWith('/live.pulse'))
      asked.push(pathname.slice('/api/trpc/'.length))
  })
  for (const [path, heading] of pages) {
    await page.goto('about:blank') // the page before asks for nothing more
    asked.length = 0
    await page.goto(demo.consoleUrl + path)
    await expect(page.getByRole('heading', { level: 1 })).toContainText(heading)
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    // What is asked again keeps the page fresh.
    const known = new Set<string>()
    const requests = asked.filter((names) => {
      const isNew = names.split(',').some((name) => !known.has(name))
      for (const name of names.split(',')) known.add(name)
      return isNew
    })
    expect(requests.length, `${path} asked for ${requests.join(' | ')}`).toBeLessThanOrEqual(2)
  }
})
