import { describe, expect, it } from 'vitest'
import { eventOfSpan } from './event-of-span'
import { readAttributes } from './span-attributes'
import { Span } from './traces.schema'
import { UsageEvent } from './usage.schema'

type Plain = Record<string, string | number | string[]>

const valueOf = (value: Plain[string]) =>
  typeof value === 'string'
    ? { stringValue: value }
    : Array.isArray(value)
      ? { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } }
      : Number.isInteger(value)
        ? { intValue: String(value) }
        : { doubleValue: value }
const pairs = (attributes: Plain) => Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }))

function read(attributes: Plain, more: object = {}) {
  const span = Span.parse({
    traceId: '5B8EFFF798038103D269B633813FC60C',
    spanId: 'eee19b7ec3c1b174',
    startTimeUnixNano: '1767225600000000000',
    endTimeUnixNano: '1767225601500000000',
    attributes: pairs(attributes),
    ...more,
  })
  return eventOfSpan(span, { resource: readAttributes(pairs({ 'engram.tenant': 'acme' })), onlyTenant: null })
}
/** What the span becomes once it is judged like any other event. */
const usage = (attributes: Plain, more?: object) => {
  const event = read(attributes, more).report?.event
  return event ? UsageEvent.parse(event) : null
}

const genAi = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o' }
const anthropic = { ...genAi, 'gen_ai.provider.name': 'anthropic', 'gen_ai.request.model': 'claude-sonnet-4' }
const openInference = { 'openinference.span.kind': 'LLM', 'llm.provider': 'openai', 'llm.model_name': 'gpt-4o' }
const vercel = {
  'operation.name': 'ai.generateText.doGenerate my-function',
  'ai.operationId': 'ai.generateText.doGenerate',
  'ai.model.id': 'gpt-4o',
  'ai.model.provider': 'openai.chat',
}
const claudeInVercel = { ...vercel, 'ai.model.id': 'claude-sonnet-4', 'ai.model.provider': 'anthropic.messages' }

describe('what each convention reports', () => {
  it.each<[string, Plain, Partial<UsageEvent>]>([
    [
      'GenAI, newest names',
      {
        ...genAi,
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.usage.input_tokens': 1_000,
        'gen_ai.usage.output_tokens': 50,
        'gen_ai.usage.cache_read.input_tokens': 600,
        'gen_ai.usage.cache_write.input_tokens': 100,
        'gen_ai.response.time_to_first_chunk': 0.25,
        'gen_ai.conversation.id': 'c1',
        'user.id': 'ann',
        'engram.prompt.name': 'support/reply',
        'engram.prompt.version': 3,
      },
      {
        provider: 'openai',
        model: 'gpt-4o-2024-08-06',
        inputTokens: 1_000,
        outputTokens: 50,
        cachedInputTokens: 600,
        cacheWriteTokens: 100,
        ttftMs: 250,
        latencyMs: 1_500,
        conversation: 'c1',
        user: 'ann',
        prompt: { name: 'support/reply', version: 3 },
        status: 'ok',
        tenant: 'acme',
        id: '5b8efff798038103d269b633813fc60c:eee19b7ec3c1b174',
        occurredAt: new Date('2026-01-01T00:00:00Z'),
      },
    ],
    [
      'GenAI, older names',
      {
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.prompt_tokens': 10,
        'gen_ai.usage.completion_tokens': 5,
        'gen_ai.usage.cache_read_input_tokens': 4,
        'gen_ai.usage.cache_creation_input_tokens': 3,
        'gen_ai.server.time_to_first_token': 1.5,
        'session.id': 's1',
        'enduser.id': 7,
      },
      { inputTokens: 10, outputTokens: 5, cachedInputTokens: 4, cacheWriteTokens: 3, ttftMs: 1_500, user: '7' },
    ],
    [
      'OpenInference',
      {
        ...openInference,
        'llm.token_count.prompt': 10,
        'llm.token_count.completion': 5,
        'llm.token_count.prompt_details.cache_read': 4,
        'llm.token_count.prompt_details.cache_write': 1,
        'session.id': 's1',
        'user.id': 'ann',
        'prompt.id': 'greeting',
        'llm.prompt_template.version': 'v2',
      },
      {
        provider: 'openai',
        model: 'gpt-4o',
        inputTokens: 10,
        outputTokens: 5,
        cachedInputTokens: 4,
        cacheWriteTokens: 1,
        conversation: 's1',
        user: 'ann',
        prompt: { name: 'greeting', version: 2 },
      },
    ],
    [
      'OpenInference, the system where no provider is said',
      {
        'openinference.span.kind': 'llm',
        'llm.system': 'mistralai',
        'llm.model_name': 'm',
        'llm.token_count.prompt': 1,
      },
      { provider: 'mistralai', inputTokens: 1, outputTokens: 0 },
    ],
    [
      'Vercel AI SDK 5 and later',
      {
        ...vercel,
        'ai.usage.inputTokens': 10,
        'ai.usage.outputTokens': 5,
        'ai.usage.cachedInputTokens': 4,
        'ai.response.msToFirstChunk': 321,
        'ai.telemetry.metadata.userId': 'ann',
        'ai.telemetry.metadata.sessionId': 's1',
        'ai.telemetry.metadata.promptName': 'greeting',
        'ai.telemetry.metadata.promptVersion': 2,
      },
      {
        provider: 'openai',
        model: 'gpt-4o',
        inputTokens: 10,
        outputTokens: 5,
        cachedInputTokens: 4,
        ttftMs: 321,
        user: 'ann',
        conversation: 's1',
        prompt: { name: 'greeting', version: 2 },
      },
    ],
    [
      'Vercel AI SDK up to 4',
      { ...vercel, 'gen_ai.system': 'openai.chat', 'ai.usage.promptTokens': 10, 'ai.usage.completionTokens': 5 },
      { provider: 'openai', inputTokens: 10, outputTokens: 5 },
    ],
    [
      'an embedding',
      {
        'ai.operationId': 'ai.embed.doEmbed',
        'ai.model.id': 'text-embedding-3-small',
        'ai.model.provider': 'openai.embedding',
        'ai.usage.tokens': 10,
      },
      { inputTokens: 10, outputTokens: 0, model: 'text-embedding-3-small' },
    ],
  ])('%s', (_what, attributes, expected) => {
    expect(usage(attributes)).toMatchObject(expected)
  })

  it('leaves out a prompt whose version is no number of ours, but not one that says it is ours', () => {
    const call = { ...openInference, 'llm.token_count.prompt': 1 }
    expect(usage({ ...call, 'prompt.id': 'x', 'llm.prompt_template.version': 'v1.0' })?.prompt).toBeUndefined()
    expect(() => usage({ ...call, 'engram.prompt.name': 'x', 'engram.prompt.version': 'new' })).toThrow(/version/)
  })
})

describe('R7: tokens in a cache are part of the input once, whoever reports them', () => {
  const cached = { 'gen_ai.usage.cache_read.input_tokens': 600, 'gen_ai.usage.cache_creation.input_tokens': 200 }
  const inVercel = { 'ai.usage.outputTokens': 5, 'ai.usage.cachedInputTokens': 600 }
  const metadata = (usage?: object) => ({
    'ai.response.providerMetadata': JSON.stringify({
      anthropic: { usage, cacheReadInputTokens: 600, cacheCreationInputTokens: 200 },
    }),
  })
  const raw = { input_tokens: 200, cache_read_input_tokens: 600, cache_creation_input_tokens: 200 }

  it.each<[string, Plain]>([
    ['OpenAI, included', { ...genAi, ...cached, 'gen_ai.usage.input_tokens': 1_000 }],
    ['Anthropic by the convention, included', { ...anthropic, ...cached, 'gen_ai.usage.input_tokens': 1_000 }],
    ["Anthropic's own figures, apart", { ...anthropic, ...cached, 'gen_ai.usage.input_tokens': 200 }],
    [
      'Claude by way of Bedrock, apart',
      { ...anthropic, ...cached, 'gen_ai.provider.name': 'aws.bedrock', 'gen_ai.usage.input_tokens': 200 },
    ],
    [
      'OpenInference of Anthropic, included',
      {
        'openinference.span.kind': 'LLM',
        'llm.provider': 'anthropic',
        'llm.model_name': 'claude-sonnet-4',
        'llm.token_count.prompt': 1_000,
        'llm.token_count.prompt_details.cache_read': 600,
        'llm.token_count.prompt_details.cache_write': 200,
      },
    ],
    ['AI SDK 4 of Anthropic, apart', { ...claudeInVercel, ...metadata(), 'ai.usage.promptTokens': 200 }],
    ['AI SDK 5 of Anthropic, apart', { ...claudeInVercel, ...inVercel, ...metadata(raw), 'ai.usage.inputTokens': 200 }],
    [
      'AI SDK 6 of Anthropic, included',
      { ...claudeInVercel, ...inVercel, ...metadata(raw), 'ai.usage.inputTokens': 1_000 },
    ],
    [
      'AI SDK 7 of Anthropic, included',
      {
        ...claudeInVercel,
        ...inVercel,
        ...metadata(),
        'ai.usage.inputTokens': 1_000,
        'ai.usage.inputTokenDetails.noCacheTokens': 200,
        'ai.usage.inputTokenDetails.cacheWriteTokens': 200,
      },
    ],
  ])('%s', (_what, attributes) => {
    expect(usage(attributes)).toMatchObject({ inputTokens: 1_000, cachedInputTokens: 600, cacheWriteTokens: 200 })
  })

  it('a total proves that the cache is apart, although the input alone is larger', () => {
    const call = { ...anthropic, ...cached, 'gen_ai.usage.input_tokens': 900, 'gen_ai.usage.output_tokens': 50 }
    expect(usage({ ...call, 'gen_ai.usage.total_tokens': 1_750 })?.inputTokens).toBe(1_700)
    expect(usage({ ...call, 'gen_ai.usage.total_tokens': 950 })?.inputTokens).toBe(900)
  })

  it('R13: a cache above the input is an error with a provider that always includes it', () => {
    expect(() => usage({ ...genAi, ...cached, 'gen_ai.usage.input_tokens': 700 })).toThrow(/cachedInputTokens/)
  })
})

describe('what is a call of a model', () => {
  const tokens = { 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5 }
  it.each<[string, Plain]>([
    ['an agent', { ...genAi, ...tokens, 'gen_ai.operation.name': 'invoke_agent' }],
    ['a tool', { ...genAi, ...tokens, 'gen_ai.operation.name': 'execute_tool' }],
    ['a chain', { ...openInference, ...tokens, 'openinference.span.kind': 'CHAIN' }],
    ['a workflow', { ...genAi, ...tokens, 'traceloop.span.kind': 'workflow' }],
    ['the outer operation of the AI SDK', { ...vercel, ...tokens, 'ai.operationId': 'ai.streamText' }],
    ['the same by its operation.name alone', { 'operation.name': 'ai.generateText f', 'ai.usage.inputTokens': 1 }],
    ['one with neither tokens nor an error', genAi],
    ['a web request', { 'http.route': '/' }],
  ])('%s is none', (_what, attributes) => {
    expect(read(attributes).report).toBeNull()
  })

  it.each<[string, Plain, object, string]>([
    ['an error status', tokens, { status: { code: 2 } }, 'error'],
    ['an error status by name', tokens, { status: { code: 'STATUS_CODE_ERROR' } }, 'error'],
    ['an error type', { ...tokens, 'error.type': '500' }, {}, 'error'],
    ['a timeout', { ...tokens, 'error.type': 'openai.APITimeoutError' }, {}, 'timeout'],
    ['a cancellation', { ...tokens, 'error.type': 'AbortError' }, {}, 'cancelled'],
    ['a refusal', { ...tokens, 'gen_ai.response.finish_reasons': ['content_filter'] }, {}, 'refused'],
    ['a normal end', { ...tokens, 'gen_ai.response.finish_reasons': ['stop'] }, {}, 'ok'],
  ])('%s', (_what, attributes, more, status) => {
    expect(usage({ ...genAi, ...attributes }, more)).toMatchObject({ status, inputTokens: 10 })
  })

  it('a call that failed before any token counts as a request', () => {
    expect(usage(genAi, { status: { code: 2 } })).toMatchObject({ status: 'error', inputTokens: 0, outputTokens: 0 })
  })
})

describe('tenants', () => {
  const call = { ...genAi, 'gen_ai.usage.input_tokens': 1 }
  const span = (attributes: Plain) =>
    Span.parse({
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      startTimeUnixNano: '1',
      attributes: pairs(attributes),
    })
  const tenantOf = (attributes: Plain, resource: Plain, onlyTenant: string | null) =>
    eventOfSpan(span(attributes), { resource: readAttributes(pairs(resource)), onlyTenant }).report?.event.tenant

  it('come from the span, its resource, or the key that has only one', () => {
    expect(tenantOf({ ...call, 'engram.tenant': 'a' }, { 'engram.tenant': 'b' }, 'c')).toBe('a')
    expect(tenantOf(call, { 'engram.tenant': 'b' }, 'c')).toBe('b')
    expect(tenantOf(call, {}, 'c')).toBe('c')
    expect(tenantOf(call, {}, null)).toBeUndefined()
  })
})

describe('R13: attributes of the wrong type', () => {
  it.each([
    ['a text for tokens', { stringValue: 'many' }, 'inputTokens'],
    ['a list for tokens', { arrayValue: { values: [] } }, 'inputTokens'],
    ['pairs for tokens', { kvlistValue: { values: [] } }, 'inputTokens'],
    ['half a token', { doubleValue: 0.5 }, 'inputTokens'],
    ['2^53 tokens', { intValue: '9007199254740992' }, 'inputTokens'],
    ['a number of 400 digits', { intValue: '9'.repeat(400) }, 'inputTokens'],
    ['less than nothing', { intValue: '-1' }, 'inputTokens'],
    ['a text where a number must be', { intValue: 'x' }, 'inputTokens'],
    ['no object', 12, 'inputTokens'],
  ])('%s', (_what, value, field) => {
    const { report } = eventOfSpan(
      Span.parse({
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        startTimeUnixNano: '1767225600000000000',
        attributes: [...pairs(genAi), { key: 'gen_ai.usage.input_tokens', value }],
      }),
      { resource: new Map(), onlyTenant: 'acme' },
    )
    const judged = UsageEvent.safeParse(report?.event)
    expect(judged.error?.issues[0]?.path).toEqual([field])
    expect(report?.sources[field]).toBe('gen_ai.usage.input_tokens')
  })
})
