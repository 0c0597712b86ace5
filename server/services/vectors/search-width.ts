import type { Partition } from '@/db/postgres/queries/vectors-partitions'
import type { SearchWidth } from '@/db/postgres/queries/vectors-width'
import type { IndexMethod } from '@/db/postgres/schema/memory'
import { listsFor, probesFor } from './index-size'

const EF_MAX = 1_000

type Indexed = Pick<Partition, 'methods' | 'indexMethod' | 'lists' | 'efSearch' | 'probes'>

/** By which method a tenant is searched: that of its index, or while one replaces another the one that holds still. */
export const methodOf = ({ methods, indexMethod }: Pick<Indexed, 'methods' | 'indexMethod'>): IndexMethod =>
  methods.length === 1 ? (methods[0] ?? indexMethod) : indexMethod

/** What holds for a tenant's searches by the index that it has; measurements are made of it. */
export const widthInForce = (partition: Indexed): SearchWidth =>
  methodOf(partition) === 'hnsw' ? { efSearch: partition.efSearch } : { probes: probesOf(partition) }

/**
 * What one search is told, for every index that may answer it: while one replaces another both are there, and so they are in
 * the second in which a process has not heard of the end.
 */
export function widthOf(partition: Indexed, { k, efSearch, probes }: SearchWidth & { k: number }): SearchWidth {
  const { methods } = partition
  return {
    ...(methods.includes('hnsw') && { efSearch: efSearch ?? Math.min(EF_MAX, Math.max(partition.efSearch, k)) }),
    ...(methods.includes('ivfflat') && { probes: probes ?? probesOf(partition) }),
  }
}

const probesOf = ({ probes, lists }: Pick<Indexed, 'probes' | 'lists'>) => probes ?? probesFor(lists ?? listsFor(0))

/** As one is written: `ef 40`, `probes 12`. */
export const valueOf = ({ efSearch, probes }: SearchWidth): number => efSearch ?? probes ?? 0
