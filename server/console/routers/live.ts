import { router, viewer } from '@/server/console/trpc'
import { pulseOf } from '@/server/services/live/pulse'

export const live = router({
  pulse: viewer.subscription(({ ctx, signal }) => pulseOf(ctx.stores).listen(signal)),
})
