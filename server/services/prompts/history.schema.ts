import { z } from 'zod'
import { text } from '@/server/services/text.schema'
import { promptConfig } from './config.schema'
import {
  activationRevision,
  promptChannel,
  promptModel,
  promptName,
  promptVersion,
  storedContent,
  versionMessage,
} from './prompts.schema'

/** An import may be this large as JSON; an export that would be larger is refused, because nothing could take it back. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024

const at = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 instant with its offset' })
const by = text(200)
const BUCKETS = 10_000

const VersionRecord = z.strictObject({
  version: promptVersion,
  content: storedContent,
  model: promptModel.nullable(),
  config: promptConfig,
  message: versionMessage.nullable(),
  tokens: z.int().min(0).max(2_147_483_647).nullable(),
  tokenizer: text(50).nullable(),
  by,
  at,
})

const bucket = z.int().min(0).max(BUCKETS)
const RolloutRecord = z
  .strictObject({
    salt: text(200),
    arms: z
      .array(
        z.strictObject({
          version: promptVersion,
          weight: z.number().min(0).max(100),
          buckets: z.array(z.tuple([bucket, bucket])),
        }),
      )
      .min(1)
      .max(20),
  })
  .refine(({ arms }) => coversAll(arms.flatMap(({ buckets }) => buckets)), 'must hold each bucket once')

/** Half-open ranges that hold 0 to 9,999, each once. */
function coversAll(ranges: [number, number][]): boolean {
  let next = 0
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    if (from !== next || to <= from) return false
    next = to
  }
  return next === BUCKETS
}

const ActivationOfHistory = z.strictObject({
  channel: promptChannel,
  revision: activationRevision.min(1),
  version: promptVersion,
  previousVersion: promptVersion.nullable(),
  rollbackRevision: activationRevision.min(1).nullable(),
  kind: z.enum(['activate', 'rollback', 'rollout']),
  rollout: RolloutRecord.nullable(),
  byKind: z.enum(['operator', 'key', 'system']),
  by,
  reason: text(5_000).nullable(),
  at,
  appliedAt: at.nullable(),
})

/** A prompt with its whole history, as `GET /v1/prompts/:name/export` writes it. */
export const PromptDocument = z
  .strictObject({
    format: z.literal('engram.prompt'),
    formatVersion: z.literal(1, 'is not a format that this version of Engram reads'),
    name: promptName,
    description: text(1_000).nullable(),
    by,
    at,
    versions: z.array(VersionRecord).max(10_000),
    activations: z.array(ActivationOfHistory).max(50_000),
  })
  .superRefine(({ versions, activations }, context) => {
    const flaw = flawOfVersions(versions) ?? flawOfActivations(activations, versions.length)
    if (flaw) context.addIssue({ code: 'custom', ...flaw })
  })
export type PromptDocument = z.infer<typeof PromptDocument>
export type VersionOfHistory = PromptDocument['versions'][number]
export type ActivationOfHistory = PromptDocument['activations'][number]

type Flaw = { path: (string | number)[]; message: string }

function flawOfVersions(versions: readonly { version: number }[]): Flaw | null {
  const index = versions.findIndex(({ version }, place) => version !== place + 1)
  return index === -1
    ? null
    : { path: ['versions', index, 'version'], message: `must be ${index + 1}: versions count from 1` }
}

/** R1: per channel the revisions count from 1, each move begins where the one before it ended, and versions exist. */
function flawOfActivations(activations: readonly ActivationOfHistory[], versions: number): Flaw | null {
  const last = new Map<string, ActivationOfHistory>()
  for (const [index, activation] of activations.entries()) {
    const before = last.get(activation.channel)
    const { revision, version, previousVersion, rollbackRevision, rollout } = activation
    const wrong = (field: string, message: string) => ({ path: ['activations', index, field], message })
    if (revision !== (before?.revision ?? 0) + 1)
      return wrong('revision', `must be ${(before?.revision ?? 0) + 1}: revisions of a channel count from 1, in order`)
    if (version > versions) return wrong('version', 'is not among the versions')
    if (previousVersion !== (before?.version ?? null))
      return wrong('previousVersion', 'must be the version of the move before it, or null')
    if (rollbackRevision !== null && rollbackRevision >= revision)
      return wrong('rollbackRevision', 'must be an earlier one')
    if (rollout?.arms.some((arm) => arm.version > versions))
      return wrong('rollout', 'names a version that is not there')
    last.set(activation.channel, activation)
  }
  return null
}

/** `name` restores under another name; `dryRun` only says what would happen. */
export const ImportOptions = z.strictObject({
  name: promptName.optional(),
  dryRun: z.boolean().default(false),
})

export const ImportPrompt = ImportOptions.safeExtend({ document: PromptDocument })
export type ImportPrompt = z.infer<typeof ImportPrompt>

export const ImportReport = z.object({
  name: promptName,
  created: z.boolean().describe('whether there was no prompt of this name'),
  versions: z.object({
    added: z.array(promptVersion),
    same: z.int().describe('how many were there already, saying the same'),
  }),
  activations: z.object({
    added: z.int(),
    left: z.int().describe('left out: an import never changes what an existing prompt serves'),
  }),
  channels: z
    .array(z.object({ channel: promptChannel, version: promptVersion, revision: activationRevision }))
    .describe('what serves from here on'),
  withheld: z.array(promptChannel).describe('channels that need approval, and so serve nothing yet'),
})
export type ImportReport = z.infer<typeof ImportReport>
