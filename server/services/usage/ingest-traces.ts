import type { Stores } from '@/server/services/context'
import { eventOfSpan } from './event-of-span'
import { ingestUsage, type Reporter } from './ingest-usage'
import type { TraceExport, TraceReply } from './traces.schema'
import { MAX_EVENTS, type RejectedEvent, type UsageEvent } from './usage.schema'

/** Records the model calls of an OTLP export as usage; idempotent by trace and span id (R6). Other spans are ignored. */
export async function ingestTraces(
  stores: Pick<Stores, 'db'>,
  { key, traces }: { key: Reporter; traces: TraceExport },
): Promise<{ reply: TraceReply; first: UsageEvent | null }> {
  const spans = traces.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) => scope.spans.map((span) => eventOfSpan(span, resource?.attributes ?? []))),
  )
  const events = spans.filter((event) => event !== null)
  const rejected: RejectedEvent[] = []
  let first: UsageEvent | null = null
  for (let start = 0; start < events.length; start += MAX_EVENTS) {
    const batch = await ingestUsage(stores, { key, events: events.slice(start, start + MAX_EVENTS) })
    rejected.push(...batch.reply.rejected.map((one) => ({ ...one, index: one.index + start })))
    first ??= batch.first
  }
  const reason = rejected[0]
  const partialSuccess = reason && {
    rejectedSpans: rejected.length,
    errorMessage: `span ${String(events[reason.index]?.id)}: ${reason.message}`,
  }
  return { reply: { partialSuccess: partialSuccess ?? {}, ignoredSpans: spans.length - events.length }, first }
}
