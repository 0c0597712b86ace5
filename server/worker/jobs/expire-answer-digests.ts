import { dropExpiredDigests, listAnswerSets } from '@/db/redis/prompt-answers'
import type { Stores } from '@/server/services/context'

const DIGESTS_PER_STEP = 500
/** A run ends here and goes on at its next turn: 100,000 digests. */
const STEPS_PER_RUN = 200

/**
 * Drops the digests of answers that expired from sets that nothing new tidies up, in steps that Redis does not feel (R8):
 * left alone, a large set would go all at once when its own time is over.
 */
export async function expireAnswerDigests({ redis }: Pick<Stores, 'redis'>, now = Date.now()): Promise<number> {
  if (!redis.healthy()) return 0
  let [gone, steps] = [0, 0]
  for (const set of await listAnswerSets(redis, now)) {
    for (let dropped = DIGESTS_PER_STEP; dropped >= DIGESTS_PER_STEP && steps < STEPS_PER_RUN; steps++) {
      dropped = await dropExpiredDigests(redis, { set, now, limit: DIGESTS_PER_STEP })
      gone += dropped
    }
  }
  return gone
}
