import { z } from 'zod'
import { text } from '@/server/services/text.schema'
import {
  activationRevision,
  ArmWeight,
  promptChannel,
  promptName,
  promptVersion,
  RolloutArms,
  RollOutPrompt,
} from './prompts.schema'

const percent = z.number().min(0).max(1_000)
const points = z.number().min(0).max(100)

/** How much worse the new version may be than the old one; null: not watched. */
export const RolloutLimits = z
  .strictObject({
    costPercent: percent.nullable().default(20).describe('percent more per request'),
    latencyP95Percent: percent.nullable().default(30).describe('percent more'),
    errorRatePoints: points.nullable().default(1).describe('percentage points more'),
    hitRatePoints: points.nullable().default(5).describe('percentage points less'),
  })
  .refine((limits) => Object.values(limits).some((limit) => limit !== null), 'must leave at least one limit to watch')
export type RolloutLimits = z.infer<typeof RolloutLimits>

const rising = (steps: number[]) => steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0))

export const Guard = z.strictObject({
  version: promptVersion,
  steps: z
    .array(z.int().min(1).max(100))
    .min(2)
    .max(20)
    .refine(rising, 'must rise from each step to the next')
    .refine((steps) => steps.at(-1) === 100, 'must end with 100')
    .default([5, 25, 50, 100])
    .describe('share of the new version at each step, in percent'),
  observeSeconds: z.int().min(1).max(86_400).default(600).describe('how long each step is observed; at least 60'),
  minRequests: z
    .int()
    .min(30)
    .max(1_000_000)
    .default(200)
    .describe('of each version at each step, before anything is judged'),
  limits: RolloutLimits.prefault({}),
})
export type Guard = z.infer<typeof Guard>

export const StartGuardedRollout = z.strictObject({
  name: promptName,
  channel: promptChannel.default('production'),
  guard: Guard,
  expectedRevision: activationRevision.optional(),
  reason: text(500).optional(),
})
export type StartGuardedRollout = z.infer<typeof StartGuardedRollout>

/** What the gateway accepts as a rollout: weights that stay as they are, or a version with the guard that widens it. */
export const RollOutAnyhow = RollOutPrompt.omit({ name: true })
  .extend({ arms: RolloutArms.optional(), guard: Guard.optional() })
  .refine(({ arms, guard }) => (arms === undefined) !== (guard === undefined), {
    path: ['arms'],
    error: 'give either arms or a guard, which sets the weights itself',
  })

export const StopGuardedRollout = z.strictObject({
  name: promptName,
  channel: promptChannel.default('production'),
  reason: text(500).optional(),
})
export type StopGuardedRollout = z.infer<typeof StopGuardedRollout>

export const watched = ['cost', 'latencyP95', 'errorRate', 'hitRate'] as const
export const limitVerdicts = ['fine', 'breached', 'undecided', 'not enough yet'] as const

/** One limit at one look. Change and interval are percent or points, as the limit is; worse is not always more. */
export const LimitVerdict = z.object({
  limit: z.enum(watched),
  unit: z.enum(['percent', 'points']),
  allowed: z.number(),
  n: z.object({ base: z.int(), candidate: z.int() }),
  change: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  verdict: z.enum(limitVerdicts),
  why: z.string().nullable().describe('what is missing for an interval'),
})
export type LimitVerdict = z.infer<typeof LimitVerdict>

export const RolloutVerdict = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  confidence: z.number().describe('of the intervals; a look before its time needs far more'),
  requests: z.object({ base: z.int(), candidate: z.int() }),
  limits: z.array(LimitVerdict),
  /** When the step is judged next; from then on only what is missing is waited for. */
  decidesAt: z.iso.datetime(),
  says: z.string(),
})
export type RolloutVerdict = z.infer<typeof RolloutVerdict>

export const guardStates = ['running', 'completed', 'rolled_back', 'stopped'] as const

export const GuardedRollout = z.object({
  id: z.uuid(),
  version: promptVersion,
  baseVersion: promptVersion,
  state: z.enum(guardStates),
  steps: z.array(z.int()),
  step: z.int().describe('index of the step that is or was served'),
  stepStartedAt: z.iso.datetime(),
  observeSeconds: z.int(),
  minRequests: z.int(),
  limits: RolloutLimits,
  verdict: RolloutVerdict.nullable(),
  revision: z.int().describe("what the guard made last; another live revision is somebody else's"),
  startedBy: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  endedReason: z.string().nullable(),
})
export type GuardedRollout = z.infer<typeof GuardedRollout>

/** What a channel serves by weight, and the guard that watches it or watched last. */
export const RolloutStatus = z.object({
  name: promptName,
  channel: promptChannel,
  version: promptVersion.nullable(),
  revision: z.int().nullable(),
  arms: z.array(ArmWeight).nullable(),
  guard: GuardedRollout.nullable(),
})
export type RolloutStatus = z.infer<typeof RolloutStatus>
