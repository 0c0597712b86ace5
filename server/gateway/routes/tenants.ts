import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import { createTenant } from '@/server/services/tenants/create-tenant'
import { countTenant } from '@/server/services/tenants/count-tenant'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import {
  createTenantInput,
  erasureReceipt,
  tenantCounts,
  tenantRef,
  usagePolicy,
} from '@/server/services/tenants/tenants.schema'

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
  usageDailyStatuses: 0,
  cacheLookups: 0,
  priceOverrides: 0,
  priceAliases: 0,
  priceCorrectionSlices: 0,
  priceCorrectionRows: 0,
  budgets: 0,
  flagOverrides: 0,
  flagChanges: 0,
  leaderboards: 0,
  memory: 0,
  memoryActivity: 0,
  memorySearches: 0,
  memorySamples: 0,
  memoryRecalls: 0,
  memoryReEmbeddings: 0,
  memoryPartitions: 0,
  jobs: 0,
  apiKeys: 0,
  limitCounters: 0,
  limitCounts: 0,
  limitPolicies: 0,
  kvLogged: 0,
  kvUnlogged: 0,
  sessionsUnlogged: 0,
  conversations: 0,
  messages: 0,
}

const foundExample = {
  redis: {
    answers: 132,
    answerDigests: 120,
    sessions: 4,
    leaderboards: 3,
    searches: 3,
    limits: 2,
    kv: 9,
    waitingTurns: 0,
  },
  postgres: { ...noRows, tenants: 1, llmUsage: 9214, usageEvents: 9214, usageHourly: 88, cacheLookups: 311 },
}
const noKeys = {
  answers: 0,
  answerDigests: 0,
  sessions: 0,
  leaderboards: 0,
  searches: 0,
  limits: 0,
  kv: 0,
  waitingTurns: 0,
}

export const receiptExample = {
  id: '5d0c7a52-3f2b-4b9e-9a39-1c7f2f0f4d10',
  tenant: 'acme',
  requestedBy: 'ci',
  requestedAt: '2026-11-21T11:59:58.000Z',
  erasedAt: '2026-11-21T12:00:00.000Z',
  attempts: 1,
  usage: 'erase',
  found: foundExample,
  ...foundExample,
  kept: {},
  verified: true,
  remaining: { redis: noKeys, postgres: noRows },
  signature: {
    algorithm: 'Ed25519',
    keyId: 'b1946ac92492d234',
    value: 'R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs0Zm9yIGV4YW1wbGUgb25seSwgbm8gc2lnbmF0dXJlIQ==',
  },
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
      method: 'GET',
      path: `${path}/erasure`,
      scope: 'operator',
      summary: 'What erasing a tenant would take',
      description: 'The dry run: counts what both memories hold of the tenant, by family, and changes nothing.',
      params: tenantRef,
      example: { params },
      replies: {
        200: {
          when: 'it is counted',
          schema: tenantCounts,
          example: { ...foundExample, tenant: 'acme', countedAt: '2026-11-21T12:00:00.000Z' },
        },
      },
      errors: { not_found: 'There is no such tenant.' },
      handle: ({ params, stores }) => countTenant(stores, params),
    }),
    route({
      method: 'DELETE',
      path,
      scope: 'operator',
      summary: 'Erase a tenant from both memories',
      description:
        'Erases every family in Redis and Postgres, looks again, and returns a signed receipt that Engram keeps. All that was ' +
        'acknowledged before is gone; keys that are bound to the tenant alone are revoked. `usage` says what becomes of its ' +
        'calls and their sums: `erase` them, `anonymise` them (they stay in every sum under a name that says nothing), or ' +
        '`keep` them under its name, as books may have to. Applications that go on writing for the tenant bring it back ' +
        'with what is new: end their keys first. Takes as long as it takes; large tenants need minutes. Where the process ' +
        'is killed on the way the worker finishes it, and a second call waits for that and returns the receipt.',
      params: tenantRef,
      query: z.strictObject({ usage: usagePolicy.default('erase') }),
      example: { params },
      replies: { 200: { when: 'it is erased', schema: erasureReceipt, example: receiptExample } },
      errors: { not_found: 'There is no such tenant.', conflict: 'It is being erased already, with another `usage`.' },
      handle: ({ params, query, key, stores }) => eraseTenant(callerOf(stores, key), { ...params, ...query }),
    }),
  ]
}
