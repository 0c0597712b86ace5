import { router, viewer } from '@/server/console/trpc'
import { findPrompts } from '@/server/services/shell/find-prompts'
import { findTenants } from '@/server/services/shell/find-tenants'
import { Find } from '@/server/services/shell/shell.schema'

export const shell = router({
  tenants: viewer.input(Find).query(({ ctx, input }) => findTenants(ctx.stores, input)),
  prompts: viewer.input(Find).query(({ ctx, input }) => findPrompts(ctx.stores, input)),
})
