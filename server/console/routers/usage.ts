import { router, viewer } from '@/server/console/trpc'
import { breakdownOfUsage } from '@/server/services/usage/usage-breakdown'
import { seriesOfUsage } from '@/server/services/usage/usage-series'
import { totalsOfUsage } from '@/server/services/usage/usage-totals'
import { usageBreakdownInput, usageScope } from '@/server/services/usage/usage.schema'

export const usage = router({
  totals: viewer.input(usageScope).query(({ ctx, input }) => totalsOfUsage(ctx.stores, input)),
  series: viewer.input(usageScope).query(({ ctx, input }) => seriesOfUsage(ctx.stores, input)),
  breakdown: viewer.input(usageBreakdownInput).query(({ ctx, input }) => breakdownOfUsage(ctx.stores, input)),
})
