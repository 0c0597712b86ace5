import { randomUUID } from 'node:crypto'
import { Agent, type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'
import type { Figure } from './figure'
import { median } from './load'
import type { Setting } from './setting'

const ROWS = 80_000
const BATCH = 1_000
/** As many as keep both sides of the gateway busy. */
const CLIENTS = 8
const ROUNDS = 3
const INSERTED_TOGETHER = 5_000

/** What the other sides write into: the columns of a call, each event once. No rollups, no index but these two. */
const PLAIN_TABLE = `create table bench_plain (like llm_usage including defaults, primary key (tenant, event_id));
  create index on bench_plain using brin (occurred_at)`

/** Rows acknowledged per second over HTTP, in turns with one COPY, and with inserts of 5,000, of as many rows into a plain table. */
export async function usageIngest({ gatewayUrl, appKey, databaseUrl }: Setting): Promise<Figure[]> {
  const ours: number[] = []
  const copied: number[] = []
  const inserted: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const over = await overHttp(gatewayUrl, appKey)
    const copy = await into(databaseUrl, byCopy)
    const insert = await into(databaseUrl, byInsert)
    if (round === 0) continue // warms both sides
    ours.push(over)
    copied.push(copy)
    inserted.push(insert)
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
    {
      work: 'usage ingest, acknowledged',
      ours: median(ours),
      other: median(inserted),
      unit: 'rows/s',
      dividedBy: 'inserts of 5,000 of the same rows by unnest',
      goal: { atLeast: 0.7 },
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
export function usageBodies(rows: number): Buffer[] {
  const all = events(rows, Date.now())
  return Array.from({ length: rows / BATCH }, (_, n) =>
    Buffer.from(JSON.stringify({ events: all.slice(n * BATCH, (n + 1) * BATCH) })),
  )
}

const agent = new Agent({ keepAlive: true })

/**
 * Answers how many were accepted. By node:http, a request of which takes a quarter of the time of a processor that `fetch` takes: clients share
 * the machine with what is measured. @throws Error unless that is all of the batch.
 */
export async function reportUsage(gatewayUrl: string, appKey: string, body: Buffer): Promise<number> {
  const headers = {
    authorization: `Bearer ${appKey}`,
    'content-type': 'application/json',
    'content-length': body.length,
  }
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${gatewayUrl}/v1/usage`, { method: 'POST', agent, headers }, resolve).on('error', reject).end(body)
  })
  const { accepted } = (await json(reply)) as { accepted?: number }
  if (accepted !== BATCH)
    throw new Error(`A batch of ${BATCH} was answered with ${reply.statusCode}, ${accepted} accepted`)
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

type Sql = ReturnType<typeof postgres>

/** Rows per second that `write` brings into an empty plain table. */
async function into(databaseUrl: string, write: (sql: Sql, rows: ReturnType<typeof events>) => Promise<void>) {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    await sql.unsafe(`drop table if exists bench_plain; ${PLAIN_TABLE}`)
    const rows = events(ROWS, Date.now())
    const started = performance.now()
    await write(sql, rows)
    const seconds = (performance.now() - started) / 1000
    await sql`drop table bench_plain`
    return ROWS / seconds
  } finally {
    await sql.end()
  }
}

type Event = ReturnType<typeof events>[number]
/** Each column with its type and what a row holds of it. */
const COLUMNS: [name: string, type: string, of: (event: Event) => string | number | boolean][] = [
  ['tenant', 'text', (event) => event.tenant],
  ['event_id', 'text', (event) => event.id],
  ['occurred_at', 'timestamptz', (event) => event.occurredAt],
  ['user_id', 'text', (event) => event.user],
  ['provider', 'text', (event) => event.provider],
  ['model', 'text', (event) => event.model],
  ['input_tokens', 'int', (event) => event.inputTokens],
  ['output_tokens', 'int', (event) => event.outputTokens],
  ['cached_input_tokens', 'int', () => 0],
  ['cache_write_tokens', 'int', () => 0],
  ['latency_ms', 'int', (event) => event.latencyMs],
  ['cached', 'boolean', () => false],
  ['status', 'text', () => 'ok'],
  ['cost_usd', 'numeric', () => '0.000123400000'],
]
const names = COLUMNS.map(([name]) => name).join(', ')

async function byCopy(sql: Sql, rows: Event[]) {
  const lines = function* () {
    for (let n = 0; n < rows.length; n += BATCH)
      yield rows
        .slice(n, n + BATCH)
        .map((event) => `${COLUMNS.map(([, , of]) => of(event)).join('\t')}\n`)
        .join('')
  }
  await pipeline(Readable.from(lines()), await sql.unsafe(`copy bench_plain (${names}) from stdin`).writable())
}

async function byInsert(sql: Sql, rows: Event[]) {
  const arrays = COLUMNS.map(([, type], n) => `$${n + 1}::${type}[]`).join(', ')
  const insert = `insert into bench_plain (${names}) select * from unnest(${arrays}) on conflict do nothing`
  for (let n = 0; n < rows.length; n += INSERTED_TOGETHER) {
    const some = rows.slice(n, n + INSERTED_TOGETHER)
    await sql.unsafe(
      insert,
      COLUMNS.map(([, , of]) => `{${some.map((event) => `"${of(event)}"`).join(',')}}`),
    )
  }
}
