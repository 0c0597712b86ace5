import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/postgres/client'
import type { MemoryColumn } from '@/db/postgres/schema/memory'
import { columnOf, modelColumnOf, otherColumn } from './vectors-space'

const CHECK = sql.identifier('memory_one_space')

type Spaces = {
  number: number
  activeColumn: MemoryColumn
  model: string
  dimensions: number
  otherModel: string | null
  otherDimensions: number | null
}

/**
 * Holds a partition to its models, by a constraint of the database: each column has vectors of one model only, the one
 * that is searched has one of every item, and the other is empty unless a model is named for it. Not validated: what is
 * there was held by the constraint before, and searches would wait while all of it is read.
 */
export async function holdToSpaces(tx: Transaction, spaces: Spaces): Promise<void> {
  const { number, activeColumn: active, model, dimensions, otherModel, otherDimensions } = spaces
  const other = otherColumn(active)
  const [quoted] = await tx.execute<{ model: string; other: string | null }>(
    sql`select quote_literal(${model}::text) as model, quote_literal(${otherModel}::text) as other`,
  )
  if (!quoted) throw new Error('quote_literal returned no row')
  const held = (column: MemoryColumn, name: string, size: number): SQL =>
    sql`vector_dims(${columnOf(column)}) = ${sql.raw(String(Math.trunc(size)))} and ${modelColumnOf(column)} = ${sql.raw(name)}`
  const empty = sql`${columnOf(other)} is null and ${modelColumnOf(other)} is null`
  const rest =
    quoted.other === null || otherDimensions === null
      ? empty
      : sql`((${empty}) or (${columnOf(other)} is not null and ${modelColumnOf(other)} is not null
          and ${held(other, quoted.other, otherDimensions)}))`
  await tx.execute(sql`alter table ${sql.identifier(`memory_t${number}`)} drop constraint if exists ${CHECK}, add constraint ${CHECK}
    check (${columnOf(active)} is not null and ${modelColumnOf(active)} is not null and ${held(active, quoted.model, dimensions)} and ${rest}) not valid`)
}
