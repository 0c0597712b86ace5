import { createLoader, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { type ListVectors, vectorSorts } from '@/server/services/vectors/vectors.schema'

/** The order of the table, what is searched for, and whose memory is open. */
export const vectorsParams = {
  sort: parseAsStringLiteral(vectorSorts).withDefault('rows'),
  down: parseAsBoolean.withDefault(true),
  find: parseAsString.withDefault(''),
  memory: parseAsString,
}

export const loadVectorsParams = createLoader(vectorsParams)

type Params = Awaited<ReturnType<typeof loadVectorsParams>>

export const vectorsInput = ({ sort, down, find }: Omit<Params, 'memory'>, tenant: string | null): ListVectors => ({
  tenant,
  search: find.slice(0, 63) || null,
  sort,
  descending: down,
})
