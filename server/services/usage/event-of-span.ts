import { type Attributes, find, type Name, readAttributes, type Value } from './span-attributes'
import { kindOf, type SpanKind } from './span-kind'
import { tokensOf } from './span-tokens'
import type { Span } from './traces.schema'
import type { UsageEvent } from './usage.schema'

export type SpanReport = {
  kind: SpanKind
  /** A usage event, not judged yet. */
  event: Record<string, unknown>
  /** Whether it has tokens; one without is a call that failed. */
  hasUsage: boolean
  /** Which attribute or field of the span each field of the event came from. */
  sources: Record<string, string | undefined>
}
type Options = { resource: Attributes; onlyTenant: string | null }

/**
 * What a span reports as the usage of a model, by the conventions in span-attributes.ts; null for any other span.
 * The event's id is the span's own, so that an export sent again counts once.
 */
export function eventOfSpan(
  span: Span,
  { resource, onlyTenant }: Options,
): { kind: SpanKind; report: SpanReport | null } {
  const attributes = readAttributes(span.attributes, resource)
  const kind = kindOf(attributes)
  const status = statusOf(span, attributes)
  const found = (name: Name) => find(attributes, name)
  const model = found('model')
  const provider = providerOf(attributes)
  const tokens = tokensOf(attributes, provider, model?.value ?? null)
  const failed = kind === 'call' && status !== 'ok' && model !== undefined
  if (kind === 'container' || (!tokens && !failed)) return { kind, report: null }

  const event: Record<keyof UsageEvent, unknown> = {
    id: `${span.traceId}:${span.spanId}`,
    tenant: textOf(found('tenant') ? found('tenant')?.value : (onlyTenant ?? undefined)),
    user: textOf(found('user')?.value),
    conversation: textOf(found('conversation')?.value),
    provider,
    model: textOf(model?.value),
    ...(tokens ?? { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0 }),
    latencyMs:
      span.endTimeUnixNano == null ? undefined : millisecondsBetween(span.startTimeUnixNano, span.endTimeUnixNano),
    ttftMs: ttftMsOf(attributes),
    prompt: promptOf(attributes),
    cached: undefined,
    status,
    occurredAt: instantOf(span.startTimeUnixNano),
  }
  const fields = ['tenant', 'user', 'conversation', 'provider', 'model', 'ttftMs'] as const
  const sources = Object.fromEntries([...fields, ...tokenFields].map((name) => [name, found(name)?.from]))
  sources.latencyMs = 'endTimeUnixNano'
  sources.occurredAt = 'startTimeUnixNano'
  sources.ttftMs ??= found('ttftSeconds')?.from
  sources['prompt.name'] = found('promptName')?.from
  sources['prompt.version'] = found('promptVersion')?.from
  return { kind, report: { kind, event: withoutAbsent(event), hasUsage: tokens !== null, sources } }
}

const tokenFields = ['inputTokens', 'outputTokens', 'cachedInputTokens', 'cacheWriteTokens'] as const

/** Ids are often numbers. */
const textOf = (value: Value | undefined) => (typeof value === 'number' ? String(value) : value)

/** `openai` of the AI SDK's `openai.chat`. A span that names no provider is kept, and stays unpriced. */
function providerOf(attributes: Attributes): Value {
  const name = find(attributes, 'provider')?.value
  if (name === undefined) return 'unknown'
  return typeof name === 'string' && find(attributes, 'vercelOperation') ? (name.split('.', 1)[0] ?? name) : name
}

function ttftMsOf(attributes: Attributes): Value | undefined {
  const seconds = find(attributes, 'ttftSeconds')
  if (!seconds) return find(attributes, 'ttftMs')?.value
  return typeof seconds.value === 'number' ? seconds.value * 1_000 : seconds.value
}

/** Engram's versions are numbers; a prompt with another kind of version is somebody else's, and is left out. */
function promptOf(attributes: Attributes) {
  const name = find(attributes, 'promptName')
  const version = find(attributes, 'promptVersion')
  if (!name) return undefined
  const number = typeof version?.value === 'string' ? /^v?(\d{1,10})$/.exec(version.value)?.[1] : version?.value
  if (number === undefined && name.from !== 'engram.prompt.name') return undefined
  return { name: textOf(name.value), version: typeof number === 'string' ? Number(number) : version?.value }
}

function statusOf({ status }: Span, attributes: Attributes): UsageEvent['status'] {
  const type = find(attributes, 'errorType')?.value
  if (typeof type === 'string' && /timeout|timed.?out|deadline/i.test(type)) return 'timeout'
  if (typeof type === 'string' && /cancel|abort/i.test(type)) return 'cancelled'
  if (type !== undefined || status?.code === 2 || status?.code === 'STATUS_CODE_ERROR') return 'error'
  const reason = find(attributes, 'finishReason')?.value
  return typeof reason === 'string' && /content.?filter|refus|safety/i.test(reason) ? 'refused' : 'ok'
}

const withoutAbsent = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))

const NANOSECONDS = 1_000_000n

const millisecondsBetween = (start: bigint, end: bigint) => Number(end - start) / Number(NANOSECONDS)

/** An instant that no Date can hold is left to the event's own check to refuse, as the year it names would be. */
function instantOf(nanoseconds: bigint): string {
  const at = new Date(Number(nanoseconds / NANOSECONDS))
  return Number.isNaN(at.getTime()) ? 'out of range' : at.toISOString()
}
