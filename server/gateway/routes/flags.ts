import { z } from 'zod'
import { callerOf, requireTenant } from '@/server/gateway/key'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { evaluateFlag } from '@/server/services/flags/evaluate-flag'
import { AskFlag, FlagAnswer, flagName, PutFlag } from '@/server/services/flags/flags.schema'
import { putFlag } from '@/server/services/flags/put-flag'

const path = '/v1/flags/:name'
const params = z.strictObject({ name: flagName })
const example = { name: 'new-checkout' }

export const flagRoutes = ({ flags }: Pick<Services, 'flags'>): Route[] => [
  route({
    method: 'PUT',
    path,
    scope: 'operator',
    summary: 'Set a flag',
    description:
      'Makes the flag where there is none. Named users and groups get it, and of the others a share, always the same subjects: a wider share keeps whom it had. With "tenant" the rules hold for that tenant instead of those for all.',
    params,
    body: PutFlag,
    example: { params: example, body: { enabled: true, share: 20, groups: ['beta'], reason: 'First users' } },
    replies: {
      200: {
        when: 'it holds; "applied" tells whether Redis knows already',
        schema: z.object({
          name: z.string(),
          revision: z.int(),
          committedAt: z.iso.datetime(),
          applied: z.boolean(),
        }),
        example: { name: 'new-checkout', revision: 3, committedAt: '2026-11-21T12:00:00.000Z', applied: true },
      },
    },
    errors: { conflict: 'It was changed since expectedRevision.', not_found: 'There is no flag of that name.' },
    handle: ({ params, body, key, stores }) => putFlag(callerOf(stores, key), { ...params, ...body }),
  }),
  route({
    method: 'GET',
    path,
    scope: 'app',
    summary: 'Whether a flag is on for a subject, and why',
    description:
      'The same subject always gets the same answer of the same share. A change is seen within 250 ms; GET /v1/stream tells of it at once.',
    params,
    query: AskFlag,
    example: { params: example, query: { subject: 'u-17', groups: 'staff,beta', tenant: 'acme' } },
    replies: {
      200: {
        when: 'there is such a flag',
        schema: FlagAnswer,
        example: { enabled: true, reason: 'on: group beta' },
      },
    },
    errors: { not_found: 'There is no flag of that name.' },
    handle: async ({ params: { name }, query, key }) => {
      if (query.tenant !== undefined) requireTenant(key, query.tenant)
      return evaluateFlag(await flags.read(name), query)
    },
  }),
]
