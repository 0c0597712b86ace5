import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jobsOfTenant } from '@/db/postgres/queries/jobs'
import { system } from '@/server/services/context'
import { createKey } from '@/server/services/keys/create-key'
import { setChannelApproval } from '@/server/services/prompts/set-channel-approval'
import { addItems } from '@/server/services/vectors/add-items'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import { repriceUsage } from '@/server/worker/jobs/reprice-usage'
import { testGateway } from './test-gateway'

const run = promisify(execFile)
let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const unescape = (html: string) => html.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity)

/** The lines that a reader of /docs copies, from top to bottom. */
async function examples() {
  const page = await (await fetch(`${gateway.url}/docs`)).text()
  return [...page.matchAll(/<pre tabindex="0"><code>(curl[^<]*)<\/code>/g)].map(([, line]) => unescape(line ?? ''))
}

const secondOf = (line: string) => line.replace('"content":"', '"content":"Again: ')

it('every example of /docs works when it is pasted into a shell, from top to bottom', async () => {
  const lines = await examples()
  expect(lines.length).toBeGreaterThan(15)
  // What an earlier run left behind would make "create" a conflict; the names of the page are given a world of their own.
  const own = `docs-${Date.now().toString(36)}`
  const env = { ...process.env, GATEWAY: gateway.url, KEY: gateway.keys.operator }
  const paste = async (line: string) => {
    const named = line.replaceAll('support', own).replaceAll('acme', own).replaceAll('8f6f1c2e', own)
    // A stream does not end: what its reader ends with Ctrl-C is given a second.
    const ended = named.startsWith('curl -N') ? ['curl --max-time 1', ' || true'] : ['curl', '']
    const shell = named.replace('curl', `${ended[0]} -sS -o /dev/null -w "%{http_code}"`) + ended[1]
    const { stdout } = await run('bash', ['-c', shell], { env })
    return /^2/.test(stdout) ? [] : [`${stdout} ${named}`]
  }
  const failed: string[] = []
  const another = { ...gateway.stores, actor: { ...system, id: 'another', name: 'Another' } }
  const { key: stranger } = await createKey(another, { name: 'ci', scope: 'operator', tenants: null })
  /** A decision needs somebody who asked: somebody else, except where the request is withdrawn. */
  const withRequest = async (line: string) => {
    const asker = line.includes('/withdraw') ? gateway.keys.operator : stranger
    const body = { version: 1, channel: `${own}-approved` }
    const { body: asked } = await gateway.call(`/v1/prompts/${own}%2Freply/activate`, {
      method: 'POST',
      body,
      key: asker,
    })
    return line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, (asked.approval as { id: string }).id)
  }
  /** Prices and corrections are named by the id that entering them answered with. */
  const withEntry = async (line: string) => {
    const [, kind = '', id = ''] = /\/v1\/prices\/(\w+)\/([\w-]+)/.exec(line) ?? []
    const model = { provider: 'house', model: own }
    const hour = { from: '2020-01-01T00:00:00Z', to: '2020-01-01T01:00:00Z', tenants: [own], reason: 'Example' }
    const body = {
      overrides: { ...model, rates: { input: '1', output: '1' }, from: '2026-01-01T00:00:00Z', tenant: own },
      aliases: { ...model, target: null, tenant: own },
      corrections: hour,
    }[kind]
    const { body: made } = await gateway.call(`/v1/prices/${kind}`, { method: 'POST', body })
    const state = async () => (await gateway.call(`/v1/prices/corrections/${String(made.id)}`)).body.state
    if (kind === 'corrections') while ((await state()) === 'previewing') await repriceUsage(gateway.stores)
    return line.replace(`/${id}`, `/${String(made.id)}`)
  }
  /** Recall can be measured where there is an index and something to compare. */
  const indexMemory = async (tenant: string) => {
    const caller = { ...gateway.stores, actor: system }
    const item = { content: 'Another', kind: 'note', embedding: [0.1, 0.2, 0.3], embeddingModel: 'example-3' }
    await addItems(caller, { tenant, items: [item, item], simulated: false })
    await askForJob(caller, { tenant, work: { kind: 'memory.build-index' } })
    await jobRunner(caller, { tenant }).run()
  }
  /** A log-out is named by the id that it answered with. */
  const withLogOut = async (line: string) => {
    const { body } = await gateway.call('/v1/log-outs', { method: 'POST', body: { tenant: own } })
    return line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, String(body.id))
  }
  const withLoad = async (line: string) => {
    const [job] = await jobsOfTenant(gateway.stores.db, { tenant: own, limit: 1 })
    return line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, String(job?.id))
  }
  /** The tenant of the page is erased by then: its receipt is named by the id that the list answers with. */
  const withErasure = async (line: string) => {
    const { body } = await gateway.call(`/v1/erasures?tenant=${own}`)
    const [receipt] = body.receipts as { id: string }[]
    return line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, String(receipt?.id))
  }
  await setChannelApproval({ ...gateway.stores, actor: system }, { channel: `${own}-approved`, required: true })
  for (const line of lines) {
    // A rollout needs the second version that its reader has by then.
    if (line.includes('/rollout') && line.includes('arms'))
      failed.push(...(await paste(secondOf(lines.find((line) => line.includes('/versions')) ?? ''))))
    if (line.includes('/rollout/guard'))
      await gateway.call(`/v1/prompts/${own}%2Freply/rollout`, { method: 'POST', body: { guard: { version: 2 } } })
    if (line.includes('/recall')) await indexMemory(own)
    const ready = line.includes('/approvals/')
      ? await withRequest(line)
      : /\/prices\/\w+\/[0-9a-f]/.test(line)
        ? await withEntry(line)
        : line.includes('/log-outs/')
          ? await withLogOut(line)
          : line.includes('/erasures/')
            ? await withErasure(line)
            : line.includes('/loads/')
              ? await withLoad(line)
              : line
    failed.push(...(await paste(ready)))
  }
  expect(failed).toEqual([])
}, 240_000)

it('the OpenAPI document tells every call that /docs tells, with its errors and its key', async () => {
  const document = await (await fetch(`${gateway.url}/openapi.json`)).json()
  const calls = Object.entries<Record<string, Record<string, unknown>>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) => ({ path, method, ...call })),
  )
  expect(document.openapi).toBe('3.1.0')
  expect(calls.length).toBe((await examples()).length)
  expect(new Set(calls.map((call) => (call as { operationId?: string }).operationId)).size).toBe(calls.length)
  expect(document.paths['/v1/cache/{namespace}/{key}'].put).toMatchObject({
    security: [{ key: [] }],
    parameters: [
      { name: 'namespace', in: 'path', required: true },
      { name: 'key', in: 'path', required: true },
      { name: 'tenant', in: 'query', required: true },
    ],
    requestBody: { required: true, content: { 'application/json': { schema: { required: ['value', 'ttlSeconds'] } } } },
    responses: { 200: {}, 400: {}, 401: {}, 403: {}, 413: {}, 415: {}, 503: {} },
  })
  const missing = calls.filter(
    ({ path, method }) => path.startsWith('/v1/') && !document.paths[path][method].responses['401'],
  )
  expect(missing).toEqual([])
})

it('/metrics counts requests by route and status', async () => {
  await gateway.call('/v1/cache/n/k?tenant=acme')
  await gateway.call('/v1/nothing')
  const text = await (await fetch(`${gateway.url}/metrics`)).text()
  expect(text).toMatch(
    /engram_http_requests_total\{method="GET",route="\/v1\/cache\/:namespace\/:key",status="404"\} [1-9]/,
  )
  expect(text).toMatch(/engram_http_requests_total\{method="",route="",status="404"\} 1/)
  expect(text).toMatch(/engram_cache_lookups_total\{result="misses"\} [1-9]/)
  expect(text).toMatch(/engram_redis_up 1/)
  expect(text).toMatch(/nodejs_eventloop_lag_seconds/)
})
