import { selectPromptPages, selectPromptPagesOf } from '@/db/postgres/queries/prompt-pages'
import { type ContentMatch, matchContents, promptsNamedLike, snippetsOf } from '@/db/postgres/queries/prompt-search'
import type { Stores } from '@/server/services/context'

/** The newest version that holds the text, and the text around it; `before` characters of it precede the match. */
export type Match = { version: number; text: string; before: number }

/**
 * Prompts by name, or those whose name, description or any version's content holds the text: names first, then contents,
 * the newest match first.
 */
export async function searchPrompts(db: Stores['db'], { search, limit }: { search: string; limit: number }) {
  if (search === '') {
    const { rows, total } = await selectPromptPages(db, { limit })
    return { rows: rows.map((row) => ({ ...row, match: null })), total }
  }
  const [named, contents] = await Promise.all([promptsNamedLike(db, search), matchContents(db, search)])
  const ids = [...new Set([...named, ...contents.map(({ promptId }) => promptId)])]
  const shown = ids.slice(0, limit)
  const [rows, matches] = await Promise.all([
    selectPromptPagesOf(db, { promptIds: shown }),
    withSnippets(db, search, contents, new Set(shown)),
  ])
  const place = new Map(shown.map((id, index) => [id, index]))
  const ordered = rows.toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0))
  return { rows: ordered.map((row) => ({ ...row, match: matches.get(row.id) ?? null })), total: ids.length }
}

async function withSnippets(db: Stores['db'], search: string, contents: ContentMatch[], shown: ReadonlySet<number>) {
  const matches = contents.filter(({ promptId }) => shown.has(promptId))
  const snippets = await snippetsOf(db, { search, matches })
  return new Map<number, Match>(snippets.map(({ promptId, ...match }) => [promptId, match]))
}
