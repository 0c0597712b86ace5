import { router, viewer } from '@/server/console/trpc'
import { changeFlag, createFlag, deleteFlag } from '@/server/services/flags/change-flag'
import { evaluateFlag } from '@/server/services/flags/evaluate-flag'
import { flagReader } from '@/server/services/flags/flag-reader'
import {
  ChangeFlag,
  CreateFlag,
  DeleteFlag,
  EvaluateFlag,
  FlagName,
  FlagsAt,
  PreviewFlag,
} from '@/server/services/flags/flags.schema'
import { flagsAt } from '@/server/services/flags/flags-at'
import { flagPage, listFlags } from '@/server/services/flags/list-flags'
import { previewFlag } from '@/server/services/flags/preview-flag'

export const flags = router({
  list: viewer.query(({ ctx }) => listFlags(ctx.stores)),
  flag: viewer.input(FlagName).query(({ ctx, input }) => flagPage(ctx.stores, input)),
  evaluate: viewer
    .input(EvaluateFlag)
    .query(async ({ ctx, input: { name, ...asked } }) =>
      evaluateFlag(await flagReader(ctx.stores, null).read(name), asked),
    ),
  preview: viewer.input(PreviewFlag).query(({ ctx, input }) => previewFlag(ctx.stores, input)),
  at: viewer.input(FlagsAt).query(({ ctx, input }) => flagsAt(ctx.stores, input)),
  create: viewer.input(CreateFlag).mutation(({ ctx, input }) => createFlag(ctx.caller, input)),
  change: viewer.input(ChangeFlag).mutation(({ ctx, input }) => changeFlag(ctx.caller, input)),
  delete: viewer.input(DeleteFlag).mutation(({ ctx, input }) => deleteFlag(ctx.caller, input)),
})
