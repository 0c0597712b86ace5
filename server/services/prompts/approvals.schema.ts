import { z } from 'zod'
import { text } from '@/server/services/text.schema'
import { ArmWeight, promptChannel, promptName, promptVersion } from './prompts.schema'

const note = text(500)

export const ApprovalOf = z.strictObject({ name: promptName, id: z.uuid() })

export const ApproveChange = ApprovalOf.extend({ note: note.optional() })
export type ApproveChange = z.infer<typeof ApproveChange>

/** Whoever asked shall learn why not. */
export const RejectChange = ApprovalOf.extend({ note })
export type RejectChange = z.infer<typeof RejectChange>

export const WithdrawChange = ApprovalOf
export type WithdrawChange = z.infer<typeof WithdrawChange>

export const ListApprovals = z.strictObject({
  name: promptName,
  channel: promptChannel.default('production'),
  limit: z.int().min(1).max(1_000).default(50),
})
export type ListApprovals = z.infer<typeof ListApprovals>

export const SetApproval = z.strictObject({ channel: promptChannel, required: z.boolean() })
export type SetApproval = z.infer<typeof SetApproval>

/** A change that waits for a second person, or what became of it. */
export const Approval = z.object({
  id: z.uuid(),
  state: z.enum(['pending', 'approved', 'rejected', 'withdrawn', 'overtaken']),
  kind: z.enum(['activate', 'rollout']),
  channel: z.string(),
  version: promptVersion,
  arms: z.array(ArmWeight).optional().describe('of a rollout: what subjects would get'),
  steps: z.array(z.int()).optional().describe('of a rollout that is watched: the shares it would widen to by itself'),
  previousVersion: promptVersion.nullable().describe('what was live when it was asked for'),
  by: z.string(),
  reason: z.string().nullable(),
  requestedAt: z.iso.datetime(),
  decidedBy: z.string().nullable(),
  decidedAt: z.iso.datetime().nullable(),
  note: z.string().nullable(),
  revision: z.int().nullable().describe('what its approval made'),
})
export type Approval = z.infer<typeof Approval>

/** What a move answers where it has to wait. */
export const AskedForApproval = z.object({ approval: Approval })
export type AskedForApproval = z.infer<typeof AskedForApproval>
