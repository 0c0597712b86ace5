import type { MemoryIndexType } from '@/db/postgres/schema/memory'

/** From here on comparing with every item takes longer than searchers like to wait (measured: about 10 ms per 10,000 × 384). */
export const INDEX_PAYS_ROWS = 10_000

const PAGE = 8_192
/** What of a page its items may take. */
const USABLE = 8_160
const align = (bytes: number) => Math.ceil(bytes / 8) * 8

/**
 * Bytes of a fresh HNSW index, by src/hnsw.h and CreateGraphPages of src/hnswbuild.c in pgvector: an element and its
 * neighbours lie on one page where both fit, else on one each. Within 1 % of what is built; what exceeds it is bloat.
 */
export function predictedIndexBytes(index: {
  rows: number
  dimensions: number
  type: MemoryIndexType
  m: number
}): number {
  const vector = (index.type === 'halfvec' ? 2 : 4) * index.dimensions + 8
  const item = align(72 + vector) + align(4 + 12 * index.m) + 8
  const pages = item <= USABLE ? Math.ceil(index.rows / Math.floor(USABLE / item)) : 2 * index.rows
  return (pages + 1) * PAGE
}

/** From a published build: 550,000 rows of 1,024 dimensions, m 16, ef_construction 128, in 621 s (bachelor-db-benchmark). */
const PUBLISHED_MS = 621_000 / (550_000 * 1_024)

type Build = { rows: number; dimensions: number; m: number; efConstruction: number }

/** Milliseconds that a build will take: by the pace of the last ones here, else by a published one. */
export function buildEstimateMs({ rows, dimensions, m, efConstruction }: Build, pace: number | null): number {
  const perValue = pace ?? PUBLISHED_MS * (m / 16) * (efConstruction / 128)
  return Math.round(rows * dimensions * perValue)
}
