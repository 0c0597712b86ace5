import { randomUUID } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'
import { connectStores } from '@/server/services/stores'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import type { Figure } from './figure'
import { vector } from './filled-memory'
import { median } from './load'
import type { Setting } from './setting'

const ITEMS = Number(process.env.BENCH_ITEMS ?? 50_000)
const [DIMENSIONS, ROUNDS] = [384, 3]
const PIECE_BYTES = 1024 * 1024

/**
 * The same items by our load over HTTP, checked, until they are found and indexed; and by one COPY of them as text into a
 * table like the partition, and CREATE INDEX on it, both with what the server allows for building.
 */
export async function bulkLoad({ databaseUrl, gatewayUrl, appKey }: Setting): Promise<Figure[]> {
  const stores = connectStores('worker')
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    await stores.redis.ready()
    const items = Array.from({ length: ITEMS }, (_, n) => ({
      id: `i-${n}`,
      content: `Item ${n}`,
      embedding: vector().map(Math.fround),
    }))
    const [ours, raw]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await byLoad(items, { stores, gatewayUrl, appKey }))
      raw.push(await byCopy(items, sql))
    }
    const [oursSeconds, rawSeconds] = [median(ours), median(raw)]
    return [
      {
        work: `bulk load, ${ITEMS.toLocaleString('en')} × ${DIMENSIONS}, indexed`,
        ours: ITEMS / oursSeconds,
        unit: 'items/s',
        other: ITEMS / rawSeconds,
        dividedBy: 'raw COPY plus index build',
        goal: { atLeast: 0.8 },
      },
    ]
  } finally {
    await sql.end()
    await stores.close()
  }
}

type Item = { id: string; content: string; embedding: number[] }
type Ours = { stores: ReturnType<typeof connectStores>; gatewayUrl: string; appKey: string }

async function byLoad(items: Item[], { stores, gatewayUrl, appKey }: Ours): Promise<number> {
  const tenant = `bulk-${randomUUID().slice(0, 8)}`
  const chunks = piecesOf(
    items.map((item) => `${JSON.stringify({ ...item, kind: 'note', embeddingModel: 'bench' })}\n`),
  )
  const headers = { authorization: `Bearer ${appKey}`, 'content-type': 'application/x-ndjson' }
  const started = performance.now()
  const load = await send(`${gatewayUrl}/v1/memory/${tenant}/loads`, headers, chunks)
  await jobRunner(stores, { tenant }).run()
  const seconds = (performance.now() - started) / 1_000
  const state = await fetch(`${gatewayUrl}/v1/memory/${tenant}/loads/${load}`, { headers })
  const { added } = (await state.json()) as { added?: number }
  if (added !== items.length) throw new Error(`${added} of ${items.length} items were added`)
  return seconds
}

/** In pieces, as COPY gets them: `fetch` copies all of it before the first byte leaves, which took it three seconds. */
async function send(url: string, headers: Record<string, string>, chunks: Buffer[]): Promise<string> {
  const sending = request(url, { method: 'POST', headers })
  const replied = new Promise<IncomingMessage>((resolve, reject) => sending.on('response', resolve).on('error', reject))
  await pipeline(Readable.from(chunks), sending)
  const reply = await replied
  const answer = (await json(reply)) as { load?: string }
  if (reply.statusCode !== 202 || answer.load === undefined)
    throw new Error(`the load was answered with ${reply.statusCode}: ${JSON.stringify(answer)}`)
  return answer.load
}

function piecesOf(lines: string[]): Buffer[] {
  const pieces: Buffer[] = []
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < PIECE_BYTES) continue
    pieces.push(Buffer.from(piece))
    piece = ''
  }
  return [...pieces, Buffer.from(piece)]
}

async function byCopy(items: Item[], sql: postgres.Sql): Promise<number> {
  await sql.unsafe('drop table if exists bench_memory; create table bench_memory (like memory including all)')
  const pieces = piecesOf(
    items.map(
      ({ id, content, embedding }) =>
        `bulk\t${id}\tnote\t${content}\t{}\t${JSON.stringify(embedding)}\tbench\tnow\t-\n`,
    ),
  )
  const started = performance.now()
  const stream = await sql
    .unsafe(
      'copy bench_memory (tenant, id, kind, content, metadata, embedding, embedding_model, occurred_at, content_hash) from stdin',
    )
    .writable()
  for (const piece of pieces) if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve))
  await new Promise<void>((resolve, reject) => stream.once('error', reject).end(() => resolve()))
  await sql.unsafe(`create index concurrently bench_memory_hnsw on bench_memory
    using hnsw ((embedding::vector(${DIMENSIONS})) vector_cosine_ops) with (m = 16, ef_construction = 64)`)
  const seconds = (performance.now() - started) / 1_000
  await sql.unsafe('drop table bench_memory')
  return seconds
}
