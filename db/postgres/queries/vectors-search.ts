import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { MemoryColumn } from '@/db/postgres/schema/memory'
import { columnOf, distance, exactOrder, indexedDistance, type Space, vectorText } from './vectors-space'

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
  /** HNSW's. */
  efSearch: number
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
export async function searchItems(db: Pick<Db, 'execute'>, question: Question): Promise<Found> {
  const { tenant, space, efSearch, text, changing } = question
  const statements = [
    ...(changing ? [sql`select active_column as column from memory_partitions where tenant = ${written(tenant)}`] : []),
    sql`select set_config('role', 'engram_memory', true), set_config('engram.tenant', ${written(tenant)}, true),
      set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', ${written(String(efSearch))}, true)`,
    nearest(question),
    ...(text === undefined ? [] : [matching(question, text)]),
  ]
  const answers = (await db.execute(sql.join(statements, sql`;`))) as unknown as Answers
  const active = changing ? ((answers.shift() as { column: MemoryColumn }[])[0]?.column ?? null) : space.column
  const [, near, matches = null] = answers as [unknown, Nearest[], Nearest[]?]
  return { activeColumn: active, near, matches }
}

/** The rows of each statement, in their order. */
type Answers = object[][]

function nearest({ tenant, space, embedding, filter, k, exact }: Question): SQL {
  const to = vector(embedding)
  const order = exact ? sql`${exactOrder(space, to)}, id` : indexedDistance(space, to)
  return sql`
    with nearest as materialized (
      select id, content, kind, metadata, ${columnOf(space.column)} from memory where ${passes(tenant, filter)} order by ${order} limit ${whole(k)})
    select id, ${distance(space, to)} as distance, content, kind, metadata from nearest order by distance, id limit ${whole(k)}`
}

function matching({ tenant, space, embedding, filter, k }: Question, text: string): SQL {
  return sql`
    with asked as (select websearch_to_tsquery('simple', ${written(text)}) as words), matching as materialized (
      select id, content, kind, metadata, ${columnOf(space.column)}, ts_rank_cd(memory.words, asked.words) as rank
      from memory, asked where ${passes(tenant, filter)} and memory.words @@ asked.words
      order by rank desc, id limit ${whole(k)})
    select id, ${distance(space, vector(embedding))} as distance, content, kind, metadata from matching
    order by rank desc, id limit ${whole(k)}`
}

function passes(tenant: string, { kind, user, from, to, metadata }: ItemFilter): SQL {
  const conditions = [
    sql`tenant = ${written(tenant)}`,
    kind !== undefined && sql`kind = ${written(kind)}`,
    user !== undefined && sql`user_id = ${written(user)}`,
    from !== undefined && sql`occurred_at >= ${written(from)}::timestamptz`,
    to !== undefined && sql`occurred_at < ${written(to)}::timestamptz`,
    metadata !== undefined && sql`metadata @> ${written(JSON.stringify(metadata))}::jsonb`,
  ]
  return sql.join(
    conditions.filter((condition) => condition !== false),
    sql` and `,
  )
}

/** In hex, whose digits end no string and begin no statement; a constant to the planner, which prunes by it (R9). */
const written = (text: string) =>
  sql.raw(`convert_from(decode('${Buffer.from(text, 'utf8').toString('hex')}', 'hex'), 'UTF8')`)
const whole = (value: number) => sql.raw(String(Math.trunc(value)))
const vector = (embedding: readonly number[]) => sql.raw(`'${vectorText(embedding)}'`)
