import { z } from 'zod'
import { text } from '@/server/services/text.schema'
import { promptConfig } from './config.schema'

/** May hold slashes, spaces and dots; it only has to survive a URL and one line of a table. */
export const promptName = text(200)
  .refine((name) => name.trim() === name, 'must not start or end with white space')
  .refine((name) => !/\p{Cc}/u.test(name), 'must not contain control characters')
  .refine((name) => name !== '.' && name !== '..', 'must not be . or .., which URLs cannot hold')

export const promptChannel = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9, ., _ and -, starting with a letter or digit')

export const promptVersion = z.int().min(1).max(2_147_483_647)
export const activationRevision = z.int().min(0)
const reason = text(500)
const channel = promptChannel.default('production')

export const CreatePrompt = z.strictObject({ name: promptName, description: text(1_000).optional() })
export type CreatePrompt = z.infer<typeof CreatePrompt>

/** `force` adds a version that differs in nothing from the newest. */
export const CreateVersion = z.strictObject({
  name: promptName,
  content: text(1_000_000),
  model: text(200).nullish(),
  config: promptConfig.optional(),
  message: text(500).optional(),
  force: z.boolean().default(false),
})
export type CreateVersion = z.infer<typeof CreateVersion>

/** `expectedRevision` is the revision that the caller saw live, 0 for a channel with nothing active yet. */
export const ActivatePrompt = z.strictObject({
  name: promptName,
  version: promptVersion,
  channel,
  expectedRevision: activationRevision.optional(),
  reason: reason.optional(),
})
export type ActivatePrompt = z.infer<typeof ActivatePrompt>

export const RollbackPrompt = z.strictObject({ name: promptName, channel, reason: reason.optional() })
export type RollbackPrompt = z.infer<typeof RollbackPrompt>

export const PromptOnChannel = z.strictObject({ name: promptName, channel })
export type PromptOnChannel = z.infer<typeof PromptOnChannel>

export const PromptHistory = z.strictObject({
  name: promptName,
  channel,
  limit: z.int().min(1).max(1_000).default(50),
})
export type PromptHistory = z.infer<typeof PromptHistory>

/** What a move of the pointer answers; `appliedAt` is null while Redis still has to be told. */
export const Activation = z.object({
  version: promptVersion,
  previousVersion: promptVersion.nullable(),
  revision: z.int(),
  committedAt: z.iso.datetime(),
  appliedAt: z.iso.datetime().nullable(),
})
export type Activation = z.infer<typeof Activation>

export const ActivationRecord = z.object({
  version: promptVersion,
  previousVersion: promptVersion.nullable(),
  revision: z.int(),
  kind: z.enum(['activate', 'rollback', 'rollout']),
  by: z.string(),
  reason: z.string().nullable(),
  at: z.iso.datetime(),
})
export type ActivationRecord = z.infer<typeof ActivationRecord>

export const ActivePrompt = z.object({
  name: z.string(),
  channel: z.string(),
  version: promptVersion,
  revision: z.int(),
  content: z.string(),
  model: z.string().nullable(),
  config: z.record(z.string(), z.unknown()),
})
export type ActivePrompt = z.infer<typeof ActivePrompt>
