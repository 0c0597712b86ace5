import { z } from 'zod'
import { requireTenant } from '@/server/gateway/key'
import { raw, reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { deleteEntry } from '@/server/services/cache/delete-entry'
import { entryInput, entryName, entryTenant } from '@/server/services/cache/entries.schema'
import { lookUpEntry } from '@/server/services/cache/look-up-entry'
import { putEntry } from '@/server/services/cache/put-entry'

const path = '/v1/cache/:namespace/:key'
const example = { params: { namespace: 'answers', key: 'what-is-engram' }, query: { tenant: 'acme' } }

export function cacheRoutes({ lookups, keyUses }: Services): Route[] {
  return [
    route({
      method: 'PUT',
      path,
      scope: 'app',
      summary: 'Keep an answer',
      description:
        'Keeps the answer to an exact key for a time. costUsd is what it cost to make, and so what each later hit saves; ' +
        'the console adds that up. prompt says with which version it was made, so that the console can tell what another ' +
        'one would cost. A tenant that a key of all tenants names for the first time is registered.',
      params: entryName,
      query: entryTenant,
      body: entryInput,
      example: {
        ...example,
        body: {
          value: { text: 'A data layer.' },
          ttlSeconds: 3600,
          costUsd: '0.0042',
          prompt: { name: 'support/reply', version: 1 },
        },
      },
      replies: {
        200: {
          when: 'the answer is kept',
          schema: z.object({ expiresAt: z.iso.datetime() }),
          example: { expiresAt: '2026-11-21T13:00:00.000Z' },
        },
      },
      handle: ({ params, query, body, key, stores }) => {
        requireTenant(key, query.tenant)
        return putEntry(stores, { key: { ...params, ...query }, entry: body, simulated: key.simulated })
      },
    }),
    route({
      method: 'GET',
      path,
      scope: 'app',
      summary: 'Look an answer up',
      description:
        'One GET in Redis, counted as a hit or a miss of the namespace and tenant. While Redis does not answer, the reply is ' +
        'a miss with the header engram-degraded: redis; such a look-up is counted as neither, because no cache was asked.',
      params: entryName,
      query: entryTenant,
      example,
      replies: {
        200: {
          when: 'there is an answer',
          schema: z.object({ hit: z.literal(true), value: z.unknown() }),
          example: { hit: true, value: { text: 'A data layer.' } },
        },
        404: { when: 'there is none', schema: z.object({ hit: z.literal(false) }), example: { hit: false } },
      },
      handle: async ({ params, query, key, stores }) => {
        requireTenant(key, query.tenant)
        keyUses.note(key.id, { call: 'cache', tenant: query.tenant, model: null })
        const found = await lookUpEntry(stores, { key: { ...params, ...query }, simulated: key.simulated, lookups })
        if (found.result === 'hit')
          return raw(200, 'application/json; charset=utf-8', `{"hit":true,"value":${found.value}}`)
        return reply(404, { hit: false }, found.result === 'degraded' ? { 'engram-degraded': 'redis' } : undefined)
      },
    }),
    route({
      method: 'DELETE',
      path,
      scope: 'app',
      summary: 'Forget an answer',
      params: entryName,
      query: entryTenant,
      example,
      replies: {
        200: { when: 'in any case', schema: z.object({ deleted: z.boolean() }), example: { deleted: true } },
      },
      handle: ({ params, query, key, stores }) => {
        requireTenant(key, query.tenant)
        return deleteEntry(stores, { ...params, ...query })
      },
    }),
  ]
}
