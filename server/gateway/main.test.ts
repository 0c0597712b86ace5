import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lookupTotals } from '@/db/postgres/queries/cache'
import { newTenant, testGateway } from './test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('SIGTERM answers what is under way, writes down what was counted, and ends the process with 0', async () => {
  const port = await freePort()
  const env = { ...process.env, GATEWAY_PORT: String(port) }
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/gateway/main.ts'], { env, stdio: 'pipe' })
  const errors: string[] = []
  child.stderr.on('data', (bytes: Buffer) => errors.push(bytes.toString()))
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  await expect
    .poll(
      () =>
        fetch(`${url}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true)

  const tenant = newTenant()
  const headers = { authorization: `Bearer ${gateway.keys.app}` }
  const lookUp = (tenant: string) => fetch(`${url}/v1/cache/answers/none?tenant=${tenant}`, { headers })
  // A busy machine may take longer to let the process into Postgres than a request waits for its key.
  await expect.poll(async () => (await lookUp(newTenant())).status, { timeout: 20_000 }).toBe(404)
  const lookUps = Array.from({ length: 200 }, () => lookUp(tenant))
  const statuses = (await Promise.all(lookUps)).map(({ status }) => status)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  expect(statuses).toEqual(Array.from({ length: 200 }, () => 404))
  const range = { from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 60_000) }
  expect(await lookupTotals(gateway.stores.db, { tenant, ...range })).toMatchObject({ hits: 0, misses: 200 })
  expect(errors.join('')).toBe('')
}, 60_000)
