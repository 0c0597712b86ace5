import { router, viewer } from '@/server/console/trpc'
import { ForeignLogOut, ListForeign, PeekForeign } from '@/server/services/sessions/foreign/foreign-sessions.schema'
import {
  countForeign,
  listForeign,
  peekForeign,
  sessionFamilies,
} from '@/server/services/sessions/foreign/list-foreign'
import { logOutForeign } from '@/server/services/sessions/foreign/log-out-foreign'

/** Sessions that other software keeps; their log-outs are followed and undone as those of our own are. */
export const foreignSessions = router({
  families: viewer.query(({ ctx }) => sessionFamilies(ctx.stores)),
  list: viewer.input(ListForeign).query(({ ctx, input }) => listForeign(ctx.stores, input)),
  count: viewer.input(ListForeign).query(({ ctx, input }) => countForeign(ctx.stores, input)),
  peek: viewer.input(PeekForeign).query(({ ctx, input }) => peekForeign(ctx.stores, input)),
  logOut: viewer.input(ForeignLogOut).mutation(({ ctx, input }) => logOutForeign(ctx.caller, input)),
})
