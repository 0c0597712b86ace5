import { selectServedTexts } from '@/db/postgres/queries/prompt-search'
import type { Stores } from '@/server/services/context'
import type { IncludedPrompts } from './prompt-pages.schema'
import { DEEPEST_INCLUDE, includesOf } from './variables.schema'

const MOST_PROMPTS = 100

/** `version` and `content` are null where nothing is live on the channel; `exists` says whether there is such a prompt. */
export type Included = { name: string; exists: boolean; version: number | null; content: string | null }

/** What a prompt that includes these would be composed of on a channel: their texts, and those that they include. */
export async function includedPrompts({ db }: Pick<Stores, 'db'>, { names, channel }: IncludedPrompts) {
  const found = new Map<string, Included>()
  let wanted = [...new Set(names)]
  for (let depth = 0; wanted.length > 0 && depth < DEEPEST_INCLUDE; depth++) {
    const asked = wanted.slice(0, MOST_PROMPTS - found.size)
    const rows = new Map((await selectServedTexts(db, { names: asked, channel })).map((row) => [row.name, row]))
    for (const name of asked) {
      const row = rows.get(name)
      found.set(name, { name, exists: row !== undefined, version: row?.version ?? null, content: row?.content ?? null })
    }
    const next = asked.flatMap((name) => includesOf(found.get(name)?.content ?? ''))
    wanted = [...new Set(next)].filter((name) => !found.has(name))
  }
  return [...found.values()]
}
