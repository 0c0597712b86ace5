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

export type IndexShape = { dimensions: number; type: MemoryIndexType; method: IndexMethod; m: number }
type Index = IndexShape & { rows: number }

/** Bytes of a fresh index. What exceeds it is bloat. */
export const predictedIndexBytes = (index: Index): number => PAGE * pagesBy[index.method](index, itemsPerPage(index))

/** By CreateGraphPages of src/hnswbuild.c, and CreateListPages and InsertTuples of src/ivfbuild.c in pgvector. */
const pagesBy = {
  /** Within 1 % of what is built. */
  hnsw: ({ rows }: Index, perPage: number) => 1 + Math.ceil(rows / perPage),
  /**
   * A list's centre takes as much as an item, and each list begins a page of its own, so that half of its last one is empty on
   * average. Within 3 %.
   */
  ivfflat: ({ rows }: Index, perPage: number) => {
    const lists = listsFor(rows)
    return 1 + Math.ceil(lists / perPage) + Math.ceil((rows + (lists * (perPage - 1)) / 2) / perPage)
  },
} as const satisfies Record<IndexMethod, (index: Index, perPage: number) => number>

/** Items on a page of a fresh index, on average; half of one where each takes two pages. */
export function itemsPerPage(shape: IndexShape): number {
  const vector = vectorBytes(shape)
  if (shape.method === 'ivfflat') return Math.floor(USABLE / (align(8 + vector) + POINTER))
  const item = (level: number) => align(72 + vector) + align(POINTER + 6 * shape.m * (level + 2)) + 2 * POINTER
  if (item(0) > USABLE) return 0.5
  const chance = (level: number) => (1 - 1 / shape.m) * shape.m ** -level
  const levels = Array.from({ length: MOST_LEVELS }, (_, level) => ({ bytes: item(level), chance: chance(level) }))
  return packed(levels.filter(({ bytes, chance }) => bytes <= USABLE && chance >= LEAST_CHANCE))
}

/** Of HNSW; fewer items than one in so many are on a level that is left out. */
const [MOST_LEVELS, LEAST_CHANCE] = [16, 1e-4]
type Level = { bytes: number; chance: number }

/**
 * How many items of random levels stand on a page, where one that does not fit begins the next page: an element of HNSW has as
 * many neighbours more per level as it has on the lowest one but half (src/hnsw.h), so that a page may hold one item less.
 */
function packed(levels: Level[]): number {
  /** By the bytes that are free: how many more items come, and the chances of each level to be the first that does not fit. */
  const known = new Map<number, { more: number; next: number[] }>()
  const fill = (free: number) => {
    const found = known.get(free)
    if (found) return found
    let more = 0
    const next = levels.map(() => 0)
    for (const [level, { bytes, chance }] of levels.entries()) {
      if (bytes > free) next[level] = (next[level] ?? 0) + chance
      else {
        const rest = fill(free - bytes)
        more += chance * (1 + rest.more)
        for (const [of, its] of rest.next.entries()) next[of] = (next[of] ?? 0) + chance * its
      }
    }
    known.set(free, { more, next })
    return { more, next }
  }
  const begun = levels.map(({ bytes }) => fill(USABLE - bytes))
  // The chances of each level to begin a page settle within a few pages.
  let first = levels.map(({ chance }) => chance)
  for (let page = 0; page < SETTLED_PAGES; page++)
    first = first.map((_, level) => sum(begun, ({ next }, from) => (first[from] ?? 0) * (next[level] ?? 0)))
  return sum(begun, ({ more }, level) => (first[level] ?? 0) * (1 + more)) / sum(first, (chance) => chance)
}
const sum = <T>(of: readonly T[], value: (one: T, at: number) => number) =>
  of.reduce((total, one, at) => total + value(one, at), 0)
const SETTLED_PAGES = 20

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
