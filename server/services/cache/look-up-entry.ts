import { readAnswer } from '@/db/redis/cache'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import type { EntryKey } from './entries.schema'
import type { LookupCounter } from './lookup-counter'

/** `value` is JSON as text. */
export type LookUp = { result: 'hit'; value: string } | { result: 'miss' } | { result: 'degraded' }

/**
 * Looks an answer up with one GET and counts it. Without Redis there is no answer to be had, which a caller may treat
 * as a miss (R5); it is counted as neither, because no cache was asked.
 */
export async function lookUpEntry(
  { redis }: Pick<Stores, 'redis'>,
  { key, simulated, lookups }: { key: EntryKey; simulated: boolean; lookups: LookupCounter },
): Promise<LookUp> {
  try {
    const answer = await redisTruth(redis, () => readAnswer(redis, key))
    lookups.count(key, { answer, simulated })
    return answer ? { result: 'hit', value: answer.value } : { result: 'miss' }
  } catch (error) {
    if (expected(error)?.code !== 'unavailable') throw error
    lookups.degraded()
    return { result: 'degraded' }
  }
}
