import type { WholeVersion } from '@/server/services/prompts/compare-versions'

/** A version being written. `config` is text until it is saved, because half-typed JSON is none. */
export type Draft = { content: string; model: string; config: string; message: string; force: boolean }

export const draftFrom = (base: WholeVersion | null): Draft => ({
  content: base?.content ?? '',
  model: base?.model ?? '',
  config: base && Object.keys(base.config).length > 0 ? JSON.stringify(base.config, null, 2) : '',
  message: '',
  force: false,
})

type Parsed = { config: Record<string, unknown>; error: null } | { config: null; error: string }

/** Empty text is an empty config. */
export function parseConfig(text: string): Parsed {
  if (text.trim() === '') return { config: {}, error: null }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { config: value as Record<string, unknown>, error: null }
    return { config: null, error: 'must be a JSON object, as {"temperature": 0.2}' }
  } catch (error) {
    return { config: null, error: error instanceof Error ? error.message : 'is not JSON' }
  }
}
