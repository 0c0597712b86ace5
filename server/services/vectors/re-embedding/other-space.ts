import type { Partition } from '@/db/postgres/queries/vectors-partitions'
import { MAX_INDEXED_DIMENSIONS, otherColumn, type Space } from '@/db/postgres/queries/vectors-space'
import type { MemoryIndexType } from '@/db/postgres/schema/memory'

type Held = Pick<Partition, 'activeColumn' | 'otherDimensions' | 'otherIndexType' | 'metric'>

/** Where the vectors of the model are that is not searched; null where there is none. */
export function otherSpaceOf({ activeColumn, otherDimensions, otherIndexType, metric }: Held): Space | null {
  if (otherDimensions === null || otherIndexType === null) return null
  return { column: otherColumn(activeColumn), dimensions: otherDimensions, metric, indexType: otherIndexType }
}

/** As the tenant's index is now, unless so many dimensions are indexed at half precision only. */
export const indexTypeFor = (dimensions: number, now: MemoryIndexType): MemoryIndexType =>
  dimensions > MAX_INDEXED_DIMENSIONS.vector ? 'halfvec' : now
