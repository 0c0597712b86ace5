import { type Dimension, type UsageFigures, usageBy, usageByTime, usageTotals } from '@/db/postgres/queries/usage'
import type { Stores } from '@/server/services/context'
import { bucketEdges, localDay } from './time-buckets'
import { promptKey } from './usage-key'
import type { UsageSummary, UsageSummaryQuery } from './usage.schema'

const LISTED = 10_000

/** Usage of a range and its parts, which add up to it exactly in every zone (R7). */
export async function summariseUsage(
  { db }: Pick<Stores, 'db'>,
  { groupBy, timezone, ...filter }: UsageSummaryQuery,
): Promise<UsageSummary> {
  if (groupBy === undefined) return { totals: summaryOf(await usageTotals(db, filter)), groups: [] }
  if (groupBy === 'hour' || groupBy === 'day') return byTime(db, filter, groupBy, timezone)
  const { totals, groups, groupCount } = await usageBy(db, filter, groupBy satisfies Dimension, LISTED)
  return {
    totals: summaryOf(totals),
    groups: groups.map(({ keys, ...figures }) => ({
      key: groupBy === 'prompt' ? promptKey(...keys) : keys[0],
      ...summaryOf(figures),
    })),
    ...(groupCount > groups.length && { groupCount }),
  }
}

/** Hours and days with usage, oldest first; one that is not listed had none. */
async function byTime(
  db: Stores['db'],
  filter: Pick<UsageSummaryQuery, 'from' | 'to' | 'tenant'>,
  groupBy: 'hour' | 'day',
  timezone: string,
): Promise<UsageSummary> {
  const edges = bucketEdges(filter.from, filter.to, groupBy === 'day' ? '1d' : '1h', timezone)
  const { totals, buckets } = await usageByTime(db, filter, edges)
  const groups = edges.flatMap((start, index) => {
    const figures = buckets.get(index)
    const key = groupBy === 'day' ? localDay(start, timezone) : start.toISOString()
    return figures ? [{ key, ...summaryOf(figures) }] : []
  })
  return { totals: summaryOf(totals), groups }
}

function summaryOf({ requests, inputTokens, outputTokens, cachedInputTokens, costUsd, unpriced }: UsageFigures) {
  return { requests, inputTokens, outputTokens, cachedInputTokens, costUsd, unpriced }
}
