import { router, viewer } from '@/server/console/trpc'
import { overview as readOverview } from '@/server/services/overview/overview'
import { Scope } from '@/server/services/scope.schema'

export const overview = router({
  read: viewer.input(Scope).query(({ ctx, input }) => readOverview(ctx.stores, input)),
})
