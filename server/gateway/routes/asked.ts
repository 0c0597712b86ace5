import { reply } from '@/server/gateway/reply'
import type { ReplySpec } from '@/server/gateway/route'
import { type Approval, AskedForApproval } from '@/server/services/prompts/approvals.schema'

export const approvalExample: Approval = {
  id: '1b671a64-40d5-491e-99b0-da01ff1f3341',
  state: 'pending',
  kind: 'activate',
  channel: 'production',
  version: 2,
  previousVersion: 1,
  by: 'ci',
  reason: 'Shorter',
  requestedAt: '2026-11-12T14:02:11.204Z',
  decidedBy: null,
  decidedAt: null,
  note: null,
  revision: null,
}

/** What a move answers on a channel that needs the approval of a second person. */
export const asked: ReplySpec = {
  when: 'the channel needs the approval of a second person: nothing has moved yet',
  schema: AskedForApproval,
  example: { approval: approvalExample },
}

export const movedOrAsked = <T extends object>(result: T | AskedForApproval) =>
  'approval' in result ? reply(202, result) : result
