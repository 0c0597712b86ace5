import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { ingestTraces } from '@/server/services/usage/ingest-traces'
import { TraceExport, TraceReply } from '@/server/services/usage/traces.schema'

export function traceRoutes({ keyUses }: Pick<Services, 'keyUses'>): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/traces',
      scope: 'app',
      summary: 'Report usage as OpenTelemetry traces',
      description:
        'OTLP/HTTP as JSON (OTEL_EXPORTER_OTLP_PROTOCOL=http/json). Spans with GenAI attributes become usage; the tenant is the attribute "engram.tenant" of the span or its resource, the user "user.id", the prompt "engram.prompt.name" and "engram.prompt.version". A span sent again counts once.',
      body: TraceExport,
      replies: { 200: { when: 'recorded', schema: TraceReply, example: { partialSuccess: {}, ignoredSpans: 0 } } },
      errors: { unsupported_media_type: 'The export is protobuf; only JSON is read.' },
      example: { body: exampleExport() },
      handle: async ({ body, key, stores }) => {
        const { reply, first } = await ingestTraces(stores, { key, traces: body })
        if (first) keyUses.note(key.id, { call: 'usage', tenant: first.tenant, model: first.model })
        return reply
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
