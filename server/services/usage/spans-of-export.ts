import { AppError } from '@/server/errors'
import { badInput } from '@/server/failure'
import { type Attributes, readAttributes } from './span-attributes'
import { TraceEnvelope } from './traces.schema'

/** A span as it came, not judged yet, with its place in the export. */
export type FoundSpan = { at: string; resource: Attributes; span: unknown }

/** The spans of an OTLP export in JSON. @throws AppError `bad_request` where the parts around the spans are wrong. */
export function* spansOfJson(body: unknown): Generator<FoundSpan> {
  const parsed = TraceEnvelope.safeParse(body)
  if (!parsed.success) throw badInput(parsed.error, 'body')
  for (const [r, { resource, scopeSpans }] of parsed.data.resourceSpans.entries()) {
    const attributes = readAttributes(resource?.attributes ?? [])
    for (const [s, { spans }] of scopeSpans.entries())
      for (const [n, span] of spans.entries())
        yield { at: `resourceSpans.${r}.scopeSpans.${s}.spans.${n}`, resource: attributes, span }
  }
}

/** What protobuf's reader throws on bytes that are cut off or none of its own. */
export function badProtobuf(cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AppError(
    'bad_request',
    `body: is not an OTLP export in protobuf, whole to its end: ${why.slice(0, 200)}`,
    {
      field: 'body',
      cause,
    },
  )
}
