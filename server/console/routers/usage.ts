import { router, viewer } from '@/server/console/trpc'
import { checksOfUsage } from '@/server/services/usage/checks/usage-checks'
import { compareUsage } from '@/server/services/usage/compare-usage'
import { breakdownOfUsage } from '@/server/services/usage/usage-breakdown'
import { requestOfUsage } from '@/server/services/usage/usage-request'
import { requestsOfUsage } from '@/server/services/usage/usage-requests'
import { seriesOfUsage } from '@/server/services/usage/usage-series'
import { totalsOfUsage } from '@/server/services/usage/usage-totals'
import {
  usageBreakdownInput,
  usageComparisonInput,
  UsageRequestId,
  usageRequestsInput,
  usageScope,
  usageSeriesInput,
} from '@/server/services/usage/usage.schema'

export const usage = router({
  totals: viewer.input(usageScope).query(({ ctx, input }) => totalsOfUsage(ctx.stores, input)),
  series: viewer.input(usageSeriesInput).query(({ ctx, input }) => seriesOfUsage(ctx.stores, input)),
  breakdown: viewer.input(usageBreakdownInput).query(({ ctx, input }) => breakdownOfUsage(ctx.stores, input)),
  requests: viewer.input(usageRequestsInput).query(({ ctx, input }) => requestsOfUsage(ctx.stores, input)),
  request: viewer.input(UsageRequestId).query(({ ctx, input }) => requestOfUsage(ctx.stores, input)),
  checks: viewer.query(({ ctx }) => checksOfUsage(ctx.stores)),
  compare: viewer.input(usageComparisonInput).query(({ ctx, input }) => compareUsage(ctx.stores, input)),
})
