import { z } from 'zod'
import { Scope } from '@/server/services/scope.schema'
import {
  activationRevision,
  promptChannel,
  promptModel,
  promptName,
  promptVersion,
  storedContent,
} from './prompts.schema'

export const ListPrompts = z.strictObject({ search: z.string().max(200), scope: Scope })
export type ListPrompts = z.infer<typeof ListPrompts>

export const PromptNamed = z.strictObject({ name: promptName })
export type PromptNamed = z.infer<typeof PromptNamed>

/** `staying` are the versions that are served after the change. */
export const TouchedByChange = z.strictObject({
  name: promptName,
  channel: promptChannel,
  staying: z.array(promptVersion).max(100),
})
export type TouchedByChange = z.infer<typeof TouchedByChange>

export const CompareVersions = z.strictObject({
  name: promptName,
  version: promptVersion,
  against: promptVersion.nullable(),
})
export type CompareVersions = z.infer<typeof CompareVersions>

/** Null: the newest activation of the channel. */
export const ActivationImpact = z.strictObject({
  name: promptName,
  channel: promptChannel,
  revision: activationRevision.nullable(),
})
export type ActivationImpact = z.infer<typeof ActivationImpact>

export const VersionFiguresOf = z.strictObject({ name: promptName, scope: Scope })
export type VersionFiguresOf = z.infer<typeof VersionFiguresOf>

/** What is being written; empty where nothing is yet. */
export const CountTokens = z.strictObject({
  content: storedContent.or(z.literal('')),
  model: promptModel.nullable(),
})
export type CountTokens = z.infer<typeof CountTokens>

export const IncludedPrompts = z.strictObject({
  names: z.array(z.string().max(1_000)).max(100),
  channel: promptChannel,
})
export type IncludedPrompts = z.infer<typeof IncludedPrompts>
