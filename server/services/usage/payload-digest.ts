import { createHash } from 'node:crypto'
import type { UsageEvent } from './usage.schema'

/**
 * The first 16 bytes, as hex, of the SHA-256 of what an event says, whatever the order of its fields. Tells an
 * event sent twice from two events under one id (R6).
 */
export function payloadDigest(event: UsageEvent): string {
  const said = [
    event.user ?? null,
    event.conversation ?? null,
    event.provider,
    event.model,
    event.inputTokens,
    event.outputTokens,
    event.cachedInputTokens,
    event.cacheWriteTokens,
    event.latencyMs ?? null,
    event.ttftMs ?? null,
    event.prompt ? [event.prompt.name, event.prompt.version] : null,
    event.cached,
    event.status,
    event.occurredAt.getTime(),
  ]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32)
}
