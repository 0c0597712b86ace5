import { z } from 'zod'
import { tenantSlug, text } from '@/server/services/text.schema'

export const tenantRef = z.strictObject({ slug: tenantSlug })
export const createTenantInput = z.strictObject({ slug: tenantSlug, name: text(200).optional() })
export type CreateTenantInput = z.infer<typeof createTenantInput>

const rows = z.number().int().nonnegative()
const redisKeys = z.object({ answers: rows, answerDigests: rows, sessions: rows })
const postgresRows = z.object({
  tenants: rows,
  llmUsage: rows,
  usageEvents: rows,
  usageDeltas: rows,
  usageHourly: rows,
  usageHourlyUsers: rows,
  usageHourlyStatuses: rows,
  usageHourlyLatencies: rows,
  usageDaily: rows,
  usageDailyUsers: rows,
  cacheLookups: rows,
  priceOverrides: rows,
  priceAliases: rows,
  priceCorrectionSlices: rows,
  priceCorrectionRows: rows,
  budgets: rows,
})

/** What an erasure took from each memory, and what a second look found there afterwards. */
export const erasureReceipt = z.object({
  tenant: tenantSlug,
  erasedAt: z.iso.datetime(),
  redis: redisKeys,
  postgres: postgresRows,
  /** True when the second look found nothing. */
  verified: z.boolean(),
  remaining: z.object({ redis: redisKeys, postgres: postgresRows }),
})
export type ErasureReceipt = z.infer<typeof erasureReceipt>
