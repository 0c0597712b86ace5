import { z } from 'zod'
import { isStorable, text } from '@/server/services/text.schema'
import { promptConfig } from './config.schema'
import { unclosedIn, unclosedText } from './variables.schema'

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

const MAX_CONTENT_BYTES = 1_000_000
const tooLong = 'must be at most 1 MB (1,000,000 bytes in UTF-8)'
const bytesOf = (value: string) => new TextEncoder().encode(value).length

/** Any text that both stores can hold, whatever braces it has: what a history is restored with. */
export const storedContent = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_CONTENT_BYTES, { error: tooLong, abort: true })
  .refine((content) => bytesOf(content) <= MAX_CONTENT_BYTES, { error: tooLong, abort: true })
  .refine(isStorable, 'must not contain NUL or lone surrogates')

/** What a person writes: its `{{variables}}` and `{{> includes}}` must be closed. */
export const promptContent = storedContent.superRefine((content, context) => {
  const unclosed = unclosedIn(content)
  if (unclosed) context.addIssue({ code: 'custom', message: unclosedText(unclosed) })
})
export const promptModel = text(200)
export const versionMessage = text(500)

/** `force` adds a version that differs in nothing from the newest. */
export const CreateVersion = z.strictObject({
  name: promptName,
  content: promptContent,
  model: promptModel.nullish(),
  config: promptConfig.optional(),
  message: versionMessage.optional(),
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

export const ArmWeight = z.object({
  version: promptVersion,
  weight: z
    .number()
    .min(0.01)
    .max(100)
    .refine((weight) => hundredths(weight) / 100 === weight, 'must have at most two decimals')
    .describe('percent of the subjects'),
})
export type ArmWeight = z.infer<typeof ArmWeight>

/** A weight counted in buckets: one for each hundredth of a percent. */
export const hundredths = (weight: number) => Math.round(weight * 100)
const MOST_ARMS = 10

export const RolloutArms = z
  .array(ArmWeight.strict())
  .min(2, 'needs at least two versions; activate a version to serve it alone')
  .max(MOST_ARMS)
  .refine((arms) => new Set(arms.map(({ version }) => version)).size === arms.length, 'must name each version once')
  .refine((arms) => arms.reduce((sum, { weight }) => sum + hundredths(weight), 0) === 10_000, {
    error: ({ input }) => `weights must add up to exactly 100; these add up to ${total(input)}`,
  })

const total = (arms: unknown) => (arms as ArmWeight[]).reduce((sum, { weight }) => sum + hundredths(weight), 0) / 100

/** Starts a rollout or changes the one that runs. The version that is live in full has to be one of the arms. */
export const RollOutPrompt = z.strictObject({
  name: promptName,
  arms: RolloutArms,
  channel,
  expectedRevision: activationRevision.optional(),
  reason: reason.optional(),
})
export type RollOutPrompt = z.infer<typeof RollOutPrompt>

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

/** Of a rollout `version` is the base: what is read without a subject, and what a rollback returns to. */
export const RolloutActivation = Activation.extend({ arms: z.array(ArmWeight) })
export type RolloutActivation = z.infer<typeof RolloutActivation>

export const ActivationRecord = z.object({
  version: promptVersion,
  previousVersion: promptVersion.nullable(),
  revision: z.int(),
  kind: z.enum(['activate', 'rollback', 'rollout']),
  arms: z.array(ArmWeight).optional().describe('of a rollout: what subjects get from here on'),
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
