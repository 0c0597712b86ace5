import type { Space } from '@/db/postgres/queries/vectors-space'
import { AppError } from '@/server/errors'

/** Beyond these, pgvector's sums of squares in single precision overflow or vanish, and distances become NaN. */
const LONGEST = 1e18
const SHORTEST = 1e-18
/** Larger numbers have no half-precision form. */
const MAX_HALF = 65_504

/** @throws AppError `bad_request` that names `field`, for a vector that has no place in the tenant's space (R13). */
export function checkVector(embedding: readonly number[], space: Space, field: string, model?: string | null): void {
  const wrong = (message: string) => new AppError('bad_request', `${field}: ${message}`, { field })
  if (embedding.length !== space.dimensions)
    throw wrong(
      `has ${embedding.length} dimensions; this tenant's vectors have ${space.dimensions}${model ? ` (${model})` : ''}`,
    )
  let squares = 0
  for (const value of embedding) squares += value * value
  const length = Math.sqrt(squares)
  if (!(length <= LONGEST)) throw wrong(`is longer than ${LONGEST}, which single precision cannot compare`)
  if (space.metric === 'cosine' && length < SHORTEST)
    throw wrong('is all zero (or as good as): it has no direction, so cosine distance cannot compare it')
  if (space.indexType === 'halfvec' && embedding.some((value) => Math.abs(value) > MAX_HALF))
    throw wrong(`has a number beyond ±${MAX_HALF}, which this tenant's half-precision index cannot hold`)
}
