import { z } from 'zod'

/** OTLP in its JSON form, as far as it is read here; unknown fields are ignored, null is absence, 64-bit integers are strings. */
const absentAsEmpty = <T>(items: z.ZodType<T>) =>
  z
    .array(items)
    .nullish()
    .transform((all) => all ?? [])

const value = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
})
const nanoseconds = z.union(
  [
    z
      .string()
      .regex(/^\d{1,20}$/)
      .transform(BigInt),
    z.int().min(0).transform(BigInt),
  ],
  'must be nanoseconds since 1970 as a string of digits',
)
/** W3C trace context: an id of zeros only is no id. */
const id = (bytes: number) =>
  z
    .string(`must be ${bytes} bytes, as ${bytes * 2} hex digits`)
    .regex(new RegExp(`^(?!0+$)[0-9a-f]{${bytes * 2}}$`, 'i'), `must be ${bytes} bytes, not all zero`)
    .transform((hex) => hex.toLowerCase())
const NO_PARENT = /^0*$/

const span = <T>(attribute: z.ZodType<T>) =>
  z.object({
    traceId: id(16),
    spanId: id(8),
    parentSpanId: z
      .string()
      .regex(/^(?:0*|[0-9a-f]{16})$/i, 'must be 8 bytes, or empty')
      .nullish(),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds.nullish(),
    attributes: absentAsEmpty(attribute),
    status: z.object({ code: z.union([z.int(), z.string()]).nullish() }).nullish(),
  })

/** One span, its attributes not judged yet: only those that mean something here are, by span-attributes.ts. */
export const Span = span(z.object({ key: z.string(), value: z.unknown() })).transform(({ parentSpanId, ...rest }) => ({
  ...rest,
  parentSpanId: !parentSpanId || NO_PARENT.test(parentSpanId) ? null : parentSpanId.toLowerCase(),
}))
export type Span = z.output<typeof Span>

const attributes = absentAsEmpty(z.object({ key: z.string(), value: z.unknown() }))
export const ResourceAttributes = attributes
const envelope = <T>(spans: z.ZodType<T>) =>
  z.object({
    resourceSpans: absentAsEmpty(
      z.object({
        resource: z.object({ attributes }).nullish(),
        scopeSpans: absentAsEmpty(z.object({ spans: absentAsEmpty(spans) })),
      }),
    ),
  })

/** The export around the spans; each span is judged alone, so that a bad one does not take the good with it. */
export const TraceEnvelope = envelope(z.unknown())

/** What the documents show of it. */
export const TraceExport = envelope(span(z.object({ key: z.string(), value: value.optional() })))

export const TraceReply = z.object({
  partialSuccess: z.object({
    rejectedSpans: z.int().optional(),
    errorMessage: z.string().optional().describe('The first five refused spans, each with the field that is wrong'),
  }),
  ignoredSpans: z.int().describe('Spans that are no calls of models, or repeat the usage of their children'),
})
export type TraceReply = z.output<typeof TraceReply>
