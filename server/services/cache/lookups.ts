import type { Clock } from '@/server/services/clock'

/** Look-ups of one bucket; hits and misses are null after a restart, when nobody knows them. */
type Row = { bucket: number; hits: number | null; misses: number | null }
/** What a change of the hit rate is judged by. */
export type Lookups = { part: number; whole: number }

/** Per bucket of the clock the hits out of the look-ups; null where nothing was counted. */
export function lookupsByBucket({ first, count }: Clock, rows: Row[]): (Lookups | null)[] {
  const values = new Array<Lookups | null>(count).fill(null)
  for (const { bucket, hits, misses } of rows) {
    const at = bucket - first
    if (at >= 0 && at < count && hits !== null && misses !== null) values[at] = { part: hits, whole: hits + misses }
  }
  return values
}

/** Hits ÷ look-ups; null for none: there is no such ratio (never 0, never 100 %). */
export const hitRateOf = ({ hits, misses }: { hits: number; misses: number }): number | null =>
  hits + misses > 0 ? hits / (hits + misses) : null

/** Null when nobody counted. */
export const ratioOf = ({ hits, misses }: { hits: number | null; misses: number | null }): Lookups | null =>
  hits === null || misses === null ? null : { part: hits, whole: hits + misses }
