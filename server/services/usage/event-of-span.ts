import type { Attributes, Span } from './traces.schema'

type Value = string | number | boolean

/**
 * The usage event that a span with OpenTelemetry's GenAI attributes reports, not judged yet; null for any other span.
 * Its id is the span's own, so that an export sent again counts once.
 */
export function eventOfSpan(span: Span, resource: Attributes): Record<string, unknown> | null {
  const attributes = new Map([...valuesOf(resource), ...valuesOf(span.attributes)])
  // Newer names first; the older ones are still what most instrumentations send.
  const first = (...names: string[]) => names.map((name) => attributes.get(name)).find((value) => value !== undefined)
  const inputTokens = first('gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens')
  const outputTokens = first('gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens')
  if (inputTokens === undefined && outputTokens === undefined) return null
  const promptName = first('engram.prompt.name')
  return withoutAbsent({
    id: `${span.traceId}:${span.spanId}`.toLowerCase(),
    tenant: first('engram.tenant', 'tenant'),
    user: first('user.id', 'enduser.id'),
    conversation: first('gen_ai.conversation.id', 'session.id'),
    provider: first('gen_ai.provider.name', 'gen_ai.system'),
    model: first('gen_ai.response.model', 'gen_ai.request.model'),
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    cachedInputTokens: first('gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens'),
    cacheWriteTokens: first('gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_creation_input_tokens'),
    latencyMs: span.endTimeUnixNano && millisecondsBetween(span.startTimeUnixNano, span.endTimeUnixNano),
    prompt: promptName && { name: promptName, version: first('engram.prompt.version') },
    status: span.status?.code === 2 || span.status?.code === 'STATUS_CODE_ERROR' ? 'error' : 'ok',
    occurredAt: instantOf(span.startTimeUnixNano),
  })
}

function* valuesOf(attributes: Attributes): Generator<[string, Value]> {
  for (const { key, value } of attributes) {
    const plain = value?.stringValue ?? value?.doubleValue ?? value?.boolValue ?? integerOf(value?.intValue)
    if (plain !== undefined) yield [key, plain]
  }
}

const integerOf = (value: string | number | undefined) => (value === undefined ? undefined : Number(value))

const withoutAbsent = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))

const NANOSECONDS = 1_000_000n

const millisecondsBetween = (start: string | number, end: string | number) =>
  Number(BigInt(end) - BigInt(start)) / Number(NANOSECONDS)

/** An instant that no Date can hold is left to the event's own check to refuse, as the year it names would be. */
function instantOf(nanoseconds: string | number): string {
  const at = new Date(Number(BigInt(nanoseconds) / NANOSECONDS))
  return Number.isNaN(at.getTime()) ? 'out of range' : at.toISOString()
}
