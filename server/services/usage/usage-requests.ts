import { usageTotals } from '@/db/postgres/queries/usage'
import { isSummedUp } from '@/db/postgres/queries/usage-rows'
import { type UsageCall, callsInOrder } from '@/db/postgres/queries/usage-requests'
import type { Stores } from '@/server/services/context'
import { filterOf } from './scope-filter'
import { promptKey } from './usage-key'
import type { RequestCursor, UsageRequestsInput } from './usage.schema'

const PAGE = 50
/** By cost or latency no index helps, so that many of the newest calls are ordered and the page says so. */
export const ORDERED_AMONG = 100_000

/** A page of the calls of a range, with what the next page begins after; the whole is counted with the first page only. */
export async function requestsOfUsage(
  { db }: Pick<Stores, 'db'>,
  { order, descending, cursor, direction: _, ...scope }: UsageRequestsInput,
  { now = new Date(), limit = PAGE } = {},
) {
  // The range of the first page, however long somebody reads.
  const asOf = cursor ? new Date(cursor.asOf) : now
  const filter = filterOf(scope, asOf)
  const [found, totals] = await Promise.all([
    callsInOrder(db, filter, {
      order: { by: order, descending },
      after: cursor ?? null,
      among: ORDERED_AMONG,
      limit: limit + 1,
    }),
    cursor || !isSummedUp(filter) ? null : usageTotals(db, filter),
  ])
  const calls = found.slice(0, limit)
  const last = calls.at(-1)
  return {
    asOf: asOf.toISOString(),
    from: filter.from.toISOString(),
    to: filter.to.toISOString(),
    /** Calls in the range; null on the pages after the first, and where only the calls themselves could tell. */
    total: totals?.requests ?? null,
    /** The order is that of this many of the newest calls where there are more; null by time. */
    among: order === 'time' ? null : ORDERED_AMONG,
    calls: calls.map(callOf),
    next: last && found.length > limit ? cursorAfter(last, asOf) : null,
  }
}
export type UsageRequests = Awaited<ReturnType<typeof requestsOfUsage>>
export type ListedCall = UsageRequests['calls'][number]

const callOf = ({ promptName, promptVersion, occurredAt, value: _, ...call }: UsageCall) => ({
  ...call,
  prompt: promptKey(promptName, promptVersion),
  occurredAt: occurredAt.toISOString(),
})

const cursorAfter = ({ tenant, id, occurredAt, value }: UsageCall, asOf: Date): RequestCursor => ({
  asOf: asOf.toISOString(),
  value,
  at: occurredAt.toISOString(),
  tenant,
  id,
})
