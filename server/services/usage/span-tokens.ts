import { z } from 'zod'
import { type Attributes, find, type Name, type Value } from './span-attributes'

type Tokens = Record<'inputTokens' | 'outputTokens' | 'cachedInputTokens' | 'cacheWriteTokens', Value>

/**
 * The tokens of a span, the input with cache reads and writes included (R7); null where it reports none. All three
 * conventions say that the input includes them, and it is taken so, unless the span itself proves that it holds the
 * figures of a provider that reports them apart (Anthropic, Bedrock): see ADR 19. Values are not judged yet.
 */
export function tokensOf(attributes: Attributes, provider: Value, model: Value): Tokens | null {
  const found = (name: Name) => find(attributes, name)
  if (!found('inputTokens') && !found('outputTokens')) return null
  const raw = isApartCapable(provider, model) ? anthropicUsage(found('providerMetadata')?.value) : null
  // Null is no absence but a wrong type, which the event's own check shall name.
  const value = (name: Name, absent: number) => {
    const one = found(name)
    return one ? one.value : absent
  }
  const tokens = {
    inputTokens: value('inputTokens', 0),
    outputTokens: value('outputTokens', 0),
    cachedInputTokens: value('cachedInputTokens', raw?.cacheRead ?? 0),
    cacheWriteTokens: value('cacheWriteTokens', raw?.cacheWrite ?? 0),
  }
  const { inputTokens: input, outputTokens: output, cachedInputTokens: read, cacheWriteTokens: write } = tokens
  if (typeof input !== 'number' || typeof output !== 'number') return tokens
  if (typeof read !== 'number' || typeof write !== 'number' || read < 0 || write < 0) return tokens
  const cache = read + write
  if (cache === 0 || !isApartCapable(provider, model)) return tokens
  const isApart =
    cache > input ||
    found('totalTokens')?.value === input + output + cache ||
    // The AI SDK up to version 5 hands Anthropic's input on as it is; from 6 on it adds the cache, and says the fresh part.
    (raw !== null && !found('freshInputTokens') && (raw.input ?? input) === input)
  return isApart ? { ...tokens, inputTokens: input + cache } : tokens
}

/** Whose own figures leave the cache out of the input; others never do, so that a cache above the input is an error. */
function isApartCapable(provider: Value, model: Value): boolean {
  return /anthropic|bedrock|^aws|amazon/i.test(String(provider)) || /claude/i.test(String(model))
}

const count = z.number().nullish()
const Metadata = z.object({
  anthropic: z.object({
    usage: z
      .object({ input_tokens: count, cache_read_input_tokens: count, cache_creation_input_tokens: count })
      .nullish(),
    cacheReadInputTokens: count,
    cacheCreationInputTokens: count,
  }),
})
const MAX_METADATA_LENGTH = 65_536

/** Anthropic's own figures, which the AI SDK passes on as JSON in one attribute. */
function anthropicUsage(json: Value | undefined) {
  if (typeof json !== 'string' || json.length > MAX_METADATA_LENGTH || !json.includes('"anthropic"')) return null
  const { data } = Metadata.safeParse(jsonOrNull(json))
  if (!data) return null
  const { usage, cacheReadInputTokens, cacheCreationInputTokens } = data.anthropic
  return {
    input: usage?.input_tokens,
    cacheRead: usage?.cache_read_input_tokens ?? cacheReadInputTokens,
    cacheWrite: usage?.cache_creation_input_tokens ?? cacheCreationInputTokens,
  }
}

/** What is not JSON says nothing of the tokens; the span has its own attributes. */
function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
