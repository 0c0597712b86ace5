import { router, viewer } from '@/server/console/trpc'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { cancelJob } from '@/server/services/vectors/cancel-job'
import { exitCriteria } from '@/server/services/vectors/exit-criteria'
import { keptSearches } from '@/server/services/vectors/kept-searches/kept-searches'
import { SetKeeping } from '@/server/services/vectors/kept-searches/kept-searches.schema'
import { setKeeping } from '@/server/services/vectors/kept-searches/set-keeping'
import { kindsOfTenant } from '@/server/services/vectors/kinds/kinds-of-tenant'
import { listVectors } from '@/server/services/vectors/list-vectors'
import { measureRecall } from '@/server/services/vectors/measure-recall'
import { setSearch } from '@/server/services/vectors/set-search'
import { idleIndexes } from '@/server/services/vectors/sleep/idle-indexes'
import { setSleep } from '@/server/services/vectors/sleep/set-sleep'
import { IdleFor, SetSleep } from '@/server/services/vectors/sleep/sleep.schema'
import {
  AskForJob,
  JobRef,
  ListVectors,
  MeasureRecallOf,
  SetSearch,
  VectorsOf,
} from '@/server/services/vectors/vectors.schema'
import { vectorsOfTenant } from '@/server/services/vectors/vectors-of-tenant'

export const vectors = router({
  list: viewer.input(ListVectors).query(({ ctx, input }) => listVectors(ctx.stores, input)),
  tenant: viewer.input(VectorsOf).query(({ ctx, input }) => vectorsOfTenant(ctx.stores, input)),
  kinds: viewer.input(VectorsOf).query(({ ctx, input }) => kindsOfTenant(ctx.stores, input)),
  idle: viewer.input(IdleFor).query(({ ctx, input }) => idleIndexes(ctx.stores, input)),
  keptSearches: viewer.query(({ ctx }) => keptSearches(ctx.stores)),
  exit: viewer.query(({ ctx }) => exitCriteria(ctx.stores)),
  measureRecall: viewer.input(MeasureRecallOf).mutation(({ ctx, input }) => measureRecall(ctx.caller, input)),
  setSearch: viewer.input(SetSearch).mutation(({ ctx, input }) => setSearch(ctx.caller, input)),
  setSleep: viewer.input(SetSleep).mutation(({ ctx, input }) => setSleep(ctx.caller, input)),
  setKeeping: viewer.input(SetKeeping).mutation(({ ctx, input }) => setKeeping(ctx.caller, input)),
  askForJob: viewer.input(AskForJob).mutation(({ ctx, input }) => askForJob(ctx.caller, input)),
  cancelJob: viewer.input(JobRef).mutation(({ ctx, input }) => cancelJob(ctx.caller, input)),
})
