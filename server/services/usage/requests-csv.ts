import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { Stores } from '@/server/services/context'
import { csvLook } from './usage-csv'
import { type ListedCall, requestsOfUsage, type UsageRequests } from './usage-requests'
import { usageRequestsInput, type UsageRequestsInput } from './usage.schema'

/** Large enough that ordering the calls anew for every page by cost or latency costs little. */
const PAGE = 20_000

const columns = {
  occurredAt: 'occurred_at',
  tenant: 'tenant',
  id: 'event_id',
  user: 'user',
  provider: 'provider',
  model: 'model',
  prompt: 'prompt_version',
  status: 'status',
  cached: 'from_own_cache',
  inputTokens: 'input_tokens',
  cachedInputTokens: 'cached_input_tokens',
  outputTokens: 'output_tokens',
  latencyMs: 'latency_ms',
  costUsd: 'cost_usd',
} as const satisfies Partial<Record<keyof ListedCall, string>>

/**
 * The calls of a range as CSV, in the order of the screen, read page by page as they are taken: nothing piles up, and who
 * stops reading stops the questions. An empty cost is unpriced. `total` is how many rows to expect,
 * where the sums by the hour know.
 */
export async function requestsCsv(stores: Pick<Stores, 'db'>, question: UsageRequestsInput, now = new Date()) {
  const input = usageRequestsInput.parse({ ...question, cursor: null })
  const first = await requestsOfUsage(stores, input, { now, limit: PAGE })
  const rows = stringify({
    ...csvLook,
    columns,
    cast: { boolean: String },
  })
  // What fails on the way ends `rows` with that error, and with it the reply: no file that only looks whole.
  pipeline(Readable.from(callsFrom(stores, input, first)), rows, () => undefined)
  const { from, to, total, among } = first
  return {
    name: `requests-${from.slice(0, 10)}-to-${to.slice(0, 10)}.csv`,
    total: total === null ? null : Math.min(total, among ?? Infinity),
    rows,
  }
}

async function* callsFrom(stores: Pick<Stores, 'db'>, input: UsageRequestsInput, first: UsageRequests) {
  let page = first
  yield* page.calls
  while (page.next) {
    page = await requestsOfUsage(stores, { ...input, cursor: page.next }, { limit: PAGE })
    yield* page.calls
  }
}
