import type { BoardFacts } from '@/db/redis/foreign-boards'
import { PLACES } from './foreign-boards.schema'

const PAGE_BYTES = 512 * 1024

/** How many places one command may bring, by what members weigh on average (R8); 0 where a single one is too large. */
export function mostPlaces({ bytes, members }: Pick<BoardFacts, 'bytes' | 'members'>): number {
  const average = Math.max(1, (bytes ?? 0) / Math.max(1, members))
  return Math.min(PLACES, Math.floor(PAGE_BYTES / average))
}
