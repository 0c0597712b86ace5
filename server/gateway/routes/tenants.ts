import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import { createTenant } from '@/server/services/tenants/create-tenant'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { createTenantInput, erasureReceipt, tenantRef } from '@/server/services/tenants/tenants.schema'

const path = '/v1/tenants/:slug'
const tenant = z.object({ slug: z.string(), name: z.string(), createdAt: z.iso.datetime() })
const params = { slug: 'acme' }
const known = { slug: 'acme', name: 'Acme Ltd', createdAt: '2026-11-21T12:00:00.000Z' }
const noRows = {
  tenants: 0,
  llmUsage: 0,
  usageEvents: 0,
  usageDeltas: 0,
  usageHourly: 0,
  usageHourlyUsers: 0,
  usageHourlyStatuses: 0,
  usageHourlyLatencies: 0,
  usageDaily: 0,
  usageDailyUsers: 0,
  cacheLookups: 0,
  priceOverrides: 0,
  priceAliases: 0,
  priceCorrectionSlices: 0,
  priceCorrectionRows: 0,
  budgets: 0,
}

export function tenantRoutes(): Route[] {
  return [
    route({
      method: 'PUT',
      path,
      scope: 'operator',
      summary: 'Register a tenant',
      description: 'A tenant that is there already stays as it is.',
      params: tenantRef,
      body: createTenantInput.pick({ name: true }).optional(),
      example: { params, body: { name: 'Acme Ltd' } },
      replies: {
        201: { when: 'it was registered', schema: tenant, example: known },
        200: { when: 'it was there already', schema: tenant, example: known },
      },
      handle: async ({ params, body, key, stores }) => {
        const { created, tenant } = await createTenant(callerOf(stores, key), {
          ...params,
          ...body,
          simulated: key.simulated,
        })
        const { slug, name, createdAt } = tenant
        return reply(created ? 201 : 200, { slug, name, createdAt })
      },
    }),
    route({
      method: 'DELETE',
      path,
      scope: 'operator',
      summary: 'Erase a tenant from both memories',
      description:
        'Erases cached answers and sessions in Redis and every row in Postgres, looks again, and returns a receipt that the ' +
        'audit log keeps. All that was acknowledged before is gone. Applications that go on writing for the tenant bring it ' +
        'back with what is new: end their keys first. Takes as long as it takes; large tenants need minutes.',
      params: tenantRef,
      example: { params },
      replies: {
        200: {
          when: 'it is erased',
          schema: erasureReceipt,
          example: {
            tenant: 'acme',
            erasedAt: '2026-11-21T12:00:00.000Z',
            redis: { answers: 132, answerDigests: 120, sessions: 4 },
            postgres: { ...noRows, tenants: 1, llmUsage: 9214, usageEvents: 9214, usageHourly: 88, cacheLookups: 311 },
            verified: true,
            remaining: { redis: { answers: 0, answerDigests: 0, sessions: 0 }, postgres: noRows },
          },
        },
      },
      errors: { not_found: 'There is no such tenant.' },
      handle: ({ params, key, stores }) => eraseTenant(callerOf(stores, key), params),
    }),
  ]
}
