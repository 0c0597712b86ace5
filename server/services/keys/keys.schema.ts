import { z } from 'zod'
import { tenantSlug, text } from '@/server/services/text.schema'

export const keyScopes = ['app', 'operator'] as const
export type KeyScope = (typeof keyScopes)[number]

export const CreateKey = z
  .strictObject({
    name: text(80),
    scope: z.enum(keyScopes),
    /** Slugs that the key may act for; null means every tenant. */
    tenants: z.array(tenantSlug).min(1, 'name at least one tenant, or choose all').max(100).nullable(),
  })
  .refine((key) => key.scope === 'app' || key.tenants === null, {
    path: ['tenants'],
    error: 'an operator key always acts for all tenants',
  })
export type CreateKey = z.infer<typeof CreateKey>

export const KeyId = z.strictObject({ id: z.uuid() })
export type KeyId = z.infer<typeof KeyId>

/** How long a revoked key may still be honoured by a gateway that has just seen it. */
export const revocationSeconds = 5
