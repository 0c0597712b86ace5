import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { prompts } from '@/db/postgres/schema/prompts'

/** Shorter texts are in nearly every content, and no index of trigrams helps to find them. */
export const SHORTEST_IN_CONTENTS = 3
const RARE = 2_000
const MOST_PROMPTS = 5_000
const CHARACTERS_BEFORE = 40
const CHARACTERS_SHOWN = 160

/** What people type is text, not a pattern. */
const pattern = (search: string) => `%${search.replace(/[\\%_]/g, '\\$&')}%`

/** Prompts whose name or description holds the text, by name. */
export async function promptsNamedLike(db: Db, search: string): Promise<number[]> {
  const rows = await db
    .select({ id: prompts.id })
    .from(prompts)
    .where(sql`${prompts.name} ilike ${pattern(search)} or ${prompts.description} ilike ${pattern(search)}`)
    .orderBy(prompts.name)
    .limit(MOST_PROMPTS)
  return rows.map(({ id }) => id)
}

export type ContentMatch = { promptId: number; version: number }

/**
 * Of each prompt the newest version whose content holds the text; the newest match first. A text that few versions hold
 * is found by the index; for one that many hold it is cheaper to ask each prompt for its newest.
 */
export async function matchContents(db: Db, search: string): Promise<ContentMatch[]> {
  if (search.length < SHORTEST_IN_CONTENTS) return []
  const holds = sql`content ilike ${pattern(search)}`
  const found = await db.execute<{ promptId: number; version: number; at: string }>(sql`
    select prompt_id as "promptId", version, created_at as at from prompt_versions where ${holds} limit ${RARE + 1}`)
  if (found.length <= RARE) return newestOfEach(found)
  // `offset 0` keeps the index out: asked once per prompt, it would read all of the common text's places each time.
  return db.execute<ContentMatch>(sql`
    select p.id as "promptId", v.version from prompts p cross join lateral (
      select version, created_at from (
        select version, created_at, content from prompt_versions where prompt_id = p.id order by version desc offset 0
      ) as newest_first
      where ${holds} limit 1
    ) as v
    order by v.created_at desc, p.id limit ${MOST_PROMPTS}`)
}

function newestOfEach(found: readonly { promptId: number; version: number; at: string }[]): ContentMatch[] {
  const newest = new Map<number, (typeof found)[number]>()
  for (const match of found)
    if (match.version > (newest.get(match.promptId)?.version ?? 0)) newest.set(match.promptId, match)
  return [...newest.values()]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .map(({ promptId, version }) => ({ promptId, version }))
}

/** The text around the first place where each of these versions holds it; `before` says how much of it precedes that. */
export async function snippetsOf(db: Db, { search, matches }: { search: string; matches: readonly ContentMatch[] }) {
  if (matches.length === 0) return []
  const place = sql`position(lower(${search}) in lower(v.content))`
  return db.execute<{ promptId: number; version: number; text: string; before: number }>(sql`
    select v.prompt_id as "promptId", v.version,
      substring(v.content from greatest(1, ${place} - ${CHARACTERS_BEFORE}::int) for ${CHARACTERS_SHOWN}::int) as text,
      least(${place} - 1, ${CHARACTERS_BEFORE}::int) as before
    from json_to_recordset(${JSON.stringify(matches)}::json) as wanted("promptId" int, version int)
    join prompt_versions v on v.prompt_id = wanted."promptId" and v.version = wanted.version
    order by v.prompt_id limit ${matches.length}`)
}

/** Names of models that prompts were written for, or whose price is known; those used last first. */
export async function knownModels(db: Db, { limit }: { limit: number }): Promise<string[]> {
  const rows = await db.execute<{ model: string }>(sql`
    select model from (
      select model, max(created_at) as at from prompt_versions where model is not null group by model
      union all select model, max(created_at) from prices group by model
    ) as known group by model order by max(at) desc, model limit ${limit}`)
  return rows.map(({ model }) => model)
}

/** What prompts of these names serve on a channel: no row where there is no such prompt, nulls where nothing is live. */
export async function selectServedTexts(db: Db, { names, channel }: { names: readonly string[]; channel: string }) {
  if (names.length === 0) return []
  return db.execute<{ name: string; version: number | null; content: string | null }>(sql`
    select p.name, d.version, v.content
    from prompts p
    left join prompt_deployments d on d.prompt_id = p.id and d.channel = ${channel}
    left join prompt_versions v on v.prompt_id = d.prompt_id and v.version = d.version
    where p.name in (select value from json_array_elements_text(${JSON.stringify(names)}::json))
    order by p.name limit ${names.length}`)
}
