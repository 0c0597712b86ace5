import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { COLD_DAYS } from '@/server/services/vectors/sleep/sleep.schema'
import { signed } from './signed'
import type { VectorTenant } from './vector-types'

/** What stands for a tenant's index in one or two words, with its reason, and whether it wants something done. */
export function indexText(
  {
    indexState,
    indexMethod,
    indexType,
    indexM,
    indexEfConstruction,
    indexLists,
    indexOffAt,
    indexWantedBy,
    rows,
    jobKind,
    jobState,
  }: VectorTenant,
  paysRows: number,
): { text: string; why: string; tone?: 'warn' | 'bad' | 'neutral' } {
  if (jobKind === 'memory.build-index')
    return {
      text: jobState === 'queued' ? 'build waits' : 'building',
      why: 'The worker builds an index',
      tone: 'neutral',
    }
  if (jobKind === 'memory.load')
    return {
      text: jobState === 'queued' ? 'load waits' : 'loading',
      why: 'Many items come in at once; the index is built anew afterwards',
      tone: 'neutral',
    }
  switch (indexState) {
    case null:
      return { text: 'not seen yet', why: 'The worker has not looked at this partition yet' }
    case 'invalid':
      return { text: 'invalid', why: 'A build came to no end: searches compare with every item', tone: 'bad' }
    case 'mismatched':
      return {
        text: 'mismatched',
        why: 'Of another type or metric than searches use: they compare with every item',
        tone: 'bad',
      }
    case 'valid':
      if (indexMethod === 'ivfflat')
        return {
          text: `ivfflat ${indexLists}${indexType === 'halfvec' ? ' half' : ''}`,
          why: `IVFFlat of ${indexType}, ${indexLists} lists`,
        }
      return {
        text: `hnsw ${indexM}/${indexEfConstruction}${indexType === 'halfvec' ? ' half' : ''}`,
        why: `HNSW of ${indexType}, m ${indexM}, ef_construction ${indexEfConstruction}`,
      }
    case 'none':
      if (indexOffAt)
        return indexWantedBy === null
          ? { text: 'asleep', why: 'Its index was given up; the next search or write brings it back', tone: 'neutral' }
          : { text: 'waking', why: 'The worker builds its index again', tone: 'neutral' }
      return (rows ?? 0) >= paysRows
        ? {
            text: 'would pay',
            why: `Searches compare with every item; from ${paysRows} rows on an index pays`,
            tone: 'warn',
          }
        : { text: rows === 0 ? 'empty' : 'too small', why: `Below ${paysRows} rows exact search is fast enough` }
  }
}

export const deadShare = ({ rows, deadRows }: VectorTenant): number | null =>
  rows === null || deadRows === null ? null : rows + deadRows === 0 ? 0 : deadRows / (rows + deadRows)

/** How widely a search looks: an ef_search or, of IVFFlat, how many probes. */
export const widthOf = ({ efSearch, probes }: { efSearch?: number; probes?: number }) => efSearch ?? probes ?? 0

/** How widely searches look: `ef 40` of HNSW, `probes 3` of IVFFlat. */
export const widthText = ({ efSearch, probes }: { efSearch?: number | null; probes?: number | null }) =>
  probes == null ? `ef ${efSearch}` : `probes ${probes}`

/** Three decimals, as recall is usually given. */
export const recallText = (recall: number) => recall.toFixed(3)

/** Half the interval, as in 0.912 ± 0.011. */
export const intervalText = ({ recall, low, high }: { recall: number; low: number; high: number }) =>
  `${recallText(recall)} ± ${((high - low) / 2).toFixed(3)}`

/** Four times what the rule of thumb gives up to a million rows: the lists of IVFFlat are those of the build. */
const MOST_ROWS_PER_LIST = 4_000

/** Why recall may have fallen, by what the last look saw. */
export function reasonText({ rows, deadRows, bloat, indexLists }: VectorTenant): string | null {
  const dead = rows && deadRows ? deadRows / (rows + deadRows) : 0
  if (dead >= 0.05) return `${percentText(dead)} dead rows`
  if (rows && indexLists && rows / indexLists > MOST_ROWS_PER_LIST)
    return `${count(Math.round(rows / indexLists))} rows per list: rebuild`
  if (bloat !== null && bloat > 0.2) return `index ${signed(bloat)} beyond its size`
  return null
}

const DAY_MS = 86_400_000

/** "cold, 21 d" for a memory with items that nobody searched or wrote for a week; null for the others. */
export function coldText({ lastUsedAt, rows }: VectorTenant, asOf: string): string | null {
  if (!lastUsedAt || !rows) return null
  const days = Math.floor((Date.parse(asOf) - Date.parse(lastUsedAt)) / DAY_MS)
  return days >= COLD_DAYS ? `cold, ${days} d` : null
}
