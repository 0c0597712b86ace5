import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { type Route, route } from '@/server/gateway/route'
import {
  Approval,
  ApprovalOf,
  ApproveChange,
  ListApprovals,
  RejectChange,
} from '@/server/services/prompts/approvals.schema'
import { approveChange } from '@/server/services/prompts/approve-change'
import { listApprovals } from '@/server/services/prompts/list-approvals'
import { Activation, promptName } from '@/server/services/prompts/prompts.schema'
import { rejectChange } from '@/server/services/prompts/reject-change'
import { withdrawChange } from '@/server/services/prompts/withdraw-change'
import { approvalExample } from './asked'

export const approvalRoutes = (): Route[] => [list, approve, reject, withdraw]

const name = { name: 'support/reply' }
const one = { ...name, id: approvalExample.id }
const notFound = 'There is no such prompt, or no such request (field id).'
const decided = 'It was decided already.'

const list = route({
  method: 'GET',
  path: '/v1/prompts/:name/approvals',
  scope: 'operator',
  summary: 'What waits for a second person, and what was decided',
  description:
    'Newest first, for one channel. At most one is "pending". "overtaken": what was live changed before it was decided.',
  params: z.strictObject({ name: promptName }),
  query: z.strictObject({
    channel: ListApprovals.shape.channel,
    limit: z.coerce.number().pipe(ListApprovals.shape.limit.unwrap()).default(50),
  }),
  replies: {
    200: {
      when: 'found',
      schema: z.object({ approvals: z.array(Approval) }),
      example: { approvals: [approvalExample] },
    },
  },
  errors: { not_found: 'There is no such prompt.' },
  example: { params: name, query: { channel: 'production' } },
  handle: ({ params, query, stores }) => listApprovals(stores, { ...params, ...query }),
})

const approve = route({
  method: 'POST',
  path: '/v1/prompts/:name/approvals/:id/approve',
  scope: 'operator',
  summary: 'Approve a change that somebody else asked for',
  description:
    'Makes the change, if what was live when it was asked for still is. A key acts for the operator who made it: nobody approves their own request through a key, and no key that of its maker.',
  params: ApprovalOf,
  body: ApproveChange.pick({ note: true }).prefault({}),
  replies: {
    200: {
      when: 'approved and live',
      schema: Activation,
      example: {
        version: 2,
        previousVersion: 1,
        revision: 2,
        committedAt: '2026-11-12T14:05:40.118Z',
        appliedAt: '2026-11-12T14:05:40.123Z',
      },
    },
  },
  errors: {
    forbidden: 'The key acts for the person who asked.',
    not_found: notFound,
    conflict: `${decided} Or what was live has changed: it is overtaken then.`,
  },
  example: { params: one, body: { note: 'Read and tried' } },
  handle: ({ params, body, key, stores }) => approveChange(callerOf(stores, key), { ...params, ...body }),
})

const reject = route({
  method: 'POST',
  path: '/v1/prompts/:name/approvals/:id/reject',
  scope: 'operator',
  summary: 'Reject a change that waits for approval',
  params: ApprovalOf,
  body: RejectChange.pick({ note: true }),
  replies: {
    200: {
      when: 'rejected',
      schema: z.object({ state: z.literal('rejected') }),
      example: { state: 'rejected' },
    },
  },
  errors: { not_found: notFound, conflict: decided },
  example: { params: one, body: { note: 'The tone is off' } },
  handle: ({ params, body, key, stores }) => rejectChange(callerOf(stores, key), { ...params, ...body }),
})

const withdraw = route({
  method: 'POST',
  path: '/v1/prompts/:name/approvals/:id/withdraw',
  scope: 'operator',
  summary: 'Withdraw your own request for approval',
  params: ApprovalOf,
  replies: {
    200: {
      when: 'withdrawn',
      schema: z.object({ state: z.literal('withdrawn') }),
      example: { state: 'withdrawn' },
    },
  },
  errors: { forbidden: 'Somebody else asked for it.', not_found: notFound, conflict: decided },
  example: { params: one },
  handle: ({ params, key, stores }) => withdrawChange(callerOf(stores, key), params),
})
