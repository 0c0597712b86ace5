import { type SQL, sql } from 'drizzle-orm'
import type { MemoryColumn, MemoryIndexType, MemoryMetric } from '@/db/postgres/schema/memory'

/** Where a tenant's vectors of one model are, how they are compared, and what their index holds. */
export type Space = { column: MemoryColumn; dimensions: number; metric: MemoryMetric; indexType: MemoryIndexType }

/** The columns that hold vectors, and the model of each. */
const modelColumns = { embedding: 'embedding_model', second_embedding: 'second_embedding_model' } as const
export const columnOf = (column: MemoryColumn): SQL => sql.identifier(column).getSQL()
export const modelColumnOf = (column: MemoryColumn): SQL => sql.identifier(modelColumns[column]).getSQL()
export const otherColumn = (column: MemoryColumn): MemoryColumn =>
  column === 'embedding' ? 'second_embedding' : 'embedding'

/** Whether an index, `i` of pg_index, is on this column: it is named in its expression. */
export const isOnColumn = (column: MemoryColumn | SQL): SQL =>
  sql`(position('second_embedding' in pg_get_expr(i.indexprs, i.indrelid)) > 0) = (${column} = 'second_embedding')`

const operators = { cosine: '<=>', l2: '<->', ip: '<#>' } as const satisfies Record<MemoryMetric, string>
const suffixes = { cosine: 'cosine_ops', l2: 'l2_ops', ip: 'ip_ops' } as const satisfies Record<MemoryMetric, string>

/** The operator class follows from the metric and the type: a mismatch cannot be configured. */
export const opclassOf = ({ metric, indexType }: Pick<Space, 'metric' | 'indexType'>) =>
  `${indexType}_${suffixes[metric]}`

/** What HNSW of pgvector can index. */
export const MAX_INDEXED_DIMENSIONS = { vector: 2_000, halfvec: 4_000 } as const satisfies Record<
  MemoryIndexType,
  number
>

/** Written into the statement, so that it is the very expression of the index; never anything but a number. */
const typed = (type: MemoryIndexType, dimensions: number) => sql.raw(`${type}(${Math.trunc(dimensions)})`)

/** The expression that the index is built on. */
export const indexed = ({ column, dimensions, indexType }: Space): SQL =>
  sql`(${columnOf(column)}::${typed(indexType, dimensions)})`

/** What the index orders by: of halfvec only an approximation of `distance`. */
export const indexedDistance = (space: Space, to: string | SQL): SQL =>
  sql`${indexed(space)} ${sql.raw(operators[space.metric])} ${to}::${typed(space.indexType, space.dimensions)}`

/** At full precision; of inner products the negative one, as pgvector has it, so that smaller is nearer. */
export const distance = ({ column, dimensions, metric }: Space, to: string | SQL): SQL =>
  sql`(${columnOf(column)}::${typed('vector', dimensions)} ${sql.raw(operators[metric])} ${to}::${typed('vector', dimensions)})`

/**
 * The order of exact search. Adding 0 makes it another expression than that of any index: turning index scans off is not
 * enough, because Postgres 18 takes a disabled one all the same where a partition is the only one left.
 */
export const exactOrder = (space: Space, to: string | SQL): SQL => sql`${distance(space, to)} + 0`

/**
 * As Postgres reads a vector, whose numbers are of single precision: nine digits name each of them, and are written in a third
 * of the time of the shortest form of a double.
 */
export function vectorText(embedding: readonly number[]): string {
  let text = ''
  for (const value of embedding) text += `,${Math.fround(value).toPrecision(9)}`
  return `[${text.slice(1)}]`
}
