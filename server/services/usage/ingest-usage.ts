import { type NewUsage, sameAsRecorded } from '@/db/postgres/queries/usage-ingest'
import { monthOf } from '@/db/postgres/queries/usage-partitions'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { ensureTenants } from '@/server/services/tenants/ensure-tenants'
import { ensureMonths } from './ensure-months'
import { priceEvent } from './price-event'
import { pricesOf } from './prices/price-book'
import { materialisePrices } from './prices/price-ids'
import type { Price } from './prices/rates-in-force'
import { readEvent } from './read-event'
import { type IngestReply, MAX_EVENTS, type RejectedEvent, type UsageEvent } from './usage.schema'
import { writeUsage } from './usage-writer'

/** Which key reports; `tenants` null means all. */
export type Reporter = { id: string | null; tenants: string[] | null; simulated: boolean }
/** Events that were new, with what each cost, and the transaction that wrote them; null where there is none. */
export type Recorded = { accepted: { event: UsageEvent; costUsd: string | null }[]; transaction: string | null }
type Judged = { index: number; event: UsageEvent }

/**
 * Records a batch of usage events and returns after their commit (R6): each event is judged alone, one sent again is
 * counted once, the same id with another payload is a conflict. `accepted` are the events that were new.
 * @throws AppError `too_large` above 1,000 events, `unavailable` when Postgres does not answer.
 */
export async function ingestUsage(
  { db }: Pick<Stores, 'db'>,
  { key, events }: { key: Reporter; events: unknown[] },
): Promise<Recorded & { reply: IngestReply }> {
  if (events.length > MAX_EVENTS)
    throw new AppError('too_large', `events: holds ${events.length}, at most ${MAX_EVENTS} go in one batch`, {
      field: 'events',
    })
  const { judged, rejected } = judge(key, events)
  if (judged.length === 0) return { reply: { accepted: 0, duplicates: 0, rejected }, ...nothing }

  const firsts = new Map<string, Judged>()
  for (const one of judged) if (!firsts.has(nameOf(one))) firsts.set(nameOf(one), one)
  const { costs, transaction } = await record({ db }, key, [...firsts.values()])
  const others = judged.filter((one) => !costs.has(one))
  const same =
    others.length === 0
      ? []
      : await sameAsRecorded(
          db,
          others.map((one) => rowOf(one)),
        )
  for (const [place, one] of others.entries())
    if (!same[place]) rejected.push(same[place] === null ? dropped(one) : conflict(one))
  const duplicates = same.filter(Boolean).length
  rejected.sort((a, b) => a.index - b.index)
  return {
    reply: { accepted: costs.size, duplicates, rejected },
    accepted: Array.from(costs, ([{ event }, costUsd]) => ({ event, costUsd })),
    transaction,
  }
}

const nothing: Recorded = { accepted: [], transaction: null }

function judge(key: Reporter, events: unknown[]): { judged: Judged[]; rejected: RejectedEvent[] } {
  const judged: Judged[] = []
  const rejected: RejectedEvent[] = []
  for (const [index, value] of events.entries()) {
    const read = readEvent(index, value)
    if ('rejected' in read) rejected.push(read.rejected)
    else if (key.tenants && !key.tenants.includes(read.event.tenant)) rejected.push(forbidden(index, read.event))
    else judged.push({ index, event: read.event })
  }
  return { judged, rejected }
}

type Written = { costs: Map<Judged, string | null>; transaction: string | null }

/** Writes the events whose id is new, and returns what each of those cost. */
async function record({ db }: Pick<Stores, 'db'>, key: Reporter, judged: Judged[]): Promise<Written> {
  const book = await pricesOf(db)
  const costs = judged.map(({ event }) => priceEvent(event, book))
  await ensureTenants({ db }, { slugs: new Set(judged.map(({ event }) => event.tenant)), simulated: key.simulated })
  await ensureMonths(
    db,
    judged.map(({ event }) => event.occurredAt),
  )
  const idOf = await materialisePrices(
    db,
    costs.flatMap(({ price }) => price ?? []),
  )
  const rows = judged.map((one, place) => rowOf(one, key.id, costs[place], idOf))
  const { fresh, transaction } = await writeUsage(db, rows)
  const written = new Map<Judged, string | null>()
  for (const [place, one] of judged.entries()) if (fresh.has(place)) written.set(one, costs[place]?.costUsd ?? null)
  return { costs: written, transaction }
}

/** In one literal: thousands of objects put together from others take four times as long. */
const rowOf = (
  { event }: Judged,
  keyId: string | null = null,
  cost?: ReturnType<typeof priceEvent>,
  idOf?: (price: Price) => number,
): NewUsage => ({
  key_id: keyId,
  tenant: event.tenant,
  event_id: event.id,
  occurred_at: event.occurredAt.toISOString(),
  user_id: event.user ?? null,
  conversation: event.conversation ?? null,
  provider: event.provider,
  model: event.model,
  input_tokens: event.inputTokens,
  output_tokens: event.outputTokens,
  cached_input_tokens: event.cachedInputTokens,
  cache_write_tokens: event.cacheWriteTokens,
  latency_ms: event.latencyMs ?? null,
  ttft_ms: event.ttftMs ?? null,
  prompt_name: event.prompt?.name ?? null,
  prompt_version: event.prompt?.version ?? null,
  cached: event.cached,
  status: event.status,
  cost_usd: cost?.costUsd ?? null,
  price_id: (cost?.price && idOf?.(cost.price)) ?? null,
})

const nameOf = ({ event }: Judged) => `${event.tenant} ${event.id}`

const forbidden = (index: number, { tenant }: UsageEvent): RejectedEvent => ({
  index,
  code: 'forbidden',
  message: `tenant: this key may not act for ${tenant}`,
  field: 'tenant',
})

const dropped = ({ index, event }: Judged): RejectedEvent => ({
  index,
  code: 'bad_request',
  message: `occurredAt: the calls of ${monthOf(event.occurredAt)} were dropped, and no more of them are taken`,
  field: 'occurredAt',
})

const conflict = ({ index }: Judged): RejectedEvent => ({
  index,
  code: 'conflict',
  message: 'id: was recorded before with another payload',
  field: 'id',
})
