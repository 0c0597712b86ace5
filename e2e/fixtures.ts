import { readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, type Cookie, expect, type Page } from '@playwright/test'

export type Demo = {
  consoleUrl: string
  gatewayUrl: string
  email: string
  password: string
  appKey: string
  operatorKey: string
  redisUrl: string
  databaseUrl: string
}

export const demo = JSON.parse(readFileSync(`${process.env.ENGRAM_HOME ?? '.engram'}/demo.json`, 'utf8')) as Demo

/** Calls the gateway as an application (or with the operator key); fails the test on an unexpected status. */
export async function gateway<T>(method: string, path: string, body?: unknown, key = demo.operatorKey): Promise<T> {
  const reply = await fetch(demo.gatewayUrl + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer: unknown = await reply.json()
  if (reply.status >= 300) throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(answer)}`)
  return answer as T
}

/** A prompt with one active version, and a few calls that used it just now. */
export async function seedUsage(prompt: string, tenant = 'journeys') {
  const name = encodeURIComponent(prompt)
  const known = await fetch(`${demo.gatewayUrl}/v1/prompts/${name}`, {
    headers: { authorization: `Bearer ${demo.appKey}` },
  })
  if (known.status === 404) {
    await gateway('POST', '/v1/prompts', { name: prompt })
    await gateway('POST', `/v1/prompts/${name}/versions`, { content: 'Answer {{question}} in one sentence.' })
    await gateway('POST', `/v1/prompts/${name}/activate`, { version: 1, reason: 'First version' })
  }
  const events = Array.from({ length: 20 }, (_, n) => ({
    id: `${prompt}-${Date.now()}-${n}`,
    tenant,
    user: `u-${n % 4}`,
    provider: 'openai',
    model: n % 2 ? 'gpt-4o-mini' : 'gpt-4o',
    inputTokens: 500 + n,
    outputTokens: 50 + n,
    latencyMs: 400 + 20 * n,
    prompt: { name: prompt, version: 1 },
    occurredAt: new Date(Date.now() - n * 20_000).toISOString(),
  }))
  await gateway('POST', '/v1/usage', { events }, demo.appKey)
}

export async function signIn(page: Page) {
  await page.goto(`${demo.consoleUrl}/sign-in`)
  await page.getByLabel('Email').fill(demo.email)
  await page.getByLabel('Password').fill(demo.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
}

/** Every journey fails on an error in the browser's console or an uncaught exception. */
export const test = base.extend<{ trap: void; operator: Page }, { cookies: Cookie[] }>({
  trap: [
    async ({ page }, provide) => {
      const errors: string[] = []
      page.on('console', (message) => {
        // The browser logs every refused request; a conflict is an answer, and the page shows it.
        if (message.type() === 'error' && !message.text().includes('status of 409')) errors.push(message.text())
      })
      page.on('pageerror', (error) => errors.push(error.message))
      await provide()
      expect(errors, 'errors in the browser console').toEqual([])
    },
    { auto: true },
  ],
  /** Signed in once for all journeys: tries are limited, also those that succeed. */
  cookies: [
    async ({ browser }, provide) => {
      const context = await browser.newContext()
      await signIn(await context.newPage())
      await provide(await context.cookies())
      await context.close()
    },
    { scope: 'worker' },
  ],
  /** A page with an operator signed in, on the Overview. */
  operator: async ({ page, cookies }, provide) => {
    await page.context().addCookies(cookies)
    await page.goto(demo.consoleUrl)
    await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
    await provide(page)
  },
})

/** Takes back what the toast with this text tells of: older ones stand beside it, with an Undo of their own. */
export const undo = (page: Page, told: string) =>
  page.getByRole('listitem').filter({ hasText: told }).getByRole('button', { name: 'Undo' }).click()

/** No violation of WCAG 2 A and AA in the page as it stands. */
export async function expectAccessible(page: Page) {
  // A list of tabs can be reached by keyboard from the moment when the page has come to life.
  await expect(page.locator('[role=tablist][tabindex="-1"]')).toHaveCount(0)
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  expect(found).toEqual([])
}

export { expect }
