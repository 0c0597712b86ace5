import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { isMeaningful, readAttributes } from './span-attributes'
import { badProtobuf, type FoundSpan } from './spans-of-export'
import type { TraceReply } from './traces.schema'

/**
 * The spans of an OTLP export in protobuf, one at a time, each in its JSON form. Field numbers are those of
 * github.com/open-telemetry/opentelemetry-proto (collector/trace/v1, trace/v1, common/v1). Attributes without a meaning
 * here, events and links are stepped over unread; nothing is nested deeper than a list within an attribute.
 * @throws AppError `bad_request` where the bytes end early or are none.
 */
export function* spansOfProtobuf(bytes: Uint8Array): Generator<FoundSpan> {
  try {
    let r = 0
    for (const resourceSpans of messages(bytes, 1)) {
      const resource = readAttributes(
        [...messages(resourceSpans, 1)].flatMap((one) => [...messages(one, 1)].flatMap(pairOf)),
      )
      let s = 0
      for (const scopeSpans of messages(resourceSpans, 2)) {
        let n = 0
        for (const span of messages(scopeSpans, 2))
          yield { at: `resourceSpans.${r}.scopeSpans.${s}.spans.${n++}`, resource, span: spanOf(span) }
        s++
      }
      r++
    }
  } catch (cause) {
    throw badProtobuf(cause)
  }
}

/** OTLP's ExportTraceServiceResponse. */
export function protobufReply({ partialSuccess: { rejectedSpans, errorMessage } }: TraceReply): Uint8Array {
  const reply = new BinaryWriter()
  if (!rejectedSpans) return reply.finish()
  reply.tag(1, WireType.LengthDelimited).fork()
  reply.tag(1, WireType.Varint).int64(rejectedSpans)
  reply.tag(2, WireType.LengthDelimited).string(errorMessage ?? '')
  return reply.join().finish()
}

/** The messages under one field number, in order; every other field is stepped over. */
function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === wanted && type === WireType.LengthDelimited) yield reader.bytes()
    else reader.skip(type, field)
  }
}

type Pair = { key: string; value: unknown }

function spanOf(bytes: Uint8Array) {
  const attributes: Pair[] = []
  const span: Record<string, unknown> = { attributes, startTimeUnixNano: '0' }
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === 1) span.traceId = hex(reader.bytes())
    else if (field === 2) span.spanId = hex(reader.bytes())
    else if (field === 4) span.parentSpanId = hex(reader.bytes())
    else if (field === 7) span.startTimeUnixNano = String(reader.fixed64())
    else if (field === 8) span.endTimeUnixNano = String(reader.fixed64())
    else if (field === 9) attributes.push(...pairOf(reader.bytes()))
    else if (field === 15) span.status = { code: statusCodeOf(reader.bytes()) }
    else reader.skip(type, field)
  }
  return span
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

function statusCodeOf(bytes: Uint8Array): number {
  const reader = new BinaryReader(bytes)
  let code = 0
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === 3) code = reader.int32()
    else reader.skip(type, field)
  }
  return code
}

/** One attribute, or none where its name means nothing here. */
function pairOf(bytes: Uint8Array): Pair[] {
  let key = ''
  let value: Uint8Array | null = null
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === 1) key = reader.string()
    else if (field === 2) value = reader.bytes()
    else reader.skip(type, field)
  }
  return value && isMeaningful(key) ? [{ key, value: valueOf(value) }] : []
}

/** An AnyValue: the last of its fields, as protobuf has it. Lists of texts are read, other nested values are named only. */
function valueOf(bytes: Uint8Array, depth = 0): Record<string, unknown> {
  const reader = new BinaryReader(bytes)
  let value: Record<string, unknown> = {}
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === 1) value = { stringValue: reader.string() }
    else if (field === 2) value = { boolValue: reader.bool() }
    else if (field === 3) value = { intValue: String(reader.int64()) }
    else if (field === 4) value = { doubleValue: reader.double() }
    else if (field === 5 && depth === 0)
      value = { arrayValue: { values: [...messages(reader.bytes(), 1)].map((one) => valueOf(one, 1)) } }
    else {
      reader.skip(type, field)
      value = { otherValue: field }
    }
  }
  return value
}
