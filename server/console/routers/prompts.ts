import { router, viewer } from '@/server/console/trpc'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { activationDelivery, deliveryTimes } from '@/server/services/prompts/activation-delivery'
import { activationImpact } from '@/server/services/prompts/activation-impact'
import { ApproveChange, RejectChange, WithdrawChange } from '@/server/services/prompts/approvals.schema'
import { approveChange } from '@/server/services/prompts/approve-change'
import { compareVersions } from '@/server/services/prompts/compare-versions'
import { ActivationDelivery } from '@/server/services/prompts/confirmations.schema'
import { countTokens } from '@/server/services/prompts/count-tokens'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import { exportPrompt } from '@/server/services/prompts/export-prompt'
import { StartGuardedRollout, StopGuardedRollout } from '@/server/services/prompts/guarded-rollout.schema'
import { ImportPrompt } from '@/server/services/prompts/history.schema'
import { importPrompt } from '@/server/services/prompts/import-prompt'
import { includedPrompts } from '@/server/services/prompts/included-prompts'
import { listPrompts } from '@/server/services/prompts/list-prompts'
import { orAsk } from '@/server/services/prompts/or-ask'
import { previewRollback } from '@/server/services/prompts/preview-rollback'
import { promptPage } from '@/server/services/prompts/prompt-page'
import {
  ActivationImpact,
  CompareVersions,
  CountTokens,
  IncludedPrompts,
  ListPrompts,
  PromptNamed,
  TouchedByChange,
  VersionFiguresOf,
} from '@/server/services/prompts/prompt-pages.schema'
import {
  ActivatePrompt,
  CreatePrompt,
  CreateVersion,
  PromptOnChannel,
  RollbackPrompt,
  RollOutPrompt,
} from '@/server/services/prompts/prompts.schema'
import { rejectChange } from '@/server/services/prompts/reject-change'
import { rollOutPrompt } from '@/server/services/prompts/roll-out-prompt'
import { rollbackPrompt } from '@/server/services/prompts/rollback-prompt'
import { rolloutStatus } from '@/server/services/prompts/rollout-status'
import { startGuardedRollout } from '@/server/services/prompts/start-guarded-rollout'
import { stopGuardedRollout } from '@/server/services/prompts/stop-guarded-rollout'
import { suggestModels } from '@/server/services/prompts/suggest-models'
import { touchedByChange } from '@/server/services/prompts/touched-by-change'
import { versionFigures } from '@/server/services/prompts/version-figures'
import { whatWasLive } from '@/server/services/prompts/what-was-live'
import { WhatWasLive } from '@/server/services/prompts/what-was-live.schema'
import { withdrawChange } from '@/server/services/prompts/withdraw-change'

export const prompts = router({
  list: viewer.input(ListPrompts).query(({ ctx, input }) => listPrompts(ctx.stores, input)),
  page: viewer.input(PromptOnChannel).query(({ ctx, input }) => promptPage(ctx.stores, input)),
  compare: viewer.input(CompareVersions).query(({ ctx, input }) => compareVersions(ctx.stores, input)),
  impact: viewer.input(ActivationImpact).query(({ ctx, input }) => activationImpact(ctx.stores, input)),
  delivery: viewer.input(ActivationDelivery).query(({ ctx, input }) => activationDelivery(ctx.stores, input)),
  deliveryTimes: viewer.input(PromptOnChannel).query(({ ctx, input }) => deliveryTimes(ctx.stores, input)),
  whatWasLive: viewer.input(WhatWasLive).query(({ ctx, input }) => whatWasLive(ctx.stores, input)),
  versionFigures: viewer.input(VersionFiguresOf).query(({ ctx, input }) => versionFigures(ctx.stores, input)),
  rollout: viewer.input(PromptOnChannel).query(({ ctx, input }) => rolloutStatus(ctx.stores, input)),
  touched: viewer.input(TouchedByChange).query(({ ctx, input }) => touchedByChange(ctx.stores, input)),
  includes: viewer.input(IncludedPrompts).query(({ ctx, input }) => includedPrompts(ctx.stores, input)),
  models: viewer.query(({ ctx }) => suggestModels(ctx.stores)),
  export: viewer.input(PromptNamed).query(({ ctx, input }) => exportPrompt(ctx.stores, input)),
  // A mutation that changes nothing: contents are too long for an address.
  countTokens: viewer.input(CountTokens).mutation(({ input }) => countTokens(input)),
  import: viewer.input(ImportPrompt).mutation(({ ctx, input }) => importPrompt(ctx.caller, input)),
  previewRollback: viewer.input(PromptOnChannel).query(({ ctx, input }) => previewRollback(ctx.stores, input)),
  create: viewer.input(CreatePrompt).mutation(({ ctx, input }) => createPrompt(ctx.caller, input)),
  createVersion: viewer.input(CreateVersion).mutation(({ ctx, input }) => createVersion(ctx.caller, input)),
  activate: viewer
    .input(ActivatePrompt)
    .mutation(({ ctx: { caller }, input }) => orAsk(caller, () => activatePrompt(caller, input))),
  rollOut: viewer
    .input(RollOutPrompt)
    .mutation(({ ctx: { caller }, input }) => orAsk(caller, () => rollOutPrompt(caller, input))),
  rollOutGuarded: viewer
    .input(StartGuardedRollout)
    .mutation(({ ctx: { caller }, input }) => orAsk(caller, () => startGuardedRollout(caller, input))),
  stopGuard: viewer.input(StopGuardedRollout).mutation(({ ctx, input }) => stopGuardedRollout(ctx.caller, input)),
  rollback: viewer.input(RollbackPrompt).mutation(({ ctx, input }) => rollbackPrompt(ctx.caller, input)),
  approve: viewer.input(ApproveChange).mutation(({ ctx, input }) => approveChange(ctx.caller, input)),
  reject: viewer.input(RejectChange).mutation(({ ctx, input }) => rejectChange(ctx.caller, input)),
  withdraw: viewer.input(WithdrawChange).mutation(({ ctx, input }) => withdrawChange(ctx.caller, input)),
})
