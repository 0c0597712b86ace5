import { router, viewer } from '@/server/console/trpc'
import {
  DuelId,
  KvScope,
  MarkProduction,
  MoveNamespace,
  NamespaceName,
  StartDuel,
} from '@/server/services/kv/kv.schema'
import { kvReport } from '@/server/services/kv/kv-report'
import { cancelMove, moveNamespace } from '@/server/services/kv/move-namespace'
import { markProduction, startDuel, stopDuel } from '@/server/services/kv/start-duel'

export const kv = router({
  report: viewer.input(KvScope).query(({ ctx, input }) => kvReport(ctx.stores, input)),
  move: viewer.input(MoveNamespace).mutation(({ ctx, input }) => moveNamespace(ctx.caller, input)),
  cancelMove: viewer.input(NamespaceName).mutation(({ ctx, input }) => cancelMove(ctx.caller, input)),
  duel: viewer.input(StartDuel).mutation(({ ctx, input }) => startDuel(ctx.caller, input)),
  stopDuel: viewer.input(DuelId).mutation(({ ctx, input }) => stopDuel(ctx.caller, input)),
  markProduction: viewer.input(MarkProduction).mutation(({ ctx, input }) => markProduction(ctx.caller, input)),
})
