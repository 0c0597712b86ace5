import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Init, newTenant, testGateway } from './test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
const tenant = newTenant()
const entry = `/v1/cache/answers/key?tenant=${tenant}`
const put = (body: unknown, headers?: Record<string, string>): Init => ({ method: 'PUT', body, headers })
const good = { value: 1, ttlSeconds: 60 }
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const confirmed = { name: 'support/reply', channel: 'production', revision: 1 }

type Wrong = [what: string, path: string, init: () => Init, status: number, code: string, field?: string]

const wrong: Wrong[] = [
  ['no key', entry, () => ({ headers: { authorization: '' } }), 401, 'unauthorized'],
  ['another scheme', entry, () => ({ headers: { authorization: 'Basic abc' } }), 401, 'unauthorized'],
  ['a wrong key', entry, () => ({ key: 'egm_app_' + 'x'.repeat(43) }), 401, 'unauthorized'],
  ['a key of 12 kB', entry, () => ({ key: 'x'.repeat(12_000) }), 401, 'unauthorized'],
  ['a key without the scope', '/v1/tenants/acme', () => ({ method: 'PUT', key: gateway.keys.app }), 403, 'forbidden'],
  ['an unknown route', '/v1/nothing', () => ({}), 404, 'not_found', 'path'],
  ['a known path, another method', '/v1/tenants/acme', () => ({ method: 'POST', body: {} }), 405, 'not_found'],
  ['a method of its own', entry, () => ({ method: 'OPTIONS' }), 405, 'not_found'],
  ['percent-encoding garbage in the path', '/v1/cache/answers/%zz', () => ({}), 400, 'bad_request', 'path'],
  [
    'a cut UTF-8 sequence in the path',
    `/v1/cache/answers/%e4%b8?tenant=${tenant}`,
    () => ({}),
    400,
    'bad_request',
    'path',
  ],
  ['percent-encoding garbage in the query', '/v1/cache/answers/key?tenant=%', () => ({}), 400, 'bad_request', 'tenant'],
  ['NUL in the path', `/v1/cache/answers/a%00b?tenant=${tenant}`, () => ({}), 400, 'bad_request', 'key'],
  [
    'a name that is too long',
    `/v1/cache/answers/${'k'.repeat(1_001)}?tenant=${tenant}`,
    () => ({}),
    400,
    'bad_request',
    'key',
  ],
  ['a query field twice', `${entry}&tenant=other`, () => ({}), 400, 'bad_request', 'tenant'],
  ['a missing query field', '/v1/cache/answers/key', () => ({}), 400, 'bad_request', 'tenant'],
  ['an unknown query field', `${entry}&colour=red`, () => ({}), 400, 'bad_request', 'colour'],
  ['__proto__ in the query', `${entry}&__proto__=1`, () => ({}), 400, 'bad_request', '__proto__'],
  ['a slug in capitals', '/v1/cache/answers/key?tenant=ACME', () => ({}), 400, 'bad_request', 'tenant'],
  ['no body', entry, () => ({ method: 'PUT' }), 400, 'bad_request', 'body'],
  ['an empty body', entry, () => put(''), 400, 'bad_request', 'body'],
  ['broken JSON', entry, () => put('{"value":'), 400, 'bad_request', 'body'],
  ['JSON behind a byte order mark', entry, () => put('\uFEFF{}'), 400, 'bad_request', 'body'],
  ['a body that is not UTF-8', entry, () => put(new Uint8Array([0x22, 0xff, 0x22])), 400, 'bad_request', 'body'],
  [
    'a body of another type',
    entry,
    () => put('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    'unsupported_media_type',
    'content-type',
  ],
  [
    'a body in an unknown encoding',
    entry,
    () => put('{}', { 'content-encoding': 'br' }),
    415,
    'unsupported_media_type',
    'content-encoding',
  ],
  ['a body that is not gzip', entry, () => put('{}', { 'content-encoding': 'gzip' }), 400, 'bad_request', 'body'],
  [
    'a gzip of 100 MB',
    entry,
    () => put(gzipSync(Buffer.alloc(100_000_000)), { 'content-encoding': 'gzip' }),
    413,
    'too_large',
    'body',
  ],
  ['a body above 5 MB', entry, () => put(`"${'x'.repeat(5 * 1024 * 1024)}"`), 413, 'too_large', 'body'],
  ['an array for an object', entry, () => put([]), 400, 'bad_request', 'body'],
  ['null for an object', entry, () => put(null), 400, 'bad_request', 'body'],
  ['a missing field', entry, () => put({ ttlSeconds: 60 }), 400, 'bad_request', 'value'],
  ['a field of another type', entry, () => put({ value: 1, ttlSeconds: '60' }), 400, 'bad_request', 'ttlSeconds'],
  ['a fraction for a count', entry, () => put({ value: 1, ttlSeconds: 1.5 }), 400, 'bad_request', 'ttlSeconds'],
  [
    'a time that is too long',
    entry,
    () => put({ value: 1, ttlSeconds: 30 * 86_400 + 1 }),
    400,
    'bad_request',
    'ttlSeconds',
  ],
  ['a number beyond all', entry, () => put('{"value":1,"ttlSeconds":1e999}'), 400, 'bad_request', 'ttlSeconds'],
  [
    'a prompt without a version',
    entry,
    () => put({ ...good, prompt: { name: 'a' } }),
    400,
    'bad_request',
    'prompt.version',
  ],
  [
    'a version of 2^53',
    entry,
    () => put({ ...good, prompt: { name: 'a', version: 2 ** 53 } }),
    400,
    'bad_request',
    'prompt.version',
  ],
  ['a negative cost', entry, () => put({ ...good, costUsd: -1 }), 400, 'bad_request', 'costUsd'],
  ['a cost with 13 decimals', entry, () => put({ ...good, costUsd: '0.1234567890123' }), 400, 'bad_request', 'costUsd'],
  ['an unknown field', entry, () => put({ ...good, colour: 'red' }), 400, 'bad_request', 'colour'],
  [
    '__proto__ as a field',
    entry,
    () => put('{"value":1,"ttlSeconds":60,"__proto__":{"admin":true}}'),
    400,
    'bad_request',
    '__proto__',
  ],
  ['NUL in a value', entry, () => put({ ...good, value: { a: ['\0'] } }), 400, 'bad_request', 'value'],
  ['a lone surrogate in a value', entry, () => put('{"value":"\\ud800","ttlSeconds":60}'), 400, 'bad_request', 'value'],
  [
    'a lone surrogate in a name',
    entry,
    () => put('{"value":{"\\udc00":1},"ttlSeconds":60}'),
    400,
    'bad_request',
    'value',
  ],
  [
    '10,000 levels in a value',
    entry,
    () => put(`{"value":${nested(10_000)},"ttlSeconds":60}`),
    400,
    'bad_request',
    'value',
  ],
  ['100,000 levels as the body', entry, () => put(nested(100_000)), 400, 'bad_request', 'body'],
  ['a value above 1 MB', entry, () => put({ ...good, value: 'x'.repeat(1024 * 1024) }), 400, 'bad_request', 'value'],
  [
    'an unknown role',
    '/v1/sessions/s/turns',
    () => ({ method: 'POST', body: { role: 'robot', content: 'x' } }),
    400,
    'bad_request',
    'role',
  ],
  [
    'NUL in a turn',
    '/v1/sessions/s/turns',
    () => ({ method: 'POST', body: { role: 'user', content: 'a\0' } }),
    400,
    'bad_request',
    'content',
  ],
  ...(
    [
      ['beats that come too often', 'beat=19', 'beat'],
      ['beats that come too rarely', 'beat=1001', 'beat'],
      ['beats that are no number', 'beat=soon', 'beat'],
      ['beats between milliseconds', 'beat=50.5', 'beat'],
      ['a process that is no name', 'process=a%20b', 'process'],
      ['a process of 101 characters', `process=${'p'.repeat(101)}`, 'process'],
      ['a name without a process', 'name=api', 'process'],
      ['an empty name', 'process=p&name=', 'name'],
      ['a name with a line break', 'process=p&name=a%0Ab', 'name'],
      ['a name of 101 characters', `process=p&name=${'n'.repeat(101)}`, 'name'],
      ['an unknown wish of a stream', 'since=3', 'since'],
    ] as const
  ).map(([what, query, field]): Wrong => [what, `/v1/stream?${query}`, () => ({}), 400, 'bad_request', field]),
  ['a stream without a key', '/v1/stream', () => ({ headers: { authorization: '' } }), 401, 'unauthorized'],
  ...(
    [
      ['no confirmation at all', undefined, 'body'],
      ['a confirmation of nobody', { prompts: [] }, 'process'],
      ['a confirmation of nothing', { process: 'p' }, 'prompts'],
      ['a process that is a number', { process: 7, prompts: [] }, 'process'],
      ['1,001 confirmations', { process: 'p', prompts: Array(1_001).fill(confirmed) }, 'prompts'],
      [
        'a revision that is a string',
        { process: 'p', prompts: [{ ...confirmed, revision: '1' }] },
        'prompts.0.revision',
      ],
      ['revision 0', { process: 'p', prompts: [{ ...confirmed, revision: 0 }] }, 'prompts.0.revision'],
      ['revision 2^53', { process: 'p', prompts: [{ ...confirmed, revision: 2 ** 53 }] }, 'prompts.0.revision'],
      ['a channel with spaces', { process: 'p', prompts: [{ ...confirmed, channel: 'a b' }] }, 'prompts.0.channel'],
      ['NUL in the name of a prompt', { process: 'p', prompts: [{ ...confirmed, name: 'a\0' }] }, 'prompts.0.name'],
      ['an unknown field', { process: 'p', prompts: [{ ...confirmed, version: 1 }] }, 'prompts.0.version'],
    ] as const
  ).map(([what, body, field]): Wrong => {
    const init = () => ({ method: 'POST', body })
    return [`${what} (confirmations)`, '/v1/confirmations', init, 400, 'bad_request', field]
  }),
  ['an unknown session', `/v1/sessions/${newTenant()}`, () => ({}), 404, 'not_found', 'id'],
  ['an unknown tenant', `/v1/tenants/${newTenant()}`, () => ({ method: 'DELETE' }), 404, 'not_found', 'slug'],
]

describe('R13: bad input gets a clear 4xx that names the field, and changes nothing', () => {
  it.each(wrong)('%s', async (_what, path, init, status, code, field) => {
    const answer = await gateway.call(path, init())
    expect({ status: answer.status, ...error(answer) }).toEqual({ status, code, field, message: expect.any(String) })
    if (path === entry) expect((await gateway.call(entry)).body).toEqual({ hit: false })
  })

  it('a key that is bound to other tenants', async () => {
    const key = await gateway.keyFor('app', [newTenant()])
    const answer = await gateway.call(entry, { ...put(good), key })
    expect([answer.status, error(answer).field]).toEqual([403, 'tenant'])
  })

  it('headers above 16 kB', async () => {
    const answer = await sendRaw(`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 431 .*"code":"bad_request"/s)
  })

  it.each(['nonsense\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'FOO / HTTP/1.1\r\nhost: x\r\n\r\n', '\0\0\0\0\r\n\r\n'])(
    'what is not HTTP: %j',
    async (text) => {
      expect(await sendRaw(text)).toMatch(/^HTTP\/1\.1 400 /)
    },
  )

  it('reads no further than 5 MB of a body that never ends, and says so at once', async () => {
    const head = `PUT ${entry} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.keys.app}\r\ncontent-type: application/json\r\n`
    const declared = await sendRaw(`${head}content-length: 999999999999\r\n\r\n{`)
    expect(declared).toMatch(/^HTTP\/1\.1 413 .*connection: close.*"code":"too_large"/is)
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`
    const endless = await sendRaw(`${head}transfer-encoding: chunked\r\n\r\n${chunk.repeat(7)}`)
    expect(endless).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('a caller that goes away in the middle of its body is nobody’s error', async () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
    socket.write(
      `PUT ${entry} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.keys.app}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    expect((await gateway.call('/healthz')).status).toBe(200)
  })
})

describe('what is unusual but right is accepted', () => {
  it('names with slashes, percent signs and any script come back as they went in', async () => {
    for (const name of ['a/b', '100%', 'ключ', '日本 語', '%2F', 'a?b#c&d=e+f', '...', "it's", '😀'.repeat(100)]) {
      const path = `/v1/cache/${encodeURIComponent(name)}/${encodeURIComponent(name)}?tenant=${tenant}`
      expect((await gateway.call(path, put({ value: name, ttlSeconds: 60 }))).status).toBe(200)
      expect((await gateway.call(path)).body).toEqual({ hit: true, value: name })
    }
  })

  it('a body in gzip', async () => {
    const body = gzipSync(JSON.stringify(good))
    expect((await gateway.call(entry, put(body, { 'content-encoding': 'gzip' }))).status).toBe(200)
    await gateway.call(entry, { method: 'DELETE' })
  })

  it('a value named __proto__ is a value like any other', async () => {
    await gateway.call(entry, put('{"value":{"__proto__":{"x":1}},"ttlSeconds":60}'))
    const { body } = await gateway.call(entry)
    expect(JSON.stringify(body)).toBe('{"hit":true,"value":{"__proto__":{"x":1}}}')
    await gateway.call(entry, { method: 'DELETE' })
  })

  it('HEAD asks what GET would answer', async () => {
    const response = await fetch(`${gateway.url}/healthz`, { method: 'HEAD' })
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '15'])
  })
})

const error = ({ body }: Answer) => body.error as { code: string; message: string; field?: string }

/** What the gateway answers to bytes that no HTTP client would send. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
    socket.on('data', (bytes) => (answer += bytes.toString()))
    socket.on('error', () => resolve(answer))
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}
