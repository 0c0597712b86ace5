import { z } from 'zod'
import { jsonValue } from '@/server/services/json.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

const MAX_DATA_BYTES = 256 * 1024
const MAX_TTL_SECONDS = 30 * 24 * 3600

export const sessionRef = z.strictObject({ id: text(200) })

export const sessionInput = z.strictObject({
  tenant: tenantSlug,
  user: text(200),
  ttlSeconds: z.number().int().min(1).max(MAX_TTL_SECONDS),
  data: jsonValue(MAX_DATA_BYTES),
})
export type SessionInput = z.infer<typeof sessionInput>

export const turnInput = z.strictObject({
  id: text(200).optional().describe('Sent again, the turn is added once, as long as it is among the last 50'),
  role: z.enum(['user', 'assistant', 'system', 'tool']),
  content: text(32_000),
  usageId: text(200).optional().describe('The id of the usage event of the call that made this turn'),
})
export type TurnInput = z.infer<typeof turnInput>

const instant = z.iso.datetime()
export const turn = turnInput.extend({ at: instant })
export type Turn = z.infer<typeof turn>

export const session = z.object({
  id: z.string(),
  tenant: tenantSlug,
  user: z.string(),
  ttlSeconds: z.number().int(),
  data: z.unknown(),
  /** The last 50, oldest first. */
  turns: z.array(turn),
  createdAt: instant,
  expiresAt: instant,
})
export type Session = z.infer<typeof session>
