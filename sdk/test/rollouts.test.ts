import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bucketOf } from '@/sdk/src/buckets'
import { createEngram, type Engram } from '@/sdk/src/engram'
import { testGateway } from '@/server/gateway/test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
let engram: Engram
const name = `sdk/${randomUUID()}`
const path = `/v1/prompts/${encodeURIComponent(name)}`

beforeAll(async () => {
  gateway = await testGateway()
  await gateway.call('/v1/prompts', { method: 'POST', body: { name } })
  for (const content of ['One', 'Two', 'Three'])
    await gateway.call(`${path}/versions`, { method: 'POST', body: { content } })
  await gateway.call(`${path}/activate`, { method: 'POST', body: { version: 1 } })
  engram = createEngram({ url: gateway.url, key: gateway.keys.app })
})
afterAll(async () => {
  await engram.close()
  await gateway.close()
})

it('puts every subject into the bucket that the gateway puts it into', () => {
  const examples = JSON.parse(readFileSync('docs/rollout-buckets.json', 'utf8')) as {
    salt: string
    subject: string
    bucket: number
  }[]
  expect(examples.length).toBeGreaterThan(10)
  for (const { salt, subject, bucket } of examples)
    expect([salt, subject, bucketOf(salt, subject)]).toEqual([salt, subject, bucket])
})

it('gives each subject the version that the gateway gives it, from the copy, and all others the base version', async () => {
  const arms = [
    { version: 1, weight: 60 },
    { version: 2, weight: 30 },
    { version: 3, weight: 10 },
  ]
  const rolledOut = await gateway.call(`${path}/rollout`, { method: 'POST', body: { arms } })
  expect(rolledOut.status).toBe(200)
  await expect
    .poll(() => engram.prompt(name))
    .toMatchObject({ revision: 2, source: 'copy', version: 1, content: 'One' })
  const counts = new Map<number, number>()
  for (let n = 0; n < 200; n++) {
    const subject = `user-${n}`
    const { version, content } = await engram.prompt(name, { subject })
    counts.set(version, (counts.get(version) ?? 0) + 1)
    if (n % 10 > 0) continue
    const { body } = await gateway.call(`${path}?subject=${subject}`)
    expect([subject, version, content]).toEqual([subject, body.version, body.content])
  }
  expect([...counts.keys()].sort()).toEqual([1, 2, 3])
  await gateway.call(`${path}/rollback`, { method: 'POST', body: {} })
  await expect.poll(() => engram.prompt(name, { subject: 'user-1' })).toMatchObject({ revision: 3, version: 1 })
})
