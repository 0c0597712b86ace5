import { z } from 'zod'
import { isStorable, TENANT_SLUG } from '@/server/services/text.schema'
import { EARLIEST, LATEST_AHEAD_MS, MAX_INTEGER, UsageEvent, usageStatuses } from './usage.schema'

const FIELDS = new Set(Object.keys(UsageEvent.shape))
const INSTANT = z.regexes.datetime({ offset: true })

/**
 * An event that is right, as `UsageEvent` would read it, in a tenth of the time; null where the schema has to judge,
 * because it is wrong or unusual. A property test holds the two together (see ADR 57).
 */
export function usualEvent(value: unknown): UsageEvent | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  for (const name in value) if (!FIELDS.has(name)) return null
  const {
    id,
    tenant,
    user,
    conversation,
    provider,
    model,
    inputTokens,
    outputTokens,
    cachedInputTokens = 0,
    cacheWriteTokens = 0,
    latencyMs,
    ttftMs,
    prompt,
    cached = false,
    status = 'ok',
    occurredAt,
  } = value as Record<keyof UsageEvent, unknown>
  if (!isText(id, 200) || !isText(provider, 100) || !isText(model, 200)) return null
  if (typeof tenant !== 'string' || !TENANT_SLUG.test(tenant)) return null
  if (!isCount(inputTokens) || !isCount(outputTokens) || !isCount(cachedInputTokens) || !isCount(cacheWriteTokens))
    return null
  if (cachedInputTokens + cacheWriteTokens > inputTokens) return null
  if (user !== undefined && !isText(user, 200)) return null
  if (conversation !== undefined && !isText(conversation, 200)) return null
  if (latencyMs !== undefined && !isAmount(latencyMs)) return null
  if (ttftMs !== undefined && !isAmount(ttftMs)) return null
  if (prompt !== undefined && !isPrompt(prompt)) return null
  if (typeof cached !== 'boolean' || !isStatus(status)) return null
  if (typeof occurredAt !== 'string' || !INSTANT.test(occurredAt)) return null
  const at = new Date(occurredAt)
  if (at.getTime() < EARLIEST || at.getTime() > Date.now() + LATEST_AHEAD_MS) return null
  return {
    id,
    tenant,
    user,
    conversation,
    provider,
    model,
    inputTokens,
    outputTokens,
    cachedInputTokens,
    cacheWriteTokens,
    latencyMs: latencyMs === undefined ? undefined : Math.round(latencyMs),
    ttftMs: ttftMs === undefined ? undefined : Math.round(ttftMs),
    prompt,
    cached,
    status,
    occurredAt: at,
  }
}

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max && isStorable(value)
const isAmount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= MAX_INTEGER
const isCount = (value: unknown): value is number => Number.isInteger(value) && isAmount(value)
const isStatus = (value: unknown): value is UsageEvent['status'] =>
  (usageStatuses as readonly unknown[]).includes(value)

function isPrompt(value: unknown): value is NonNullable<UsageEvent['prompt']> {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false
  const { name, version } = value as Record<string, unknown>
  return isText(name, 200) && isCount(version) && version >= 1
}
