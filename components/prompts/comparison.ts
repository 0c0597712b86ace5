import type { useTRPC } from '@/components/shell/trpc'
import type { CompareVersions } from '@/server/services/prompts/prompt-pages.schema'

/** Versions never change (R2): once read they are never asked for again, also not when everything is refreshed. */
export const comparisonOf = (trpc: ReturnType<typeof useTRPC>, input: CompareVersions) =>
  trpc.prompts.compare.queryOptions(input, { staleTime: 'static' })
