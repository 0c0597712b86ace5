import { z } from 'zod'
import { text } from '@/server/services/text.schema'

/** More are not indexed by pgvector. */
const MAX_DIMENSIONS = 4_000
const price = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,12})?$/, 'must be a decimal number of US dollars, like 0.02')
  .nullable()

export const modelName = text(200)
export const RegisterModel = z.strictObject({
  name: modelName,
  dimensions: z.number().int().min(1).max(MAX_DIMENSIONS),
  endpoint: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).max(2_000),
  key: text(1_000).nullable().default(null),
  /** US dollars per million tokens; null where nobody knows. */
  pricePerMillion: price.default(null),
  batchSize: z.number().int().min(1).max(2_048).default(64),
  requestsPerMinute: z.number().int().min(1).max(1_000_000).nullable().default(null),
})
export type RegisterModel = z.infer<typeof RegisterModel>
export const ModelRef = z.strictObject({ name: modelName })
export type ModelRef = z.infer<typeof ModelRef>
