import { type FlagNote, markDone, type PendingFlagNote } from '@/db/postgres/queries/outbox'
import { forgetFlag } from '@/db/redis/flags'
import { publishInvalidation } from '@/db/redis/invalidations'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { toldInTime } from '@/server/services/told-in-time'

/** Makes every cache forget the flag as it was: the shared entry with its fence, then the processes' own copies (R4). */
export async function tellRedisOfFlag({ redis }: Pick<Stores, 'redis'>, { name, revision }: FlagNote): Promise<void> {
  await forgetFlag(redis, name)
  await publishInvalidation(redis, { family: 'flags', name, revision })
}

/** Tells Redis of a committed change; false when that is left to the relay. */
export async function applyFlag(stores: Stores, { id, flag }: PendingFlagNote): Promise<boolean> {
  if (!(await toldInTime('a change of a flag', () => tellRedisOfFlag(stores, flag)))) return false
  // Redis knows already: without the note's end the relay will only say it once more.
  await markDone(stores.db, [id]).catch((error) => logError('flags: could not note a change as applied', error))
  return true
}
