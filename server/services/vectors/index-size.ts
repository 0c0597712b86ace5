import type { IndexMethod, MemoryIndexType } from '@/db/postgres/schema/memory'

/** From here on comparing with every item takes longer than searchers like to wait (measured: about 10 ms per 10,000 × 384). */
export const INDEX_PAYS_ROWS = 10_000

const PAGE = 8_192
/** What of a page its items may take. */
const USABLE = 8_160
/** Of an item on a page, beside the item. */
const POINTER = 4
const align = (bytes: number) => Math.ceil(bytes / 8) * 8
const vectorBytes = ({ type, dimensions }: Pick<Index, 'type' | 'dimensions'>) =>
  (type === 'halfvec' ? 2 : 4) * dimensions + 8

type Index = { rows: number; dimensions: number; type: MemoryIndexType; method: IndexMethod; m: number }

/** Bytes of a fresh index. What exceeds it is bloat. */
export const predictedIndexBytes = (index: Index): number => PAGE * pagesBy[index.method](index)

const pagesBy = {
  /**
   * By src/hnsw.h and CreateGraphPages of src/hnswbuild.c in pgvector: an element and its neighbours lie on one page where
   * both fit, else on one each. Within 1 % of what is built.
   */
  hnsw: (index: Index) => {
    const item = align(72 + vectorBytes(index)) + align(POINTER + 12 * index.m) + 8
    return 1 + (item <= USABLE ? Math.ceil(index.rows / Math.floor(USABLE / item)) : 2 * index.rows)
  },
  /**
   * By src/ivfflat.h, CreateListPages and InsertTuples of src/ivfbuild.c: a list's centre takes as much as an item (eight bytes and
   * the vector), and each list begins a page of its own, so that half of its last one is empty on average. Within 3 %.
   */
  ivfflat: (index: Index) => {
    const lists = listsFor(index.rows)
    const perPage = Math.floor(USABLE / (align(8 + vectorBytes(index)) + POINTER))
    return 1 + Math.ceil(lists / perPage) + Math.ceil((index.rows + (lists * (perPage - 1)) / 2) / perPage)
  },
} as const satisfies Record<IndexMethod, (index: Index) => number>

/** pgvector's own bound, and the least with which probes have a choice. */
const [MOST_LISTS, LEAST_LISTS] = [32_768, 10]

/** Lists of an IVFFlat index by pgvector's rule of thumb (README): rows / 1000 up to a million, √rows above. */
export const listsFor = (rows: number): number =>
  Math.min(MOST_LISTS, Math.max(LEAST_LISTS, Math.round(rows <= 1_000_000 ? rows / 1_000 : Math.sqrt(rows))))

/** Of the lists a search looks into so many where nobody says otherwise, by the same rule: √lists. */
export const probesFor = (lists: number): number => Math.max(1, Math.round(Math.sqrt(lists)))

/** Bytes of maintenance_work_mem that a build wants. */
export const buildMemoryBytes = (index: Index): number => buildMemoryBy[index.method](index)

const buildMemoryBy = {
  /** The whole graph, by HnswElementData and HnswInitNeighbors of src/hnsw.h; what does not fit is built on disk, slowly. */
  hnsw: (index: Index) => index.rows * (align(vectorBytes(index)) + 32 * index.m + 200),
  /** Centres, samples and bounds, by ElkanKmeans of src/ivfkmeans.c; what does not fit is refused. */
  ivfflat: (index: Index) => {
    const lists = listsFor(index.rows)
    const samples = Math.max(50 * lists, 10_000)
    const vector = align(vectorBytes(index))
    return (
      (samples + 2 * lists) * vector + 4 * (samples * lists + lists * lists + lists * index.dimensions + 2 * samples)
    )
  },
} as const satisfies Record<IndexMethod, (index: Index) => number>

/** From a published build: 550,000 rows of 1,024 dimensions, m 16, ef_construction 128, in 621 s (bachelor-db-benchmark). */
const PUBLISHED_MS = 621_000 / (550_000 * 1_024)
/** Of IVFFlat, per list, as measured: 20,000 rows of 384 dimensions in 20 lists, in 0.7 s. */
const MEASURED_MS = 700 / (20_000 * 384 * 20)

type Build = { rows: number; dimensions: number; indexMethod: IndexMethod; m: number; efConstruction: number }

/** Milliseconds that a build will take: by the pace of the last ones of its method here, else by one build. */
export function buildEstimateMs(
  { rows, dimensions, indexMethod, m, efConstruction }: Build,
  pace: number | null,
): number {
  const byMethod = {
    hnsw: pace ?? PUBLISHED_MS * (m / 16) * (efConstruction / 128),
    // Each row is compared with each centre.
    ivfflat: listsFor(rows) * (pace ?? MEASURED_MS),
  }
  return Math.round(rows * dimensions * byMethod[indexMethod])
}
