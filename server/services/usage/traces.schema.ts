import { z } from 'zod'

/** OTLP in its JSON form, as far as it is read here; OTLP wants unknown fields ignored. 64-bit integers come as strings. */
const value = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
})
const attributes = z.array(z.object({ key: z.string(), value: value.optional() })).default([])
const nanoseconds = z.union([z.string().regex(/^\d{1,20}$/), z.number().min(0).refine(Number.isInteger)])

export const Span = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/i, 'must be 32 hex digits'),
  spanId: z.string().regex(/^[0-9a-f]{16}$/i, 'must be 16 hex digits'),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds.optional(),
  attributes,
  status: z.object({ code: z.union([z.int(), z.string()]).optional() }).optional(),
})
export type Span = z.output<typeof Span>
export type Attributes = Span['attributes']

export const TraceExport = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).optional(),
        scopeSpans: z.array(z.object({ spans: z.array(Span).default([]) })).default([]),
      }),
    )
    .default([]),
})
export type TraceExport = z.output<typeof TraceExport>

export const TraceReply = z.object({
  partialSuccess: z.object({
    rejectedSpans: z.int().optional(),
    errorMessage: z.string().optional(),
  }),
  ignoredSpans: z.int().describe('Spans that are no calls of models'),
})
export type TraceReply = z.output<typeof TraceReply>
