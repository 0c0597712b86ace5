import { z } from 'zod'
import { tenantFor } from '@/server/gateway/key'
import { raw } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { kvInput, kvName, kvTenant } from '@/server/services/kv/kv.schema'

const path = '/v1/kv/:namespace/:key'
const example = { params: { namespace: 'preferences', key: 'u-42' }, query: { tenant: 'acme' } }
const expiresAt = z.iso.datetime().nullable()

export const kvRoutes = ({ kv }: Pick<Services, 'kv'>): Route[] => [
  route({
    method: 'PUT',
    path,
    scope: 'app',
    summary: 'Keep a value',
    description:
      'Any JSON value under a name, for a time or until it is deleted. The namespace lives in Redis, or in an unlogged or ' +
      'logged table of Postgres, as chosen in the console; one that is named for the first time lives in a logged table, ' +
      'where nothing is lost. Values of tenants lie apart; without tenant that of the key is meant, where it is bound to one.',
    params: kvName,
    query: kvTenant,
    body: kvInput,
    example: { ...example, body: { value: { theme: 'dark' }, ttlSeconds: 86_400 } },
    replies: {
      200: {
        when: 'the value is kept',
        schema: z.object({ expiresAt }),
        example: { expiresAt: '2026-11-22T12:00:00.000Z' },
      },
    },
    errors: { conflict: 'There are too many namespaces.' },
    handle: ({ params, query, body, key }) => kv.put({ ...params, tenant: tenantFor(key, query.tenant) }, body, key),
  }),
  route({
    method: 'GET',
    path,
    scope: 'app',
    summary: 'Read a value',
    params: kvName,
    query: kvTenant,
    example,
    replies: {
      200: {
        when: 'there is one',
        schema: z.object({ value: z.unknown(), expiresAt }),
        example: { value: { theme: 'dark' }, expiresAt: '2026-11-22T12:00:00.000Z' },
      },
    },
    errors: { not_found: 'There is no such entry, or it has expired.' },
    handle: async ({ params, query, key }) => {
      const { value, expiresAt } = await kv.get({ ...params, tenant: tenantFor(key, query.tenant) }, key)
      const body = `{"value":${value},"expiresAt":${JSON.stringify(expiresAt)}}`
      return raw(200, 'application/json; charset=utf-8', body)
    },
  }),
  route({
    method: 'DELETE',
    path,
    scope: 'app',
    summary: 'Delete a value',
    params: kvName,
    query: kvTenant,
    example,
    replies: {
      200: { when: 'in any case', schema: z.object({ deleted: z.boolean() }), example: { deleted: true } },
    },
    handle: ({ params, query, key }) => kv.delete({ ...params, tenant: tenantFor(key, query.tenant) }),
  }),
]
