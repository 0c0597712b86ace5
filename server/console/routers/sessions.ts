import { router, viewer } from '@/server/console/trpc'
import { cancelLogOut } from '@/server/services/sessions/cancel-log-out'
import { countSessions } from '@/server/services/sessions/count-sessions'
import { listLogOuts } from '@/server/services/sessions/list-log-outs'
import { listSessions } from '@/server/services/sessions/list-sessions'
import { logOut } from '@/server/services/sessions/log-out'
import { peekSession } from '@/server/services/sessions/peek-session'
import { readLogOut } from '@/server/services/sessions/read-log-out'
import {
  ListSessions,
  LogOut,
  LogOutId,
  ReportSessions,
  SessionFilter,
  SessionId,
} from '@/server/services/sessions/session-lists.schema'
import {
  cancelSessionMove,
  createSessionNamespace,
  moveSessions,
  removeSessionNamespace,
} from '@/server/services/sessions/session-namespaces'
import {
  CreateSessionNamespace,
  MoveSessions,
  SessionNamespaceName,
} from '@/server/services/sessions/session-namespaces.schema'
import { sessionsReport } from '@/server/services/sessions/sessions-report'
import { undoLogOut } from '@/server/services/sessions/undo-log-out'
import { foreignSessions } from './foreign-sessions'

export const sessions = router({
  foreign: foreignSessions,
  list: viewer.input(ListSessions).query(({ ctx, input }) => listSessions(ctx.stores, input)),
  report: viewer.input(ReportSessions).query(({ ctx, input }) => sessionsReport(ctx.stores, input)),
  count: viewer.input(SessionFilter).query(({ ctx, input }) => countSessions(ctx.stores, input)),
  peek: viewer.input(SessionId).query(({ ctx, input }) => peekSession(ctx.stores, input)),
  logOuts: viewer.query(({ ctx }) => listLogOuts(ctx.stores)),
  logOutState: viewer.input(LogOutId).query(({ ctx, input }) => readLogOut(ctx.stores, input)),
  logOut: viewer.input(LogOut).mutation(({ ctx, input }) => logOut(ctx.caller, input)),
  cancelLogOut: viewer.input(LogOutId).mutation(({ ctx, input }) => cancelLogOut(ctx.caller, input)),
  createNamespace: viewer
    .input(CreateSessionNamespace)
    .mutation(({ ctx, input }) => createSessionNamespace(ctx.caller, input)),
  move: viewer.input(MoveSessions).mutation(({ ctx, input }) => moveSessions(ctx.caller, input)),
  cancelMove: viewer.input(SessionNamespaceName).mutation(({ ctx, input }) => cancelSessionMove(ctx.caller, input)),
  removeNamespace: viewer
    .input(SessionNamespaceName)
    .mutation(({ ctx, input }) => removeSessionNamespace(ctx.caller, input)),
  undoLogOut: viewer.input(LogOutId).mutation(({ ctx, input }) => undoLogOut(ctx.caller, input)),
})
