import type { WholeVersion } from '@/server/services/prompts/compare-versions'
import { promptContent } from '@/server/services/prompts/prompts.schema'

/** A version being written. `config` is text until it is saved, because half-typed JSON is none. */
export type Draft = { content: string; model: string; config: string; message: string; force: boolean }

/** A draft as the browser keeps it, with the version that it began with and when it was last touched. */
export type KeptDraft = { draft: Draft; from: number | null; at: string }

export const draftFrom = (base: Pick<WholeVersion, 'content' | 'model' | 'config'> | null): Draft => ({
  content: base?.content ?? '',
  model: base?.model ?? '',
  config: base && Object.keys(base.config).length > 0 ? JSON.stringify(base.config, null, 2) : '',
  message: '',
  force: false,
})

/** Whether two drafts would be saved alike. */
export const sameDraft = (a: Draft, b: Draft): boolean =>
  (['content', 'model', 'config', 'message'] as const).every((field) => a[field] === b[field])

/** What keeps a content from being saved, in words; null while it is empty, which says so by itself. */
export function contentProblem(content: string): string | null {
  if (content === '') return null
  return promptContent.safeParse(content).error?.issues[0]?.message ?? null
}

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
