import type { SearchWidth } from '@/db/postgres/queries/vectors-width'
import type { RecallPoint } from '@/db/postgres/schema/memory'
import { valueOf } from './search-width'

/** Two-sided 95 %. */
const Z = 1.96

/**
 * How many of the k nearest items an answer holds. Ties count: an item as near as the last of the exact answer could
 * stand in its place. `exact` and `found` are distances at full precision, nearest first.
 */
export function hitsOf(exact: readonly number[], found: readonly number[]): number {
  const last = exact.at(-1)
  if (last === undefined) return 0
  return Math.min(exact.length, found.filter((distance) => distance <= last).length)
}

/** One search of a sample: its distances by exact search, and by the index. */
export type Compared = { exact: readonly number[]; found: readonly number[]; ms: number }

/**
 * Recall over a sample: the mean of hits / exact rows, with its 95 % interval: mean ± 1.96 · sd / √n, or where all
 * searches agree, and their deviation says nothing, Wilson's over all rows.
 */
export function recallPoint(width: SearchWidth, compared: readonly Compared[]): RecallPoint {
  const answered = compared.filter(({ exact }) => exact.length > 0)
  const recalls = answered.map(({ exact, found }) => hitsOf(exact, found) / exact.length)
  const n = recalls.length
  const recall = recalls.reduce((sum, value) => sum + value, 0) / n
  const variance = n > 1 ? recalls.reduce((sum, value) => sum + (value - recall) ** 2, 0) / (n - 1) : 0
  const rows = answered.reduce((sum, { exact }) => sum + exact.length, 0)
  const [low, high] =
    variance > 0 ? [recall - Z * Math.sqrt(variance / n), recall + Z * Math.sqrt(variance / n)] : wilson(recall, rows)
  const times = answered.map(({ ms }) => ms)
  return {
    ...width,
    recall,
    low: Math.max(0, low),
    high: Math.min(1, high),
    rowsShort: answered.filter(({ exact, found }) => found.length < exact.length).length,
    msP50: quantile(times, 0.5),
    msP95: quantile(times, 0.95),
  }
}

/** Wilson, JASA 22 (1927). */
function wilson(p: number, n: number): [number, number] {
  const middle = (p + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n)
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2))
  return [middle - half, middle + half]
}

/** Nearest rank. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0
}

/** The smallest ef_search, or fewest probes, that was measured to reach the target; null where none did. */
export const cheapestFor = (points: readonly RecallPoint[], target: number): RecallPoint | null =>
  [...points].sort((a, b) => valueOf(a) - valueOf(b)).find(({ recall }) => recall >= target) ?? null
