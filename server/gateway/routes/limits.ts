import { z } from 'zod'
import { callerOf, tenantFor } from '@/server/gateway/key'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { deletePolicy } from '@/server/services/limits/delete-policy'
import { consumed, consumeInput, policyRef, policyTenant, policyTerms } from '@/server/services/limits/limits.schema'
import { setPolicy } from '@/server/services/limits/set-policy'

const path = '/v1/limits/:policy'
const params = { policy: 'chat' }
const set = z.object({ id: z.uuid(), created: z.boolean() })
const id = '0b9f5a52-61a5-4a50-9be2-0f6a1c1b7a10'

export function limitRoutes({ consumeLimit }: Pick<Services, 'consumeLimit'>): Route[] {
  return [
    route({
      method: 'PUT',
      path,
      scope: 'operator',
      summary: 'Set a rate limit',
      description:
        'kind is fixed_window (windows of the clock), sliding_window (never more than points in any windowSeconds; a point ' +
        'counts for the window and at most a sixtieth of it longer) or token_bucket. With tenant it is that tenant’s own and ' +
        'goes before the one of everybody. Counters go on when only points change; another kind or window begins anew.',
      params: policyRef,
      body: policyTerms,
      example: { params, body: { kind: 'fixed_window', points: 60, windowSeconds: 60, subject: 'user' } },
      replies: {
        201: { when: 'it was set', schema: set, example: { id, created: true } },
        200: { when: 'it was there and is as asked now', schema: set, example: { id, created: false } },
      },
      errors: { conflict: 'There are too many limits.' },
      handle: async ({ params, body, key, stores }) => {
        const result = await setPolicy(callerOf(stores, key), { ...body, name: params.policy, create: false })
        return reply(result.created ? 201 : 200, result)
      },
    }),
    route({
      method: 'POST',
      path: `${path}/consume`,
      scope: 'app',
      summary: 'Take points from a rate limit',
      description:
        'Decided in one step: what is refused is not counted. Redis keeps the counters; while it does not answer, Postgres ' +
        'decides from counters of its own that begin empty, so that around each change of store a subject may get its points ' +
        'once more. Where the call would count towards a budget that refuses and is used up, nothing is taken, allowed is false ' +
        'and budgetsUsedUp names it. Without tenant the tenant of the key is meant, where it is bound to one.',
      params: policyRef,
      body: consumeInput,
      example: { params, body: { subject: 'u-42' } },
      replies: {
        200: {
          when: 'admitted or refused',
          schema: consumed,
          example: { allowed: true, remaining: 59, resetMs: 41_210, retryMs: null, decidedBy: 'redis' },
        },
      },
      errors: { not_found: 'There is no such limit.' },
      handle: ({ params, body, key }) => consumeLimit({ ...body, ...params, tenant: tenantFor(key, body.tenant), key }),
    }),
    route({
      method: 'DELETE',
      path,
      scope: 'operator',
      summary: 'Delete a rate limit',
      description:
        'That of everybody, or with tenant that tenant’s own. Applications that ask for it get not_found then.',
      params: policyRef,
      query: policyTenant,
      example: { params },
      replies: { 200: { when: 'it was there', schema: z.object({ id: z.uuid() }), example: { id } } },
      errors: { not_found: 'There is no such limit.' },
      handle: ({ params, query, key, stores }) =>
        deletePolicy(callerOf(stores, key), { name: params.policy, tenant: query.tenant ?? null }),
    }),
  ]
}
