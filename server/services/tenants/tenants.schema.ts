import { z } from 'zod'
import { tenantSlug, text } from '@/server/services/text.schema'

export const tenantRef = z.strictObject({ slug: tenantSlug })
export const createTenantInput = z.strictObject({ slug: tenantSlug, name: text(200).optional() })
export type CreateTenantInput = z.infer<typeof createTenantInput>

const rows = z.number().int().nonnegative()
const redisKeys = z.object({
  answers: rows,
  answerDigests: rows,
  sessions: rows,
  leaderboards: rows,
  searches: rows,
  limits: rows,
  budgets: rows,
  kv: rows,
  waitingTurns: rows,
})
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
  usageDailyStatuses: rows,
  cacheLookups: rows,
  priceOverrides: rows,
  priceAliases: rows,
  priceCorrectionSlices: rows,
  priceCorrectionRows: rows,
  budgets: rows,
  flagOverrides: rows,
  flagChanges: rows,
  leaderboards: rows,
  memory: rows,
  memoryActivity: rows,
  memorySearches: rows,
  memorySamples: rows,
  memoryRecalls: rows,
  memoryReEmbeddings: rows,
  memoryPartitions: rows,
  jobs: rows,
  apiKeys: rows,
  limitCounters: rows,
  limitCounts: rows,
  limitPolicies: rows,
  kvLogged: rows,
  kvUnlogged: rows,
  sessionsUnlogged: rows,
  conversations: rows,
  messages: rows,
})

/** What becomes of the tenant's calls and their sums; everything else goes in any case. */
export const usagePolicies = ['erase', 'anonymise', 'keep'] as const
export const usagePolicy = z.enum(usagePolicies)
export type UsagePolicy = z.infer<typeof usagePolicy>

const inBoth = z.object({ redis: redisKeys, postgres: postgresRows })

/** What an erasure would take, by family. */
export const tenantCounts = inBoth.extend({ tenant: tenantSlug, countedAt: z.iso.datetime() })
export type TenantCounts = z.infer<typeof tenantCounts>

/** What an erasure took from each memory, and what a second look found there afterwards. */
export const erasureReceipt = z.object({
  id: z.uuid(),
  tenant: tenantSlug,
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  erasedAt: z.iso.datetime(),
  /** More than 1 where a process was killed on the way: what that one took is counted in `found` for certain. */
  attempts: z.number().int().positive(),
  usage: usagePolicy,
  found: inBoth,
  redis: redisKeys,
  postgres: postgresRows,
  /** Rows that `usage` kept, under the tenant's name or under one that says nothing. */
  kept: postgresRows.partial(),
  /** True when the second look found nothing but what is kept under the tenant's name. */
  verified: z.boolean(),
  remaining: inBoth,
  signature: z.object({ algorithm: z.literal('Ed25519'), keyId: z.string(), value: z.string() }),
})
export type ErasureReceipt = z.infer<typeof erasureReceipt>
export type UnsignedReceipt = Omit<ErasureReceipt, 'signature'>

export const EraseTenant = z.strictObject({
  slug: tenantSlug,
  usage: usagePolicy.default('erase'),
  reason: text(500).nullish(),
})
export type EraseTenant = z.input<typeof EraseTenant>

export const ErasureRef = z.strictObject({ id: z.uuid() })
export const ListErasures = z.strictObject({ tenant: z.string().max(63).nullable() })
/** A receipt as somebody kept it. */
export const CheckReceipt = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(64 * 1024),
})
