import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { diffLines } from 'diff'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from '@/server/gateway/start'
import { type Caller, system } from '@/server/services/context'
import { createKey } from '@/server/services/keys/create-key'
import { connectStores } from '@/server/services/stores'

const stores = connectStores('gateway')
const run = randomUUID()
let gateway: Gateway
let operatorKey = ''
let appKey = ''

beforeAll(async () => {
  await stores.redis.ready()
  const caller: Caller = { ...stores, actor: system }
  operatorKey = (await createKey(caller, { name: run, scope: 'operator', tenants: null })).key
  appKey = (await createKey(caller, { name: run, scope: 'app', tenants: null })).key
  gateway = await startGateway({ stores, port: 0 })
})
afterAll(async () => {
  await gateway.close()
  await stores.close()
})

type Answer = {
  status: number
  headers: Headers
  body: Record<string, unknown> & { error?: { code: string; field?: string } }
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  more: { key?: string; headers?: object } = {},
): Promise<Answer> {
  const reply = await fetch(gateway.url + path, {
    method,
    headers: {
      authorization: `Bearer ${more.key ?? operatorKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...more.headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await reply.text()
  return { status: reply.status, headers: reply.headers, body: text === '' ? {} : JSON.parse(text) }
}

const at = (name: string, rest = '') => `/v1/prompts/${encodeURIComponent(name)}${rest}`
const fetchPrompt = (name: string, headers: object = {}, query = '') =>
  call('GET', at(name, query), undefined, { key: appKey, headers })

async function promptWith(contents: string[]): Promise<string> {
  const name = `${run}/${randomUUID()} x.y`
  expect((await call('POST', '/v1/prompts', { name })).status).toBe(201)
  for (const content of contents) expect((await call('POST', at(name, '/versions'), { content })).status).toBe(201)
  return name
}

type History = { name: string; versions: { version: number; content: string; committedAt: string }[] }

/** Real prompts with their real successive versions, where they are at hand; else made-up ones, and it says so. */
function histories(): { source: string; prompts: History[] } {
  const file = `${process.env.ENGRAM_SHARED ?? '../shared'}/data/prompt_histories.json`
  if (existsSync(file)) return { source: 'real', prompts: JSON.parse(readFileSync(file, 'utf8')) as History[] }
  process.stderr.write(`\n${file} is not here: the histories of this test are GENERATED, not real.\n`)
  const version = (prompt: number, number: number) => ({
    version: number,
    content: `You are assistant ${prompt}.\nAnswer in ${number} sentences.\n\n{{question}}\n`,
    committedAt: '2026-01-01T00:00:00Z',
  })
  const numbers = [1, 2, 3, 2]
  return {
    source: 'generated',
    prompts: [1, 2, 3].map((prompt) => ({
      name: `folder/assistant ${prompt}.v`,
      versions: numbers.map((number, index) => ({ ...version(prompt, number), version: index + 1 })),
    })),
  }
}

describe('real prompt histories', () => {
  const { source, prompts } = histories()

  it.each(prompts.map((prompt) => [prompt.name, prompt.versions] as const))(
    `${source}: %s ends with its last version active, and its history shows what really changed`,
    async (original, versions) => {
      const name = `${run}/${original}`
      expect((await call('POST', '/v1/prompts', { name })).status).toBe(201)
      for (const [index, { content, committedAt }] of versions.entries()) {
        const added = await call('POST', at(name, '/versions'), { content, message: `As of ${committedAt}` })
        expect(added).toMatchObject({ status: 201, body: { version: index + 1 } })
        const activated = await call('POST', at(name, '/activate'), { version: index + 1, expectedRevision: index })
        expect(activated).toMatchObject({ status: 200, body: { version: index + 1, revision: index + 1 } })
        expect((await fetchPrompt(name)).body.content).toBe(content)
      }
      const last = versions.at(-1)
      expect(await fetchPrompt(name)).toMatchObject({
        status: 200,
        body: {
          name,
          channel: 'production',
          version: versions.length,
          revision: versions.length,
          content: last?.content,
        },
      })

      const history = (await call('GET', at(name, '/history?limit=1000'))).body.activations as {
        version: number
        previousVersion: number | null
      }[]
      const steps = history.map(({ version, previousVersion }) => [previousVersion, version]).reverse()
      expect(steps).toEqual(versions.map((_, index) => [index || null, index + 1]))

      for (const [from, to] of steps) {
        const [before, after] = [versions[(from ?? 0) - 1]?.content ?? '', versions[(to ?? 0) - 1]?.content ?? '']
        const parts = diffLines(before, after)
        expect(parts.some(({ added, removed }) => added || removed)).toBe(true)
        expect(parts.flatMap(({ value, removed }) => (removed ? [] : value)).join('')).toBe(after)
        expect(parts.flatMap(({ value, added }) => (added ? [] : value)).join('')).toBe(before)
      }

      const again = { content: last?.content }
      expect(await call('POST', at(name, '/versions'), again)).toMatchObject({
        status: 409,
        body: { error: { field: 'content' } },
      })
      const forced = await call('POST', at(name, '/versions'), { ...again, force: true })
      expect(forced.body).toEqual({ version: versions.length + 1 })
    },
  )
})

describe('fetching the active version', () => {
  it('answers 304 while nothing changed, and the new version at once when it did', async () => {
    const name = await promptWith(['One', 'Two'])
    await call('POST', at(name, '/activate'), { version: 1 })
    const first = await fetchPrompt(name, {}, '?channel=production&subject=user-7')
    expect(first.body).toEqual({
      name,
      channel: 'production',
      version: 1,
      revision: 1,
      content: 'One',
      model: null,
      config: {},
    })
    const etag = first.headers.get('etag') ?? ''
    expect((await fetchPrompt(name, { 'if-none-match': etag })).status).toBe(304)
    expect((await fetchPrompt(name, { 'if-none-match': `"other", W/${etag}` })).status).toBe(304)
    await call('POST', at(name, '/activate'), { version: 2 })
    // R4: through the gateway's own copy within 250 ms.
    await expect
      .poll(async () => (await fetchPrompt(name, { 'if-none-match': etag })).body.content, { timeout: 250 })
      .toBe('Two')
  })

  it('channels are apart', async () => {
    const name = await promptWith(['One', 'Two'])
    await call('POST', at(name, '/activate'), { version: 1 })
    await call('POST', at(name, '/activate'), { version: 2, channel: 'staging' })
    expect((await fetchPrompt(name)).body.version).toBe(1)
    expect((await fetchPrompt(name, {}, '?channel=staging')).body.version).toBe(2)
    expect((await call('GET', at(name, '/history?channel=staging'))).body.activations).toHaveLength(1)
  })

  it('R13: says which is missing, the prompt or an active version', async () => {
    const name = await promptWith(['One'])
    expect(await fetchPrompt(`${name}?`)).toMatchObject({ status: 404, body: { error: { field: 'name' } } })
    expect(await fetchPrompt(name)).toMatchObject({ status: 404, body: { error: { field: 'channel' } } })
  })
})

describe('changing', () => {
  it('rolls back to what was live before, with the reason in the history', async () => {
    const name = await promptWith(['One', 'Two'])
    expect((await call('POST', at(name, '/rollback'))).status).toBe(409)
    expect((await call('POST', at(name, '/rollback'), {})).status).toBe(409)
    for (const version of [1, 2]) await call('POST', at(name, '/activate'), { version })
    const back = await call('POST', at(name, '/rollback'), { reason: 'Too long' })
    expect(back).toMatchObject({ status: 200, body: { version: 1, previousVersion: 2, revision: 3 } })
    expect(Date.parse(String(back.body.appliedAt))).toBeGreaterThanOrEqual(Date.parse(String(back.body.committedAt)))
    const history = await call('GET', at(name, '/history?limit=1'))
    expect(history.body.activations).toEqual([
      {
        version: 1,
        previousVersion: 2,
        revision: 3,
        kind: 'rollback',
        by: run,
        reason: 'Too long',
        at: back.body.committedAt,
      },
    ])
  })

  it('an app key may read and not change', async () => {
    const name = await promptWith(['One'])
    for (const [path, body] of [
      ['', { name: 'x' }],
      [at(name, '/versions').slice(11), { content: 'x' }],
      [at(name, '/activate').slice(11), { version: 1 }],
    ] as const)
      expect((await call('POST', `/v1/prompts${path}`, body, { key: appKey })).status).toBe(403)
    expect((await call('GET', at(name), undefined, { key: 'egm_wrong' })).status).toBe(401)
  })

  it('R3: an unknown version is 404 with its field, and nothing changes', async () => {
    const name = await promptWith(['One'])
    await call('POST', at(name, '/activate'), { version: 1 })
    expect(await call('POST', at(name, '/activate'), { version: 2 })).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', field: 'version' } },
    })
    expect((await fetchPrompt(name)).body).toMatchObject({ version: 1, revision: 1 })
  })
})

describe('R13: bad input names its field and changes nothing', () => {
  const deep = JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown
  const lone = String.fromCharCode(0xd800)
  it.each([
    ['/activate', { version: '1' }, 'version'],
    ['/activate', { version: 2 ** 53 }, 'version'],
    ['/activate', { version: 1.5 }, 'version'],
    ['/activate', { version: 0 }, 'version'],
    ['/activate', {}, 'version'],
    ['/activate', { version: 1, channel: 'Prod' }, 'channel'],
    ['/activate', { version: 1, channel: '' }, 'channel'],
    ['/activate', { version: 1, expectedRevision: -1 }, 'expectedRevision'],
    ['/activate', { version: 1, reason: 'x'.repeat(501) }, 'reason'],
    ['/activate', { version: 1, when: 'now' }, 'when'],
    ['/activate', [], 'body'],
    ['/versions', { content: '' }, 'content'],
    ['/versions', { content: 7 }, 'content'],
    ['/versions', { content: 'x'.repeat(1_000_001) }, 'content'],
    ['/versions', { content: 'a\0b' }, 'content'],
    ['/versions', { content: lone }, 'content'],
    ['/versions', { content: 'x', config: [] }, 'config'],
    ['/versions', { content: 'x', config: { a: 'a\0b' } }, 'config'],
    ['/versions', { content: 'x', config: { [lone]: 1 } }, 'config'],
    ['/versions', { content: 'x', config: { deep } }, 'config'],
    ['/versions', { content: 'x', config: { long: 'x'.repeat(64_000) } }, 'config'],
    ['/versions', { content: 'x', model: '' }, 'model'],
    ['/versions', { content: 'x', message: 'x'.repeat(501) }, 'message'],
    ['/rollback', { reason: 5 }, 'reason'],
  ] as const)('%s %o', async (path, body, field) => {
    const name = await promptWith(['One'])
    const answer = await call('POST', at(name, path), body)
    expect([answer.status, answer.body.error?.field]).toEqual([400, field])
    expect((await fetchPrompt(name)).status).toBe(404)
    expect((await call('POST', at(name, '/versions'), { content: 'Two' })).body).toEqual({ version: 2 })
  })

  it.each([
    ['', 'name'],
    [' x', 'name'],
    ['x'.repeat(201), 'name'],
    ['a\0', 'name'],
    ['a\nb', 'name'],
    ['..', 'name'],
  ])('name %o', async (name, field) => {
    expect(await call('POST', '/v1/prompts', { name })).toMatchObject({ status: 400, body: { error: { field } } })
  })

  it('in the address', async () => {
    const name = await promptWith(['One'])
    expect(await call('GET', at(name, '/history?limit=0'))).toMatchObject({
      status: 400,
      body: { error: { field: 'limit' } },
    })
    expect(await call('GET', at(name, '/history?limit=x'))).toMatchObject({
      status: 400,
      body: { error: { field: 'limit' } },
    })
    expect(await fetchPrompt(name, {}, '?channel=A')).toMatchObject({
      status: 400,
      body: { error: { field: 'channel' } },
    })
    expect(await fetchPrompt(name, {}, `?subject=${'x'.repeat(201)}`)).toMatchObject({
      status: 400,
      body: { error: { field: 'subject' } },
    })
    expect(await fetchPrompt('a\0')).toMatchObject({ status: 400, body: { error: { field: 'name' } } })
    expect((await call('GET', '/v1/prompts/%ff', undefined, { key: appKey })).status).toBe(400)
  })

  it('a key of the config named __proto__ is kept like any other', async () => {
    const name = await promptWith([])
    const config = JSON.parse('{"__proto__":{"a":1},"b":2}') as object
    expect((await call('POST', at(name, '/versions'), { content: 'x', config })).status).toBe(201)
    await call('POST', at(name, '/activate'), { version: 1 })
    expect(JSON.stringify((await fetchPrompt(name)).body.config)).toBe('{"b":2,"__proto__":{"a":1}}')
  })
})
