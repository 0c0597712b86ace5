import { useQueryStates } from 'nuqs'
import { createLoader, parseAsInteger, parseAsString } from 'nuqs/server'
import { parseAsSort } from '@/components/data-table/parse-sort'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { newestBeside } from './prepare-rollout'

/** What a prompt's page keeps in its address. `activation` is the revision whose effect is looked at. */
export const promptParams = {
  channel: parseAsString.withDefault('production'),
  version: parseAsInteger,
  against: parseAsInteger,
  activation: parseAsInteger,
}
export const loadPromptParams = createLoader(promptParams)
export type PromptParams = Awaited<ReturnType<typeof loadPromptParams>>

export const usePromptParams = () => useQueryStates(promptParams, { history: 'push', shallow: true })

/** What figures per version cover where the address names no range. */
export const FIGURES_RANGE = '24h'

export const listParams = {
  q: parseAsString.withDefault(''),
  /** Null: by name, or, where something is searched for, as the search found it. */
  sort: parseAsSort,
}
export const loadListParams = createLoader(listParams)

type Shown = { version: number; against: number | null }

/**
 * Which versions a page compares: those that the address names, else those of the activation it names, else what is
 * live (or newest) against the version before it. Of a rollout, its newest version against the base. Null where there is
 * no version yet.
 */
export function shownVersions(page: PromptPage, { version, against, activation }: PromptParams): Shown | null {
  const numbers = page.versions.map((row) => row.version)
  const known = (number: number | null | undefined) => (number != null && numbers.includes(number) ? number : null)
  const moved = version === null ? page.activations.find(({ revision }) => revision === activation) : undefined
  const served = moved ?? (version === null ? page.channels.find(({ channel }) => channel === page.channel) : undefined)
  const candidate = served?.arms ? newestBeside(served.version, served.arms) : null
  const shown = known(version) ?? known(candidate) ?? known(moved?.version) ?? known(page.live) ?? numbers[0]
  if (shown === undefined) return null
  const replaced = candidate === shown ? served?.version : moved?.previousVersion
  const other = known(against) ?? (replaced === shown ? null : known(replaced)) ?? known(shown - 1)
  return { version: shown, against: other === shown ? null : other }
}
