/**
 * The names under which instrumentations report what Engram keeps, the better source first. Read on 2026-11-21 in:
 *  - gen_ai.*: opentelemetry.io/docs/specs/semconv/gen-ai (attributes registry); prompt_tokens, completion_tokens and
 *    gen_ai.system are its names until 1.27 and 1.36; cache_write replaces cache_creation in semantic-conventions-genai.
 *  - the undotted cache names and total_tokens: github.com/traceloop/openllmetry, semconv_ai/__init__.py.
 *  - llm.*, openinference.*, session.id, user.id, prompt.id: github.com/Arize-ai/openinference, spec/semantic_conventions.md.
 *  - ai.*, operation.name, gen_ai.client.operation.time_to_first_chunk: github.com/vercel/ai, packages/otel/src, and
 *    content/docs/03-ai-sdk-core/60-telemetry.mdx for the names before version 5.
 */
const names = {
  tenant: ['engram.tenant', 'tenant', 'ai.telemetry.metadata.tenant', 'ai.settings.context.tenant'],
  user: ['user.id', 'enduser.id', 'ai.telemetry.metadata.userId', 'ai.settings.context.userId'],
  conversation: [
    'gen_ai.conversation.id',
    'session.id',
    'ai.telemetry.metadata.sessionId',
    'ai.settings.context.sessionId',
  ],
  provider: ['gen_ai.provider.name', 'llm.provider', 'gen_ai.system', 'llm.system', 'ai.model.provider'],
  model: [
    'gen_ai.response.model',
    'llm.response.model_name',
    'ai.response.model',
    'gen_ai.request.model',
    'llm.model_name',
    'llm.request.model_name',
    'ai.model.id',
    'embedding.model_name',
  ],
  inputTokens: [
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.token_count.prompt',
    'ai.usage.inputTokens',
    'ai.usage.promptTokens',
    'ai.usage.tokens',
  ],
  outputTokens: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.token_count.completion',
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
  ],
  totalTokens: ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens', 'llm.token_count.total', 'ai.usage.totalTokens'],
  cachedInputTokens: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'llm.token_count.prompt_details.cache_read',
    'ai.usage.inputTokenDetails.cacheReadTokens',
    'ai.usage.cachedInputTokens',
  ],
  cacheWriteTokens: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'llm.token_count.prompt_details.cache_write',
    'ai.usage.inputTokenDetails.cacheWriteTokens',
  ],
  freshInputTokens: ['ai.usage.inputTokenDetails.noCacheTokens'],
  providerMetadata: ['ai.response.providerMetadata'],
  ttftSeconds: [
    'gen_ai.response.time_to_first_chunk',
    'gen_ai.client.operation.time_to_first_chunk',
    'gen_ai.response.time_to_first_token',
    'gen_ai.server.time_to_first_token',
  ],
  ttftMs: ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk'],
  promptName: ['engram.prompt.name', 'ai.telemetry.metadata.promptName', 'gen_ai.prompt.name', 'prompt.id'],
  promptVersion: ['engram.prompt.version', 'ai.telemetry.metadata.promptVersion', 'llm.prompt_template.version'],
  errorType: ['error.type'],
  finishReason: ['gen_ai.response.finish_reasons', 'llm.finish_reason', 'ai.response.finishReason'],
  operation: ['gen_ai.operation.name'],
  openInferenceKind: ['openinference.span.kind'],
  traceloopKind: ['traceloop.span.kind'],
  vercelOperation: ['ai.operationId', 'operation.name'],
} as const satisfies Record<string, readonly string[]>

export type Name = keyof typeof names
/** Null is a value of a type that none of these attributes has, such as a list of pairs. */
export type Value = string | number | boolean | null
export type Attributes = ReadonlyMap<string, Value>

const meaningful = new Set<string>(Object.values(names).flat())
/** Whether an attribute of this name is read at all; messages and prompts, the bulk of an export, are not. */
export const isMeaningful = (name: string) => meaningful.has(name)

/** The first attribute that has a value, with the name that it was found under. */
export function find(attributes: Attributes, name: Name): { value: Value; from: string } | undefined {
  for (const from of names[name]) {
    const value = attributes.get(from)
    if (value !== undefined) return { value, from }
  }
  return undefined
}

/** OTLP key-value pairs in their JSON form, over those of the resource; an empty text and NaN are absences. */
export function readAttributes(pairs: Iterable<{ key: string; value?: unknown }>, under?: Attributes): Attributes {
  const read = new Map(under)
  for (const { key, value } of pairs) {
    if (!meaningful.has(key)) continue
    const plain = plainValue(value)
    if (plain !== undefined) read.set(key, plain)
  }
  return read
}

function plainValue(value: unknown): Value | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') return null
  const { stringValue, intValue, doubleValue, boolValue, arrayValue } = value as Record<string, unknown>
  if (typeof stringValue === 'string') return stringValue === '' ? undefined : stringValue
  if (typeof intValue === 'number') return intValue
  if (typeof intValue === 'string') return /^-?\d{1,20}$/.test(intValue) ? Number(intValue) : null
  if (doubleValue === 'NaN' || Number.isNaN(doubleValue)) return undefined
  if (typeof doubleValue === 'number') return doubleValue
  if (typeof boolValue === 'boolean') return boolValue
  if (arrayValue !== undefined && arrayValue !== null) return textsOf(arrayValue)
  return Object.values(value).some((one) => one !== null) ? null : undefined
}

/** Finish reasons are a list of texts, the only list that is read: one text with commas. */
function textsOf(arrayValue: object): string | null {
  const { values } = arrayValue as { values?: unknown }
  if (!Array.isArray(values)) return null
  const texts = values.map((one: unknown) => (one as { stringValue?: unknown } | null)?.stringValue)
  return texts.every((text) => typeof text === 'string') ? texts.join(',') : null
}
