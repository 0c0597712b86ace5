import { setImmediate as otherWork } from 'node:timers/promises'
import { AppError } from '@/server/errors'
import { badInput } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { countedOnce, type SpanNode, type Verdict } from './counted-once'
import { eventOfSpan, type SpanReport } from './event-of-span'
import { ingestUsage, type Recorded, type Reporter } from './ingest-usage'
import type { FoundSpan } from './spans-of-export'
import { Span, type TraceReply } from './traces.schema'
import { MAX_EVENTS } from './usage.schema'

export const MAX_SPANS = 20_000
/** After so many spans, whatever else there is to do gets its turn: with 25 attributes each they take 2 to 5 ms. */
const SPANS_AT_ONCE = 50
const REASONS_TOLD = 5

type Refused = { span: string; why: string }
type Read = { nodes: SpanNode[]; reports: (SpanReport | null)[]; refused: Refused[] }

/**
 * Records the model calls of an OTLP export as usage; idempotent by trace and span id (R6). A span is judged alone: a
 * bad one is refused by name, the others are kept. The whole is read before anything is recorded.
 * @throws AppError `too_large` above 20,000 spans, `bad_request` from the reading of `spans`, `unavailable`.
 */
export async function ingestTraces(
  stores: Pick<Stores, 'db'>,
  { key, spans }: { key: Reporter; spans: Iterable<FoundSpan> },
): Promise<{ reply: TraceReply; recorded: Recorded[] }> {
  const { nodes, reports, refused } = await readSpans(key, spans)
  const verdicts = countedOnce(nodes)
  const counted = reports.flatMap((report, n) => (report && verdicts[n] === 'counted' ? [report] : []))
  const circular = circularOf(nodes, reports, verdicts)
  refused.push(...circular)
  const ignoredSpans = nodes.length - counted.length - circular.length

  const recorded: Recorded[] = []
  for (let start = 0; start < counted.length; start += MAX_EVENTS) {
    const batch = counted.slice(start, start + MAX_EVENTS)
    const { reply, ...written } = await ingestUsage(stores, { key, events: batch.map((one) => one.event) })
    for (const one of reply.rejected) refused.push(refusedEvent(batch[one.index], one))
    recorded.push(written)
  }
  return { reply: { partialSuccess: partialSuccess(refused), ignoredSpans }, recorded }
}

async function readSpans(key: Reporter, spans: Iterable<FoundSpan>): Promise<Read> {
  const onlyTenant = key.tenants?.length === 1 ? (key.tenants[0] ?? null) : null
  const read: Read = { nodes: [], reports: [], refused: [] }
  let count = 0
  for (const { at, resource, span } of spans) {
    if (++count > MAX_SPANS) throw tooManySpans()
    if (count % SPANS_AT_ONCE === 0) await otherWork()
    const parsed = Span.safeParse(span)
    if (!parsed.success) {
      read.refused.push({ span: at, why: badInput(parsed.error).message })
      continue
    }
    const { traceId, spanId, parentSpanId } = parsed.data
    const { kind, report } = eventOfSpan(parsed.data, { resource, onlyTenant })
    const parent = parentSpanId && `${traceId}:${parentSpanId}`
    const reports = report && (report.hasUsage ? 'usage' : 'failure')
    read.nodes.push({ key: `${traceId}:${spanId}`, parent, kind, reports })
    read.reports.push(report)
  }
  return read
}

const tooManySpans = () =>
  new AppError('too_large', `resourceSpans: holds more than ${MAX_SPANS} spans; export them in smaller batches`, {
    field: 'resourceSpans',
  })

const circularOf = (nodes: SpanNode[], reports: Read['reports'], verdicts: Verdict[]): Refused[] =>
  nodes.flatMap((node, n) =>
    reports[n] && verdicts[n] === 'circular'
      ? [{ span: node.key, why: 'parentSpanId: makes the span its own ancestor' }]
      : [],
  )

/** Says the attribute's name beside the event's field, which the application has never heard of. */
function refusedEvent(
  report: SpanReport | undefined,
  { message, field }: { message: string; field?: string },
): Refused {
  const source = field === undefined ? undefined : report?.sources[field]
  const hint = source ?? (field === 'tenant' ? 'set engram.tenant on the span or its resource' : undefined)
  return { span: String(report?.event.id), why: hint ? `${message} (${hint})` : message }
}

function partialSuccess(refused: Refused[]): TraceReply['partialSuccess'] {
  if (refused.length === 0) return {}
  const told = refused.slice(0, REASONS_TOLD).map(({ span, why }) => `span ${span}: ${why}`)
  const more = refused.length - told.length
  return { rejectedSpans: refused.length, errorMessage: told.join('; ') + (more > 0 ? `; and ${more} more` : '') }
}
