import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'
import type { Figure } from './figure'
import { median } from './load'
import type { Setting } from './setting'

const ROWS = 40_000
const BATCH = 1_000
const CLIENTS = 4
const ROUNDS = 3
const COLUMNS =
  'tenant, event_id, occurred_at, received_at, provider, model, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, latency_ms, cached, status, cost_usd'

/** Rows acknowledged per second over HTTP, in turns with one COPY of as many rows into a table of the same shape. */
export async function usageIngest({ gatewayUrl, appKey, databaseUrl }: Setting): Promise<Figure[]> {
  const ours: number[] = []
  const copied: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const over = await overHttp(gatewayUrl, appKey)
    const copy = await byCopy(databaseUrl)
    if (round === 0) continue // warms both sides
    ours.push(over)
    copied.push(copy)
  }
  return [
    {
      work: 'usage ingest, acknowledged',
      ours: median(ours),
      other: median(copied),
      unit: 'rows/s',
      dividedBy: 'one COPY of the same rows',
      goal: { atLeast: 0.3 },
    },
  ]
}

function events(count: number, at: number) {
  return Array.from({ length: count }, (_, n) => ({
    id: randomUUID(),
    tenant: `bench-${n % 20}`,
    user: `u-${n % 500}`,
    provider: 'openai',
    model: n % 3 ? 'gpt-4o-mini' : 'gpt-4o',
    inputTokens: 300 + (n % 900),
    outputTokens: 20 + (n % 300),
    latencyMs: 400 + (n % 2_000),
    occurredAt: new Date(at - n).toISOString(),
  }))
}

/** New events as bodies of requests, a batch each. */
export function usageBodies(rows: number): string[] {
  const all = events(rows, Date.now())
  return Array.from({ length: rows / BATCH }, (_, n) =>
    JSON.stringify({ events: all.slice(n * BATCH, (n + 1) * BATCH) }),
  )
}

/** Answers how many were accepted. @throws Error unless that is all of the batch. */
export async function reportUsage(gatewayUrl: string, appKey: string, body: string): Promise<number> {
  const headers = { authorization: `Bearer ${appKey}`, 'content-type': 'application/json' }
  const reply = await fetch(`${gatewayUrl}/v1/usage`, { method: 'POST', headers, body })
  const { accepted } = (await reply.json()) as { accepted?: number }
  if (accepted !== BATCH) throw new Error(`A batch of ${BATCH} was answered with ${reply.status}, ${accepted} accepted`)
  return accepted
}

async function overHttp(gatewayUrl: string, appKey: string): Promise<number> {
  const bodies = usageBodies(ROWS)
  const started = performance.now()
  const client = async () => {
    for (let body = bodies.pop(); body; body = bodies.pop()) await reportUsage(gatewayUrl, appKey, body)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return ROWS / ((performance.now() - started) / 1000)
}

async function byCopy(databaseUrl: string): Promise<number> {
  // Without setNoDelay the driver's COPY waits 87 ms for a delayed ACK; the other side shall not suffer from that.
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`drop table if exists bench_copy`
    await sql`create table bench_copy (like llm_usage including all)`
    const rows = events(ROWS, Date.now()).map((event) =>
      [
        event.tenant,
        event.id,
        event.occurredAt,
        event.occurredAt,
        event.provider,
        event.model,
        event.inputTokens,
        event.outputTokens,
        0,
        0,
        event.latencyMs,
        false,
        'ok',
        '0.000123400000',
      ].join('\t'),
    )
    const started = performance.now()
    const stream = await sql.unsafe(`copy bench_copy (${COLUMNS}) from stdin`).writable()
    await pipeline(Readable.from(chunks(rows)), stream)
    const seconds = (performance.now() - started) / 1000
    await sql`drop table bench_copy`
    return ROWS / seconds
  } finally {
    await sql.end()
  }
}

function* chunks(rows: string[]) {
  for (let n = 0; n < rows.length; n += BATCH) yield `${rows.slice(n, n + BATCH).join('\n')}\n`
}
