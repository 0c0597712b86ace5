export interface ConnectTo {
  gatewayUrl: string
  key: string
  tenant: string
}

export interface Lines {
  id: 'curl' | 'sdk' | 'typescript' | 'python' | 'opentelemetry'
  label: string
  /** What these lines do, and what else they can do. */
  note: string
  code: string
}

/** Stands in for the key until there is one. */
export const keyPlaceholder = '<your key>'

/** The lines that report one LLM call from each kind of application, with the address and the key filled in. */
export const connectLines = (to: ConnectTo): Lines[] => [
  {
    id: 'curl',
    label: 'curl',
    note: 'Reports one call. Paste it into a terminal; each run is a new event.',
    code: curl(to),
  },
  {
    id: 'sdk',
    label: 'SDK',
    note: 'TypeScript, Node 20: prompts from memory, usage sent again until it is counted. In the folder of Engram: npm pack ./sdk. In yours: npm install the file that it makes.',
    code: sdk(to),
  },
  {
    id: 'typescript',
    label: 'TypeScript',
    note: 'After each call to a model; up to 1,000 events fit into one request. Sending an event again counts it once.',
    code: typescript(to),
  },
  {
    id: 'python',
    label: 'Python',
    note: 'Standard library only. Sending an event again counts it once.',
    code: python(to),
  },
  {
    id: 'opentelemetry',
    label: 'OpenTelemetry',
    note: 'For an application that is instrumented already: spans with GenAI attributes become usage. Set these and restart it.',
    code: openTelemetry(to),
  },
]

const curl = ({ gatewayUrl, key, tenant }: ConnectTo) =>
  `curl ${gatewayUrl}/v1/usage \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"events":[{
    "id":"first-'$(date +%s)'", "tenant":"${tenant}",
    "provider":"openai", "model":"gpt-4o-mini",
    "inputTokens":1200, "outputTokens":85,
    "occurredAt":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'"
  }]}'`

const sdk = ({ gatewayUrl, key, tenant }: ConnectTo) =>
  `import { createEngram } from '@engram/sdk'

const engram = createEngram({ url: '${gatewayUrl}', key: '${key}', name: 'my-app' })
engram.usage({ tenant: '${tenant}', provider: 'openai', model: 'gpt-4o-mini', inputTokens: 1200, outputTokens: 85 })
await engram.close()`

const typescript = ({ gatewayUrl, key, tenant }: ConnectTo) =>
  `const reply = await fetch('${gatewayUrl}/v1/usage', {
  method: 'POST',
  headers: { authorization: 'Bearer ${key}', 'content-type': 'application/json' },
  body: JSON.stringify({
    events: [
      {
        id: crypto.randomUUID(),
        tenant: '${tenant}',
        provider: 'openai',
        model: 'gpt-4o-mini',
        inputTokens: 1200,
        outputTokens: 85,
        occurredAt: new Date().toISOString(),
      },
    ],
  }),
})
console.log(await reply.json())`

const python = ({ gatewayUrl, key, tenant }: ConnectTo) =>
  `import json, uuid
from datetime import datetime, timezone
from urllib.request import Request, urlopen

event = {
    "id": str(uuid.uuid4()),
    "tenant": "${tenant}",
    "provider": "openai",
    "model": "gpt-4o-mini",
    "inputTokens": 1200,
    "outputTokens": 85,
    "occurredAt": datetime.now(timezone.utc).isoformat(),
}
request = Request(
    "${gatewayUrl}/v1/usage",
    data=json.dumps({"events": [event]}).encode(),
    headers={"Authorization": "Bearer ${key}", "Content-Type": "application/json"},
)
print(json.load(urlopen(request)))`

/** Header values in this variable are URL-encoded (OpenTelemetry, "Specifying headers via environment variables"). */
const openTelemetry = ({ gatewayUrl, key, tenant }: ConnectTo) =>
  `export OTEL_EXPORTER_OTLP_ENDPOINT="${gatewayUrl}"
export OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20${key}"
export OTEL_RESOURCE_ATTRIBUTES="tenant=${tenant}"`
