import { usageBy } from '@/db/postgres/queries/usage'
import type { Stores } from '@/server/services/context'
import { promptKey } from './usage-key'
import { filterOf } from './view-filter'
import type { Breakdown, UsageView } from './usage.schema'

/** As many parts as a page can show; those beyond it are counted in `groupCount` and are in the totals. */
const LISTED = 200

/**
 * The parts of a range by one dimension, dearest first, with the whole they add up to. A user is one tenant's user:
 * the same id under two tenants is two rows.
 */
export async function breakdownOfUsage(
  { db }: Pick<Stores, 'db'>,
  { by, limit = LISTED, ...view }: UsageView & { by: Breakdown; limit?: number },
) {
  const { totals, groups, groupCount } = await usageBy(db, filterOf(view), by === 'user' ? 'tenantUser' : by, limit)
  return {
    totals,
    groupCount,
    groups: groups.map(({ keys, ...figures }) => ({
      key: by === 'prompt' ? promptKey(...keys) : by === 'user' ? keys[1] : keys[0],
      tenant: by === 'user' || by === 'tenant' ? keys[0] : null,
      ...figures,
    })),
    asOf: new Date().toISOString(),
  }
}
export type UsageBreakdown = Awaited<ReturnType<typeof breakdownOfUsage>>
