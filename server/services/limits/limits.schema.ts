import { z } from 'zod'
import { Scope } from '@/server/services/scope.schema'
import { tenantSlug, text } from '@/server/services/text.schema'
import { budgetsUsedUp } from '@/server/services/usage/usage.schema'

export const limitKinds = ['fixed_window', 'sliding_window', 'token_bucket'] as const
export const limitSubjects = ['user', 'tenant'] as const

/** With windows of at most 31 days all arithmetic stays below 2^53, in units of a millisecond of a point. */
const MOST_POINTS = 1_000_000
const MOST_SECONDS = 31 * 24 * 3600
const points = (least: number) => z.int('must be a whole number').min(least).max(MOST_POINTS)

export const policyName = text(100)
const subject = text(200)

const terms = {
  kind: z.enum(limitKinds),
  points: points(1).describe('Admitted per window; of a bucket, what fits into it'),
  windowSeconds: z.int('must be a whole number').min(1).max(MOST_SECONDS),
  refillPoints: points(1)
    .nullable()
    .default(null)
    .describe('Of a bucket: points that flow in per window, evenly; as many as fit where absent'),
  subject: z
    .enum(limitSubjects)
    .nullable()
    .default(null)
    .describe('What subjects name in reported usage, so that both can be compared'),
}

/** Buckets are refilled, windows are not. */
function sensible({ kind, refillPoints }: { kind: string; refillPoints: number | null }, context: z.RefinementCtx) {
  if (kind !== 'token_bucket' && refillPoints !== null)
    context.addIssue({ code: 'custom', path: ['refillPoints'], message: 'is of token buckets only' })
}

export const policyTerms = z
  .strictObject({ ...terms, tenant: tenantSlug.nullable().default(null) })
  .superRefine(sensible)
export const policyRef = z.strictObject({ policy: policyName })
export const policyTenant = z.strictObject({ tenant: tenantSlug.optional() })

export const SetPolicy = z
  .strictObject({
    ...terms,
    name: policyName,
    tenant: tenantSlug.nullable(),
    /** Refuses to change one that is there. */
    create: z.boolean().default(false),
  })
  .superRefine(sensible)
export type SetPolicy = z.output<typeof SetPolicy>

export const DeletePolicy = z.strictObject({ name: policyName, tenant: tenantSlug.nullable() })
export type DeletePolicy = z.output<typeof DeletePolicy>

export const ResetSubject = z.strictObject({
  policyId: z.uuid(),
  tenant: z.union([z.literal(''), tenantSlug]),
  subject,
})
export type ResetSubject = z.output<typeof ResetSubject>

export const consumeInput = z.strictObject({
  subject,
  points: points(1).default(1),
  tenant: tenantSlug.optional().describe('Whose subject it is; its counter is its own'),
})
export type ConsumeInput = z.output<typeof consumeInput>

export const LimitsScope = Scope
export const PolicyScope = Scope.safeExtend({ id: z.uuid() })
export type PolicyScope = z.output<typeof PolicyScope>

export const WhatIf = z.strictObject({
  id: z.uuid(),
  points: points(1),
  windowSeconds: terms.windowSeconds,
  refillPoints: points(1).nullable(),
})
export type WhatIf = z.output<typeof WhatIf>

export const LimitsAt = z.strictObject({
  at: z.iso.datetime().transform((at) => new Date(at)),
  tenant: tenantSlug.nullable(),
})
export type LimitsAt = z.output<typeof LimitsAt>

export const consumed = z.object({
  allowed: z.boolean(),
  remaining: z.int(),
  resetMs: z.int().describe('Until nothing is used any more, if nothing else is asked'),
  retryMs: z
    .int()
    .nullable()
    .describe('Until as many points would be admitted; null where they were, or never will be'),
  decidedBy: z.enum(['redis', 'postgres']).describe('postgres while Redis does not answer'),
  budgetsUsedUp: budgetsUsedUp.optional(),
})
export type ConsumedReply = z.output<typeof consumed>
