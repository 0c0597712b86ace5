import { type UsageFigures, type UsageOrder, usageBy } from '@/db/postgres/queries/usage'
import type { Stores } from '@/server/services/context'
import { scaled, usdFromPico } from './prices/pico-usd'
import { filterOf } from './scope-filter'
import { promptKey } from './usage-key'
import type { UsageBreakdownInput } from './usage.schema'

/** As many parts as a page can show; those beyond it are counted in `groupCount` and are in the totals. */
const LISTED = 200

/**
 * The parts of a range by one dimension, dearest first, with the whole they add up to. A user is one tenant's user:
 * the same id under two tenants is two rows.
 */
export async function breakdownOfUsage(
  { db }: Pick<Stores, 'db'>,
  { by, ...scope }: UsageBreakdownInput,
  { now = new Date(), limit = LISTED, order }: { now?: Date; limit?: number; order?: UsageOrder } = {},
) {
  const filter = filterOf(scope, now)
  const { totals, groups, groupCount } = await usageBy(db, filter, by === 'user' ? 'tenantUser' : by, limit, order)
  return {
    asOf: now.toISOString(),
    from: filter.from.toISOString(),
    to: filter.to.toISOString(),
    totals,
    groupCount,
    others: othersOf(totals, groups, groupCount),
    groups: groups.map(({ keys, ...figures }) => ({
      key: by === 'prompt' ? promptKey(...keys) : by === 'user' ? keys[1] : keys[0],
      /** Whose user it is; null for every other dimension. */
      tenant: by === 'user' ? keys[0] : null,
      ...figures,
    })),
  }
}

/** The parts beyond the limit as one, so that what is shown adds up to the whole (R7); null when all are listed. */
function othersOf(totals: UsageFigures, groups: UsageFigures[], groupCount: number) {
  if (groupCount <= groups.length) return null
  const pico = ({ costUsd }: UsageFigures) => scaled(costUsd, 12) ?? 0n
  return {
    count: groupCount - groups.length,
    requests: groups.reduce((rest, group) => rest - group.requests, totals.requests),
    unpriced: groups.reduce((rest, group) => rest - group.unpriced, totals.unpriced),
    costUsd: usdFromPico(groups.reduce((rest, group) => rest - pico(group), pico(totals))),
  }
}

export type UsageBreakdown = Awaited<ReturnType<typeof breakdownOfUsage>>
export type UsagePart = UsageBreakdown['groups'][number]
