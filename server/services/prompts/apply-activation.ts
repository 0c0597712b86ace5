import { markApplied, type PendingNote } from '@/db/postgres/queries/outbox'
import { publishInvalidation } from '@/db/redis/invalidations'
import { forgetPrompt } from '@/db/redis/prompts'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { toldInTime } from '@/server/services/told-in-time'

type Moved = { name: string; channel: string; revision: number }

/** Makes every cache forget what was live before: the shared entry with its fence, then the processes' own copies (R4). */
export async function tellRedis({ redis }: Pick<Stores, 'redis'>, moved: Moved): Promise<void> {
  const { name, channel, revision } = moved
  await forgetPrompt(redis, { name, channel })
  await publishInvalidation(redis, { family: 'prompts', name, channel, revision })
}

/** Tells Redis of a committed activation; answers when it knew, or null when it is left to the relay. */
export async function applyActivation(stores: Stores, note: PendingNote): Promise<Date | null> {
  if (!(await toldInTime('an activation', () => tellRedis(stores, note.note)))) return null
  const told = new Date()
  try {
    const [appliedAt] = await markApplied(stores.db, [note])
    return appliedAt ?? told
  } catch (error) {
    // Redis knows already: the relay will only say it once more.
    logError('prompts: could not note an activation as applied', error)
    return told
  }
}
