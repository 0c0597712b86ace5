import type { IndexMethod, MemoryIndexType } from '@/db/postgres/schema/memory'
import { buildMemoryBytes, predictedIndexBytes } from '@/server/services/vectors/index-size'

/** What an index of each method takes: bytes when it is fresh, and of maintenance_work_mem to build it. */
export type Needs = Record<IndexMethod, { bytes: number; buildBytes: number }>

type Indexed = { dimensions: number | null; indexType: MemoryIndexType; m: number }

/** Null while there was never an item. */
export function needsOf({ dimensions, indexType: type, m }: Indexed, rows: number): Needs | null {
  if (dimensions === null) return null
  const of = (method: IndexMethod) => {
    const index = { rows, dimensions, type, method, m }
    return { bytes: predictedIndexBytes(index), buildBytes: buildMemoryBytes(index) }
  }
  return { hnsw: of('hnsw'), ivfflat: of('ivfflat') }
}

/** A graph of so many times maintenance_work_mem (measured: 4.1 times, and its build took 3.7 times as long). */
const BY_FAR = 4
/** What a smaller index must save to be worth its slower searches. */
const LEAST_SAVED = 0.1

type Memory = { maintenanceBytes: number; cacheBytes: number; indexBytes: number }

/**
 * Why memory forces IVFFlat on a tenant (ADR 53): its HNSW graph does not fit to be built, by far, and there is no index that
 * searches could use meanwhile; or the indexes of all tenants do not fit into memory, and this one would be smaller. Null
 * where it does not, or where IVFFlat could not be built either.
 */
export function forcedBy(
  { needs: { hnsw, ivfflat }, indexed }: { needs: Needs; indexed: boolean },
  { maintenanceBytes, cacheBytes, indexBytes }: Memory,
): 'build' | 'room' | null {
  if (ivfflat.buildBytes > maintenanceBytes) return null
  if (!indexed && hnsw.buildBytes > BY_FAR * maintenanceBytes) return 'build'
  if (indexed && indexBytes > cacheBytes && ivfflat.bytes <= (1 - LEAST_SAVED) * hnsw.bytes) return 'room'
  return null
}
