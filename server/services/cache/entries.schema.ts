import { z } from 'zod'
import { jsonValue } from '@/server/services/json.schema'
import { promptName, promptVersion } from '@/server/services/prompts/prompts.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

const MAX_VALUE_BYTES = 1024 * 1024
const MAX_TTL_SECONDS = 30 * 24 * 3600
const MAX_COST_USD = 1_000_000

export const entryName = z.strictObject({ namespace: text(100), key: text(1_000) })
export const entryTenant = z.strictObject({ tenant: tenantSlug })
export type EntryKey = z.infer<typeof entryName> & z.infer<typeof entryTenant>

const DECIMAL = /^\d{1,7}(\.\d{1,12})?$/

/** US dollars as a decimal string; a number is rounded to 10^-12. */
const costUsd = z
  .union([
    z.string().regex(DECIMAL, 'must be a decimal like "0.0042", with at most 12 decimals'),
    z
      .number()
      .nonnegative()
      .transform((usd) => usd.toFixed(12)),
  ])
  .refine((usd) => Number(usd) <= MAX_COST_USD, `must be at most ${MAX_COST_USD}`)

export const entryInput = z.strictObject({
  value: jsonValue(MAX_VALUE_BYTES),
  ttlSeconds: z.number().int().min(1).max(MAX_TTL_SECONDS),
  costUsd: costUsd.optional(),
  prompt: z
    .strictObject({ name: promptName, version: promptVersion })
    .optional()
    .describe('What the answer was made with: activating another version tells how many answers that costs'),
})
export type EntryInput = z.infer<typeof entryInput>
