import { Redis } from 'ioredis'
import { demo, expect, gateway, seedUsage, test } from './fixtures'

test('R5: with Redis frozen the pages stay up and say so, prompts are served, and all recovers by itself', async ({
  operator: page,
}) => {
  const prompt = 'journeys/redis-gone'
  await seedUsage(prompt)
  const redis = new Redis(demo.redisUrl)
  try {
    await redis.client('PAUSE', 6_000, 'ALL')
    await expect(page.getByText('Redis does not answer')).toBeVisible()
    const served = await gateway<{ version: number }>('GET', `/v1/prompts/${encodeURIComponent(prompt)}`)
    expect(served.version).toBe(1)
    await page.getByRole('link', { name: /^Usage/ }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeVisible()
    await expect(page.getByText('Redis does not answer')).toBeHidden({ timeout: 15_000 })
  } finally {
    redis.disconnect()
  }
})
