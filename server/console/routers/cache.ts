import { router, viewer } from '@/server/console/trpc'
import { cacheReport } from '@/server/services/cache/cache-report'
import { cacheScope } from '@/server/services/cache/cache.schema'

export const cache = router({
  report: viewer.input(cacheScope).query(({ ctx, input }) => cacheReport(ctx.stores, input)),
})
