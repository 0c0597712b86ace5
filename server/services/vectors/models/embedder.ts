import { setTimeout as sleep } from 'node:timers/promises'
import type { EmbeddingModel } from '@/db/postgres/queries/embedding-models'
import { askEndpoint, EndpointError } from './ask-endpoint'
import { embedLocally } from './local-embedder'
import { unsealKey } from './seal-key'

/** How long an endpoint is waited for, and how often it is asked again; tests take less. */
export type Patience = { deadlineMs: number; firstWaitMs: number; attempts: number }
const usual: Patience = { deadlineMs: 60_000, firstWaitMs: 500, attempts: 7 }
const LONGEST_WAIT_MS = 60_000
const MINUTE_MS = 60_000
/** Of English text, by the rule of thumb that OpenAI gives. */
export const CHARACTERS_PER_TOKEN = 4

/** What a batch brought and cost: of `tokens`, `estimated` ones were not counted by the endpoint. */
export type Batch = { vectors: number[][]; tokens: number; estimated: number; retries: number }
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<Batch>

/**
 * Embeds batches by a model, no faster than it was registered for. What may pass is tried again, each time after twice as
 * long, or after as long as the endpoint says. @throws EndpointError, or the signal's reason.
 */
export function embedder(model: EmbeddingModel, patience: Partial<Patience> = {}): Embed {
  const { endpoint, name, dimensions, sealedKey, requestsPerMinute } = model
  if (endpoint === null)
    return (texts) => Promise.resolve({ vectors: texts.map(embedLocally), tokens: 0, estimated: 0, retries: 0 })
  const limits = { ...usual, ...patience }
  const key = sealedKey === null ? null : unsealKey(sealedKey, name)
  const apartMs = requestsPerMinute === null ? 0 : MINUTE_MS / requestsPerMinute
  let next = 0
  const ask = async (texts: readonly string[], signal: AbortSignal) => {
    const waitMs = next - performance.now()
    if (waitMs > 0) await sleep(waitMs, undefined, { signal })
    next = performance.now() + apartMs
    return askEndpoint({ endpoint, key, model: name, dimensions }, texts, { deadlineMs: limits.deadlineMs, signal })
  }
  return async (texts, signal) => {
    for (let retries = 0; ; retries++)
      try {
        const { vectors, tokens } = await ask(texts, signal)
        const estimated = tokens === null ? estimatedTokens(texts) : 0
        return { vectors, tokens: tokens ?? estimated, estimated, retries }
      } catch (error) {
        if (!(error instanceof EndpointError) || !error.again) throw error
        if (retries + 1 >= limits.attempts)
          throw new EndpointError(`${error.message} Asked ${limits.attempts} times.`, false)
        const waitMs = Math.max(error.afterMs ?? 0, limits.firstWaitMs * 2 ** retries * (0.75 + Math.random() / 2))
        await sleep(Math.min(LONGEST_WAIT_MS, waitMs), undefined, { signal })
      }
  }
}

const estimatedTokens = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + Math.ceil(text.length / CHARACTERS_PER_TOKEN), 0)
