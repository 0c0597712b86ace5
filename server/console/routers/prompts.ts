import { router, viewer } from '@/server/console/trpc'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { activationDelivery, deliveryTimes } from '@/server/services/prompts/activation-delivery'
import { activationImpact } from '@/server/services/prompts/activation-impact'
import { compareVersions } from '@/server/services/prompts/compare-versions'
import { ActivationDelivery } from '@/server/services/prompts/confirmations.schema'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import { listPrompts } from '@/server/services/prompts/list-prompts'
import { previewRollback } from '@/server/services/prompts/preview-rollback'
import { promptPage } from '@/server/services/prompts/prompt-page'
import {
  ActivationImpact,
  CompareVersions,
  ListPrompts,
  PromptNamed,
  VersionFiguresOf,
} from '@/server/services/prompts/prompt-pages.schema'
import { promptTraffic } from '@/server/services/prompts/prompt-traffic'
import {
  ActivatePrompt,
  CreatePrompt,
  CreateVersion,
  PromptOnChannel,
  RollbackPrompt,
  RollOutPrompt,
} from '@/server/services/prompts/prompts.schema'
import { rollOutPrompt } from '@/server/services/prompts/roll-out-prompt'
import { rollbackPrompt } from '@/server/services/prompts/rollback-prompt'
import { versionFigures } from '@/server/services/prompts/version-figures'
import { whatWasLive } from '@/server/services/prompts/what-was-live'
import { WhatWasLive } from '@/server/services/prompts/what-was-live.schema'

export const prompts = router({
  list: viewer.input(ListPrompts).query(({ ctx, input }) => listPrompts(ctx.stores, input)),
  page: viewer.input(PromptOnChannel).query(({ ctx, input }) => promptPage(ctx.stores, input)),
  compare: viewer.input(CompareVersions).query(({ ctx, input }) => compareVersions(ctx.stores, input)),
  impact: viewer.input(ActivationImpact).query(({ ctx, input }) => activationImpact(ctx.stores, input)),
  delivery: viewer.input(ActivationDelivery).query(({ ctx, input }) => activationDelivery(ctx.stores, input)),
  deliveryTimes: viewer.input(PromptOnChannel).query(({ ctx, input }) => deliveryTimes(ctx.stores, input)),
  whatWasLive: viewer.input(WhatWasLive).query(({ ctx, input }) => whatWasLive(ctx.stores, input)),
  versionFigures: viewer.input(VersionFiguresOf).query(({ ctx, input }) => versionFigures(ctx.stores, input)),
  traffic: viewer.input(PromptNamed).query(({ ctx, input }) => promptTraffic(ctx.stores, input)),
  previewRollback: viewer.input(PromptOnChannel).query(({ ctx, input }) => previewRollback(ctx.stores, input)),
  create: viewer.input(CreatePrompt).mutation(({ ctx, input }) => createPrompt(ctx.caller, input)),
  createVersion: viewer.input(CreateVersion).mutation(({ ctx, input }) => createVersion(ctx.caller, input)),
  activate: viewer.input(ActivatePrompt).mutation(({ ctx, input }) => activatePrompt(ctx.caller, input)),
  rollOut: viewer.input(RollOutPrompt).mutation(({ ctx, input }) => rollOutPrompt(ctx.caller, input)),
  rollback: viewer.input(RollbackPrompt).mutation(({ ctx, input }) => rollbackPrompt(ctx.caller, input)),
})
