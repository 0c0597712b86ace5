import { z } from 'zod'
import { tenantSlug } from '@/server/services/text.schema'
import { modelName } from '@/server/services/vectors/models/models.schema'

export const ReEmbeddingOf = z.strictObject({ tenant: tenantSlug })
export type ReEmbeddingOf = z.infer<typeof ReEmbeddingOf>
/** A tenant, and the model that is meant: of two people at once the second changes nothing. */
export const TenantAndModel = z.strictObject({ tenant: tenantSlug, model: modelName })
export type TenantAndModel = z.infer<typeof TenantAndModel>
