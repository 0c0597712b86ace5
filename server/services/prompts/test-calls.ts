import { randomUUID } from 'node:crypto'
import { batchOf, insertUsage, type NewUsage } from '@/db/postgres/queries/usage-ingest'
import type { Stores } from '@/server/services/context'
import { ensureMonths } from '@/server/services/usage/ensure-months'

export type TestCall = {
  costUsd?: number | null
  latencyMs?: number | null
  failed?: boolean
  cached?: boolean
  tokens?: number
}
type Calls = { name: string; version: number; n: number; from: Date; to: Date; tenant?: string }

const BATCH = 2_000

/** Records `n` calls of a prompt's version, spread evenly over a stretch of time, as ingest would. */
export async function recordCalls({ db }: Pick<Stores, 'db'>, calls: Calls, make: (index: number) => TestCall) {
  const rows = Array.from({ length: calls.n }, (_, index) => rowOf(calls, index, make(index)))
  await ensureMonths(db, [calls.from, calls.to])
  for (let start = 0; start < rows.length; start += BATCH)
    await insertUsage(db, batchOf(rows.slice(start, start + BATCH)))
}

function rowOf({ name, version, n, from, to, tenant = 'test' }: Calls, index: number, call: TestCall): NewUsage {
  const { costUsd = 0.001, latencyMs = 500, failed = false, cached = false, tokens = 100 } = call
  const at = from.getTime() + ((to.getTime() - from.getTime()) * index) / n
  return {
    key_id: null,
    tenant,
    event_id: randomUUID(),
    occurred_at: new Date(at).toISOString(),
    user_id: null,
    conversation: null,
    provider: 'test',
    model: 'test',
    input_tokens: tokens,
    output_tokens: 0,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
    latency_ms: latencyMs,
    ttft_ms: null,
    prompt_name: name,
    prompt_version: version,
    cached,
    status: failed ? 'error' : 'ok',
    cost_usd: costUsd === null ? null : costUsd.toFixed(12),
    price_id: null,
  }
}
