import { type SQL, sql } from 'drizzle-orm'
import type { Postgres } from '@/db/postgres/client'
import { KEEPS_MEMORY } from '@/db/postgres/keep-memory'
import { plain } from '@/db/postgres/plain'
import type { MemoryColumn } from '@/db/postgres/schema/memory'
import { distance, exactOrder, indexedDistance, type Space, vectorText } from './vectors-space'
import { type SearchWidth, settingsOf } from './vectors-width'

export type ItemFilter = {
  kind?: string
  user?: string
  /** ISO instants: from (included) to (not included), by when it happened. */
  from?: string
  to?: string
  /** Items whose metadata contain all of this. */
  metadata?: object
}
export type Nearest = { id: string; distance: number; content: string; kind: string; metadata: object }
export type Question = {
  tenant: string
  space: Space
  embedding: readonly number[]
  filter: ItemFilter
  k: number
  width: SearchWidth
  /** Compares with every item that passes the filter, instead of asking the index. */
  exact: boolean
  /** Looks for items that hold the words of a text, too. */
  text?: string
  /** There are vectors of two models: which are active is asked again, just before. */
  changing: boolean
}
/** `matches` is null where no text was asked for. */
export type Found = { activeColumn: MemoryColumn | null; near: Nearest[]; matches: Nearest[] | null }

/**
 * The k nearest items, nearest first, ties by id; and with `text` the k best matches of its words, with their distance too.
 * One message, to which Postgres answers once: it becomes the tenant (R11) as `becomeTenant` does, and searches. A message of
 * several statements is a transaction of its own, and has no parameters (see ADR 49).
 */
export async function searchItems(db: Pick<Postgres, 'message'>, question: Question): Promise<Found> {
  const { tenant, space, width, text, changing } = question
  const settings = settingsOf(width).map(([name, value]) => `, set_config('${name}', '${value}', true)`)
  const answers = await db.message([
    ...(changing ? [`select active_column as column from memory_partitions where tenant = ${written(tenant)}`] : []),
    `select set_config('role', 'engram_memory', true), set_config('engram.tenant', ${written(tenant)}, true)${settings.join('')}, ${KEEPS_MEMORY}`,
    nearest(question),
    ...(text === undefined ? [] : [matching(question, text)]),
  ])
  const active = changing ? ((answers.shift() as { column: MemoryColumn }[])[0]?.column ?? null) : space.column
  const [, near, matches = null] = answers as [unknown, Nearest[], Nearest[]?]
  return { activeColumn: active, near, matches }
}

function nearest({ tenant, space, embedding, filter, k, exact }: Question): string {
  const to = vector(embedding)
  const { indexedDistance, distance, exactOrder } = termsOf(space)
  const from = `memory where ${passes(tenant, filter)}`
  // The vector is most of the message: where the index orders by the distance itself, it stands there once.
  if (!exact && space.indexType === 'vector')
    return `
      with nearest as materialized (
        select id, ${indexedDistance(to)} as distance, content, kind, metadata
        from ${from} order by distance limit ${whole(k)})
      select id, distance, content, kind, metadata from nearest order by distance, id`
  const order = exact ? `${exactOrder(to)}, id` : indexedDistance(to)
  return `
    with nearest as materialized (
      select id, content, kind, metadata, ${space.column} from ${from} order by ${order} limit ${whole(k)})
    select id, ${distance(to)} as distance, content, kind, metadata from nearest order by distance, id limit ${whole(k)}`
}

function matching({ tenant, space, embedding, filter, k }: Question, text: string): string {
  return `
    with asked as (select websearch_to_tsquery('simple', ${written(text)}) as words), matching as materialized (
      select id, content, kind, metadata, ${space.column}, ts_rank_cd(memory.words, asked.words) as rank
      from memory, asked where ${passes(tenant, filter)} and memory.words @@ asked.words
      order by rank desc, id limit ${whole(k)})
    select id, ${termsOf(space).distance(vector(embedding))} as distance, content, kind, metadata from matching
    order by rank desc, id limit ${whole(k)}`
}

type Term = (to: string) => string
type Terms = { indexedDistance: Term; distance: Term; exactOrder: Term }
const known = new Map<string, Terms>()

/** Distances in a space as text. Kept, for to put them together takes as long as to write a vector out. */
function termsOf(space: Space): Terms {
  const key = `${space.column} ${space.dimensions} ${space.metric} ${space.indexType}`
  const found = known.get(key)
  if (found) return found
  const around = (of: (space: Space, to: SQL) => SQL): Term => {
    const [before, after] = plain(of(space, sql.raw(PLACE))).split(PLACE)
    return (to) => `${before}${to}${after}`
  }
  const terms = {
    indexedDistance: around(indexedDistance),
    distance: around(distance),
    exactOrder: around(exactOrder),
  }
  known.set(key, terms)
  return terms
}
const PLACE = '$vector'

function passes(tenant: string, { kind, user, from, to, metadata }: ItemFilter): string {
  const conditions = [
    `tenant = ${written(tenant)}`,
    kind !== undefined && `kind = ${written(kind)}`,
    user !== undefined && `user_id = ${written(user)}`,
    from !== undefined && `occurred_at >= ${written(from)}::timestamptz`,
    to !== undefined && `occurred_at < ${written(to)}::timestamptz`,
    metadata !== undefined && `metadata @> ${written(JSON.stringify(metadata))}::jsonb`,
  ]
  return conditions.filter((condition) => condition !== false).join(' and ')
}

/**
 * Each unit of UTF-16 as `\uXXXX` in an escape string: digits end no string and begin no statement, whatever the server's
 * settings are. A constant, by which the planner prunes (R9) and knows partial indexes; a call of `convert_from` is none.
 */
const written = (text: string) =>
  `E'${text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`
const whole = (value: number) => String(Math.trunc(value))
const vector = (embedding: readonly number[]) => `'${vectorText(embedding)}'`
