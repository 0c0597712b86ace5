/** One call of a model. `inputTokens` is the total: cache reads and writes are part of it. */
export type UsageEvent = {
  /** Made by the SDK where absent; sent again under the same id, an event counts once. */
  id?: string
  tenant: string
  user?: string
  conversation?: string
  /** As `openai`, `anthropic`, `google`. */
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  cachedInputTokens?: number
  cacheWriteTokens?: number
  latencyMs?: number
  /** Time to first token. */
  ttftMs?: number
  prompt?: { name: string; version: number }
  /** Answered from the application's own cache: costs nothing. */
  cached?: boolean
  status?: 'ok' | 'error' | 'timeout' | 'refused' | 'cancelled'
  /** Now, where absent. */
  occurredAt?: Date | string
}
