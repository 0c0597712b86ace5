import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newTenant, testGateway } from '@/server/gateway/test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

type Value = string | number | boolean | string[]
type Span = {
  traceId: string
  spanId: string
  parentSpanId?: string
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Record<string, Value>
  status?: { code: number }
}
type Export = { resource: Record<string, Value>; spans: Span[] }[]

const id = (bytes: number) => randomBytes(bytes).toString('hex')
const start = BigInt(Date.now() - 60_000) * 1_000_000n
const times = { startTimeUnixNano: String(start), endTimeUnixNano: String(start + 1_234_000_000n) }
const traceId = id(16)
const span = (attributes: Span['attributes'], more: Partial<Span> = {}): Span => ({
  traceId,
  spanId: id(8),
  ...times,
  attributes,
  ...more,
})
const call = (more: Span['attributes'] = {}): Span['attributes'] => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 10,
  ...more,
})
const exportOf = (tenant: string, spans: Span[]): Export => [{ resource: { 'engram.tenant': tenant }, spans }]

const jsonValue = (value: Value): object => {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(jsonValue) } }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
const pairsOf = (attributes: Record<string, Value>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: jsonValue(value) }))
const asJson = (parts: Export) =>
  Buffer.from(
    JSON.stringify({
      resourceSpans: parts.map(({ resource, spans }) => ({
        resource: { attributes: pairsOf(resource) },
        scopeSpans: [
          { scope: { name: 'x' }, spans: spans.map((one) => ({ ...one, attributes: pairsOf(one.attributes) })) },
        ],
      })),
    }),
  )

const inside = (writer: BinaryWriter, field: number, write: () => void) => {
  writer.tag(field, WireType.LengthDelimited).fork()
  write()
  writer.join()
}
const text = (w: BinaryWriter, field: number, value: string) => w.tag(field, WireType.LengthDelimited).string(value)
const bytes = (w: BinaryWriter, field: number, hex: string) =>
  w.tag(field, WireType.LengthDelimited).bytes(Buffer.from(hex, 'hex'))
function writeValue(w: BinaryWriter, value: Value) {
  if (typeof value === 'string') text(w, 1, value)
  else if (typeof value === 'boolean') w.tag(2, WireType.Varint).bool(value)
  else if (Array.isArray(value)) inside(w, 5, () => value.forEach((one) => inside(w, 1, () => writeValue(w, one))))
  else if (Number.isInteger(value)) w.tag(3, WireType.Varint).int64(value)
  else w.tag(4, WireType.Bit64).double(value)
}
const writePairs = (w: BinaryWriter, field: number, attributes: Record<string, Value>) =>
  Object.entries(attributes).forEach(([key, value]) =>
    inside(w, field, () => {
      text(w, 1, key)
      inside(w, 2, () => writeValue(w, value))
    }),
  )
/** As an exporter writes it, with fields that Engram steps over. */
function asProtobuf(parts: Export): Uint8Array {
  const w = new BinaryWriter()
  for (const { resource, spans } of parts)
    inside(w, 1, () => {
      inside(w, 1, () => writePairs(w, 1, resource))
      inside(w, 2, () => {
        inside(w, 1, () => text(w, 1, 'scope'))
        for (const one of spans)
          inside(w, 2, () => {
            bytes(w, 1, one.traceId)
            bytes(w, 2, one.spanId)
            text(w, 3, 'state=1')
            if (one.parentSpanId) bytes(w, 4, one.parentSpanId)
            text(w, 5, 'chat')
            w.tag(6, WireType.Varint).int32(3)
            w.tag(7, WireType.Bit64).fixed64(one.startTimeUnixNano)
            w.tag(8, WireType.Bit64).fixed64(one.endTimeUnixNano)
            writePairs(w, 9, one.attributes)
            inside(w, 11, () => text(w, 2, 'event'))
            if (one.status) inside(w, 15, () => w.tag(3, WireType.Varint).int32(one.status?.code ?? 0))
            w.tag(16, WireType.Bit32).fixed32(1)
          })
      })
    })
  return w.finish()
}

const JSON_TYPE = 'application/json'
const PROTOBUF = 'application/x-protobuf'
type Reply = { rejectedSpans: number; errorMessage: string; ignoredSpans?: number; error?: { field: string } }

async function post(body: Uint8Array, type = JSON_TYPE, more: Record<string, string> = {}, key = gateway.keys.app) {
  const response = await fetch(`${gateway.url}/v1/traces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': type, ...more },
    body: body as BodyInit,
  })
  const sent = Buffer.from(await response.arrayBuffer())
  const answered = response.headers.get('content-type') ?? ''
  return { status: response.status, type: answered, ...(answered === PROTOBUF ? fromProtobuf(sent) : fromJson(sent)) }
}
const fromJson = (sent: Buffer): Reply => {
  const { partialSuccess = {}, ...rest } = JSON.parse(sent.toString()) as { partialSuccess?: object }
  return { rejectedSpans: 0, errorMessage: '', ...partialSuccess, ...rest }
}
function fromProtobuf(sent: Buffer): Reply {
  const reply = { rejectedSpans: 0, errorMessage: '' }
  const outer = new BinaryReader(sent)
  if (outer.len === 0) return reply
  expect(outer.tag()).toEqual([1, WireType.LengthDelimited])
  const inner = new BinaryReader(outer.bytes())
  while (inner.pos < inner.len)
    if (inner.tag()[0] === 1) reply.rejectedSpans = Number(inner.int64())
    else reply.errorMessage = inner.string()
  return reply
}

type Totals = {
  requests: number
  inputTokens: number
  outputTokens: number
  cachedInputTokens: number
  costUsd: string
}
async function totals(tenant: string): Promise<Totals> {
  const { body } = await gateway.call(`/v1/usage/summary?tenant=${tenant}`)
  return body.totals as Totals
}

const forms: [string, (parts: Export) => Uint8Array, string][] = [
  ['JSON', asJson, JSON_TYPE],
  ['protobuf', asProtobuf, PROTOBUF],
]

describe.each(forms)('an export in %s', (_form, write, type) => {
  const send = (parts: Export, key?: string) => post(write(parts), type, {}, key)

  it('R6: becomes usage once, however often it is sent, packed or not, and is answered in its own form', async () => {
    const tenant = newTenant()
    const body = write(
      exportOf(tenant, [
        span(
          call({
            'gen_ai.provider.name': 'anthropic',
            'gen_ai.request.model': 'claude-sonnet-4-20250514',
            'gen_ai.usage.input_tokens': 1_000,
            'gen_ai.usage.output_tokens': 100,
            'gen_ai.usage.cache_read.input_tokens': 600,
            'gen_ai.response.finish_reasons': ['stop'],
            'gen_ai.response.time_to_first_chunk': 0.5,
          }),
        ),
        span(call(), { status: { code: 2 } }),
        span({ 'http.route': '/' }),
      ]),
    )
    const first = await post(body, type)
    expect(first).toMatchObject({ status: 200, rejectedSpans: 0, errorMessage: '' })
    expect(first.type.split(';')[0]).toBe(type)
    if (type === JSON_TYPE) expect(first.ignoredSpans).toBe(1)
    expect(await post(gzipSync(body), type, { 'content-encoding': 'gzip' })).toMatchObject({ rejectedSpans: 0 })
    expect(await totals(tenant)).toMatchObject({
      requests: 2,
      inputTokens: 1_100,
      outputTokens: 110,
      cachedInputTokens: 600,
      // 400 x $3 + 600 x $0.30 + 100 x $15, and 100 x $0.15 + 10 x $0.60, per million.
      costUsd: '0.002901',
    })
  })

  it('R7: counts usage once that parents repeat, in one export or over several', async () => {
    const tenant = newTenant()
    const agent = span({ ...call(), 'gen_ai.operation.name': 'invoke_agent' })
    const unnamed = span(call({ 'gen_ai.operation.name': 'my_graph' }), { parentSpanId: agent.spanId })
    const children = [1, 2].map(() => span(call(), { parentSpanId: unnamed.spanId }))
    await send(exportOf(tenant, [...children, unnamed, agent]))
    expect(await totals(tenant)).toMatchObject({ requests: 2, inputTokens: 200 })
    const outer = { ...call(), 'ai.operationId': 'ai.generateText' }
    for (const attributes of [outer, { ...call(), 'openinference.span.kind': 'CHAIN' }])
      await send(exportOf(tenant, [span(attributes, { spanId: id(8) })]))
    expect(await totals(tenant)).toMatchObject({ requests: 2, inputTokens: 200 })
  })

  it('R13: refuses bad spans by name, and keeps the good', async () => {
    const tenant = newTenant()
    const good = span(call())
    const refused: [Span, RegExp][] = [
      [span(call(), { traceId: 'abcd' }), /spans\.1: traceId: must be 16 bytes/],
      [span(call(), { spanId: id(9) }), /spans\.2: spanId: must be 8 bytes/],
      [span(call(), { parentSpanId: 'ab' }), /spans\.3: parentSpanId: must be 8 bytes/],
      [span(call(), { traceId: '0'.repeat(32) }), /spans\.4: traceId: .*not all zero/],
      [span(call({ 'gen_ai.usage.input_tokens': 'many' })), /inputTokens: .*\(gen_ai.usage.input_tokens\)/],
    ]
    const one = await send(exportOf(tenant, [good, ...refused.map(([bad]) => bad)]))
    expect(one).toMatchObject({ status: 200, rejectedSpans: refused.length })
    for (const [, why] of refused) expect(one.errorMessage).toMatch(why)
    const more: [Span['attributes'], Partial<Span>, RegExp][] = [
      [call({ 'gen_ai.usage.cache_read.input_tokens': 101 }), {}, /cachedInputTokens/],
      [call({ 'gen_ai.usage.output_tokens': Number.MAX_SAFE_INTEGER }), {}, /outputTokens/],
      [call({ 'user.id': true }), {}, /user: .*\(user.id\)/],
      [
        call(),
        { startTimeUnixNano: '1420070400000000000', endTimeUnixNano: '1420070401000000000' },
        /occurredAt: .*\(startTimeUnixNano\)/,
      ],
      [call(), { endTimeUnixNano: '1' }, /latencyMs: .*\(endTimeUnixNano\)/],
    ]
    for (const [attributes, rest, why] of more)
      expect((await send(exportOf(tenant, [span(attributes, rest)]))).errorMessage).toMatch(why)
    const without = await send([{ resource: {}, spans: [span(call())] }])
    expect(without.errorMessage).toMatch(/tenant: .*engram.tenant/)
    expect(await totals(tenant)).toMatchObject({ requests: 1, inputTokens: 100 })
  })

  it('R13: refuses spans that are their own ancestors, and keeps the others', async () => {
    const tenant = newTenant()
    const [a, b] = [id(8), id(8)]
    const circle = [span(call(), { spanId: a, parentSpanId: b }), span(call(), { spanId: b, parentSpanId: a })]
    const reply = await send(exportOf(tenant, [...circle, span(call(), { parentSpanId: a }), span(call())]))
    expect(reply).toMatchObject({
      status: 200,
      rejectedSpans: 2,
      errorMessage: expect.stringContaining('parentSpanId'),
    })
    expect(await totals(tenant)).toMatchObject({ requests: 2 })
  })

  it("takes the key's tenant where it has only one, and no other", async () => {
    const [mine, other] = [newTenant(), newTenant()]
    const key = await gateway.keyFor('app', [mine])
    expect(await send([{ resource: {}, spans: [span(call())] }], key)).toMatchObject({ rejectedSpans: 0 })
    const foreign = await send(exportOf(other, [span(call())]), key)
    expect(foreign).toMatchObject({ rejectedSpans: 1, errorMessage: expect.stringContaining('tenant') })
    expect(await totals(mine)).toMatchObject({ requests: 1 })
  })

  it('R13: a body that is cut off, packed twice or too large is refused as a whole', async () => {
    const tenant = newTenant()
    const body = write(exportOf(tenant, [span(call()), span(call())]))
    const gzip = { 'content-encoding': 'gzip' }
    const bad = { status: 400, error: { field: 'body' } }
    expect(await post(body.subarray(0, -9), type)).toMatchObject(bad)
    expect(await post(gzipSync(body).subarray(0, -9), type, gzip)).toMatchObject(bad)
    expect(await post(gzipSync(gzipSync(body)), type, gzip)).toMatchObject(bad)
    expect(await post(gzipSync(body), type)).toMatchObject(bad)
    expect(await totals(tenant)).toMatchObject({ requests: 0 })

    const large = Buffer.alloc(50_000_000, 'x')
    const packed = gzipSync(large, { level: 1 })
    let before = 0
    for (let time = 0; time < 5; time++) {
      if (time === 1) before = process.memoryUsage.rss()
      expect(await post(large, type)).toMatchObject({ status: 413, error: { field: 'body' } })
      expect(await post(packed, type, gzip)).toMatchObject({ status: 413, error: { field: 'body' } })
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000)
  }, 120_000)

  it('takes 10,000 spans while others are answered, and refuses 20,001', async () => {
    const tenant = newTenant()
    const spans = Array.from({ length: 10_000 }, (_, n) => span(call({ 'user.id': `u${n % 100}` })))
    const body = write(exportOf(tenant, spans))
    let longestMs = 0
    let done = false
    const others = (async () => {
      while (!done) {
        const started = performance.now()
        expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
        longestMs = Math.max(longestMs, performance.now() - started)
      }
    })()
    expect(await post(body, type)).toMatchObject({ status: 200, rejectedSpans: 0 })
    done = true
    await others
    expect(longestMs).toBeLessThan(2_000)
    expect(await totals(tenant)).toMatchObject({ requests: 10_000, inputTokens: 1_000_000 })
    const many = [...spans, ...spans, span({})].map((one) => ({ ...one, attributes: {} }))
    expect(await post(write(exportOf(tenant, many)), type)).toMatchObject({
      status: 413,
      error: { field: 'resourceSpans' },
    })
  }, 120_000)
})

describe('R13: what is no export at all', () => {
  it.each<[string, unknown, string]>([
    ['a list', [], 'body'],
    ['a number for the spans', { resourceSpans: 1 }, 'resourceSpans'],
    ['a number for a resource', { resourceSpans: [{ resource: 1 }] }, 'resourceSpans.0.resource'],
    ['a text for scopes', { resourceSpans: [{ scopeSpans: 'x' }] }, 'resourceSpans.0.scopeSpans'],
  ])('%s', async (_what, body, field) => {
    expect(await post(Buffer.from(JSON.stringify(body)))).toMatchObject({ status: 400, error: { field } })
  })

  it('a span that is null, or has a number for attributes, is refused alone', async () => {
    const spans = [null, { ...span({}), attributes: 7 }, { ...span({}), attributes: null }]
    const reply = await post(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })))
    expect(reply).toMatchObject({ status: 200, rejectedSpans: 2, ignoredSpans: 1 })
    expect(reply.errorMessage).toMatch(/spans\.1: attributes/)
  })

  it('an empty export, and one of another type', async () => {
    expect(await post(Buffer.alloc(0), PROTOBUF)).toMatchObject({ status: 200, rejectedSpans: 0 })
    expect(await post(Buffer.from('{}'))).toMatchObject({ status: 200, ignoredSpans: 0 })
    expect(await post(Buffer.from('x'), 'text/plain')).toMatchObject({ status: 415, error: { field: 'content-type' } })
  })

  it('no bytes in protobuf make a 5xx', async () => {
    const whole = asProtobuf(exportOf(newTenant(), [span(call())]))
    const damaged = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const copy = Buffer.from(whole)
        for (const [at, byte] of changes) copy[at] = byte
        return copy
      })
    const any = fc.oneof(damaged, fc.uint8Array({ maxLength: 200 }))
    await fc.assert(
      fc.asyncProperty(any, async (bytes) => {
        expect((await post(bytes, PROTOBUF)).status).toBeLessThan(500)
      }),
      { numRuns: 300 },
    )
  })
})
