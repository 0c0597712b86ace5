import { router, viewer } from '@/server/console/trpc'
import { savingsInput, SetRedisPrice } from '@/server/services/usage/savings/savings.schema'
import { savingsReport } from '@/server/services/usage/savings/savings-report'
import { setRedisPrice } from '@/server/services/usage/savings/set-redis-price'

export const savings = router({
  report: viewer.input(savingsInput).query(({ ctx, input }) => savingsReport(ctx.stores, input)),
  setRedisPrice: viewer.input(SetRedisPrice).mutation(({ ctx, input }) => setRedisPrice(ctx.caller, input)),
})
