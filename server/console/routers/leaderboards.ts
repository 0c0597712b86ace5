import { router, viewer } from '@/server/console/trpc'
import { askForCheck, readCheck, reconcileBoard } from '@/server/services/leaderboards/ask-for-work'
import { boardPage } from '@/server/services/leaderboards/board-page'
import { closeBoard, createBoard, reopenBoard, setBoardMode } from '@/server/services/leaderboards/change-board'
import {
  BoardInput,
  BoardPage,
  CreateBoard,
  ListBoards,
  Reconcile,
  SetBoardMode,
} from '@/server/services/leaderboards/leaderboards.schema'
import { foreignBoardPage } from '@/server/services/leaderboards/foreign/foreign-board-page'
import { ForeignBoardPage, ListForeignBoards } from '@/server/services/leaderboards/foreign/foreign-boards.schema'
import { boardFamilies, listForeignBoards } from '@/server/services/leaderboards/foreign/list-foreign-boards'
import { listBoards } from '@/server/services/leaderboards/list-boards'
import { usageBoards } from '@/server/services/leaderboards/usage-boards'
import { Scope } from '@/server/services/scope.schema'

/** Sorted sets that other software keeps. */
const foreign = router({
  families: viewer.query(({ ctx }) => boardFamilies(ctx.stores)),
  list: viewer.input(ListForeignBoards).query(({ ctx, input }) => listForeignBoards(ctx.stores, input)),
  page: viewer.input(ForeignBoardPage).query(({ ctx, input }) => foreignBoardPage(ctx.stores, input)),
})

export const leaderboards = router({
  foreign,
  list: viewer.input(ListBoards).query(({ ctx, input }) => listBoards(ctx.stores, input)),
  page: viewer.input(BoardPage).query(({ ctx, input }) => boardPage(ctx.stores, input)),
  check: viewer.input(Reconcile).query(({ ctx, input }) => readCheck(ctx.stores, input)),
  usage: viewer.input(Scope).query(({ ctx, input }) => usageBoards(ctx.stores, input)),
  create: viewer.input(CreateBoard).mutation(({ ctx, input }) => createBoard(ctx.caller, input)),
  setMode: viewer.input(SetBoardMode).mutation(({ ctx, input }) => setBoardMode(ctx.caller, input)),
  close: viewer.input(BoardInput).mutation(({ ctx, input }) => closeBoard(ctx.caller, input)),
  reopen: viewer.input(BoardInput).mutation(({ ctx, input }) => reopenBoard(ctx.caller, input)),
  checkNow: viewer.input(BoardInput).mutation(({ ctx, input }) => askForCheck(ctx.caller, input)),
  reconcile: viewer.input(Reconcile).mutation(({ ctx, input }) => reconcileBoard(ctx.caller, input)),
})
