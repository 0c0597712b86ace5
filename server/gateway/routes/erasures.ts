import { z } from 'zod'
import { type Route, route } from '@/server/gateway/route'
import { listReceipts, receiptOfErasure } from '@/server/services/tenants/erasures'
import { publicKeys } from '@/server/services/tenants/sign-receipt'
import { ErasureRef, erasureReceipt } from '@/server/services/tenants/tenants.schema'
import { tenantSlug } from '@/server/services/text.schema'
import { receiptExample } from './tenants'

const publicKey = z.object({
  id: z.string(),
  algorithm: z.literal('Ed25519'),
  publicKey: z.string(),
  createdAt: z.iso.datetime(),
})

/** Receipts of erased tenants, and what they are checked with. */
export function erasureRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/erasures',
      scope: 'operator',
      summary: 'List the receipts of erased tenants',
      description: 'Newest first.',
      query: z.strictObject({
        tenant: tenantSlug.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(20),
      }),
      example: { query: { tenant: 'acme' } },
      replies: {
        200: {
          when: 'always',
          schema: z.object({ receipts: z.array(erasureReceipt) }),
          example: { receipts: [receiptExample] },
        },
      },
      handle: async ({ query: { tenant = null, limit }, stores }) => ({
        receipts: await listReceipts(stores, { tenant, limit }),
      }),
    }),
    route({
      method: 'GET',
      path: '/v1/erasures/:id',
      scope: 'operator',
      summary: 'Read the receipt of an erasure',
      params: ErasureRef,
      example: { params: { id: receiptExample.id } },
      replies: { 200: { when: 'it is there', schema: erasureReceipt, example: receiptExample } },
      errors: { not_found: 'There is no such erasure.', conflict: 'It is under way, or it failed.' },
      handle: ({ params, stores }) => receiptOfErasure(stores, params),
    }),
    route({
      method: 'GET',
      path: '/erasure-keys',
      scope: 'none',
      summary: 'Public keys that receipts are checked with',
      description:
        'A receipt is signed with Ed25519 as JSON without its `signature`, without spaces, keys in order. To check one: ' +
        '`jq -cjS "del(.signature)" receipt.json > signed; jq -r .signature.value receipt.json | base64 -d > signature`, save ' +
        '`publicKey` of the key with its `keyId` as `key.pem`, and then ' +
        '`openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature`.',
      example: {},
      replies: {
        200: {
          when: 'always',
          schema: z.object({ keys: z.array(publicKey) }),
          example: {
            keys: [
              {
                id: receiptExample.signature.keyId,
                algorithm: 'Ed25519',
                publicKey: '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA…\n-----END PUBLIC KEY-----\n',
                createdAt: '2026-11-21T12:00:00.000Z',
              },
            ],
          },
        },
      },
      handle: async ({ stores }) => ({ keys: await publicKeys(stores) }),
    }),
  ]
}
