import { router, viewer } from '@/server/console/trpc'
import { cacheReport } from '@/server/services/cache/cache-report'
import { cacheScope } from '@/server/services/cache/cache.schema'
import { DeclareFamily, FamilyName } from '@/server/services/cache/census/census.schema'
import { declareFamily, forgetFamily } from '@/server/services/cache/census/declare-family'
import { keyspaceReport } from '@/server/services/cache/census/keyspace-report'
import { commandsReport } from '@/server/services/cache/commands-report'
import { Scope } from '@/server/services/scope.schema'

export const cache = router({
  report: viewer.input(cacheScope).query(({ ctx, input }) => cacheReport(ctx.stores, input)),
  keyspace: viewer.input(Scope).query(({ ctx, input }) => keyspaceReport(ctx.stores, input)),
  commands: viewer.input(Scope).query(({ ctx, input }) => commandsReport(ctx.stores, input)),
  declareFamily: viewer.input(DeclareFamily).mutation(({ ctx, input }) => declareFamily(ctx.caller, input)),
  forgetFamily: viewer.input(FamilyName).mutation(({ ctx, input }) => forgetFamily(ctx.caller, input)),
})
