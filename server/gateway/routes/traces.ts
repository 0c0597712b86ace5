import { PROTOBUF } from '@/server/gateway/ingest/ingest-here'
import { raw, reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { MAX_SPANS } from '@/server/services/usage/ingest-traces'
import { protobufReply } from '@/server/services/usage/spans-of-protobuf'
import { TraceExport, TraceReply } from '@/server/services/usage/traces.schema'

/** 10,000 spans as JSON are about 10 MB. */
const MAX_EXPORT_BYTES = 16 * 1024 * 1024

export function traceRoutes({ keyUses, ingest }: Pick<Services, 'keyUses' | 'ingest'>): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/traces',
      scope: 'app',
      summary: 'Report usage as OpenTelemetry traces',
      description: `OTLP/HTTP as protobuf or JSON, gzip or not: what OTEL_EXPORTER_OTLP_TRACES_ENDPOINT sends by default. Model calls with GenAI, OpenInference or Vercel AI SDK attributes become usage; agents, chains, tools and whatever repeats the usage of its children are ignored and counted. The tenant is the attribute "engram.tenant" of the span or its resource, or the key's only tenant; the user "user.id"; the prompt "engram.prompt.name" and "engram.prompt.version". A span sent again counts once. A bad span is refused alone, with the field that is wrong, in partialSuccess. At most ${MAX_SPANS.toLocaleString('en')} spans.`,
      body: TraceExport,
      raw: ['application/json', PROTOBUF],
      maxBodyBytes: MAX_EXPORT_BYTES,
      replies: {
        200: {
          when: 'recorded; in protobuf where the export was',
          schema: TraceReply,
          example: { partialSuccess: {}, ignoredSpans: 0 },
        },
      },
      example: { body: exampleExport() },
      handle: async ({ body, key }) => {
        const { reply: answer, first } = await ingest.traces(body, key)
        if (first) keyUses.note(key.id, { call: 'usage', ...first })
        return body.type === PROTOBUF ? raw(200, PROTOBUF, protobufReply(answer)) : reply(200, answer)
      },
    }),
  ]
}

function exampleExport() {
  const now = BigInt(Date.now()) * 1_000_000n
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const span = {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    name: 'chat gpt-4o-mini',
    startTimeUnixNano: String(now - 840_000_000n),
    endTimeUnixNano: String(now),
    attributes: [
      text('gen_ai.provider.name', 'openai'),
      text('gen_ai.request.model', 'gpt-4o-mini'),
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '1200' } },
      { key: 'gen_ai.usage.output_tokens', value: { intValue: '180' } },
    ],
  }
  const resource = { attributes: [text('engram.tenant', 'acme')] }
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }
}
