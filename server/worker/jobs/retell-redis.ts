import { selectFlagsChangedSince } from '@/db/postgres/queries/flags'
import { selectMovedSince } from '@/db/postgres/queries/prompts'
import { families } from '@/db/redis/keys'
import type { Stores } from '@/server/services/context'
import { tellRedisOfFlag } from '@/server/services/flags/apply-flag'
import { tellRedis } from '@/server/services/prompts/apply-activation'

const MOST_PROMPTS = 10_000
const AT_ONCE = 100

/**
 * A Redis that was away may come back as it was before: restarted from an old snapshot, or failed over to a replica
 * that lagged. So after every outage it hears again of each activation and flag younger than an entry can be (R4).
 */
export function redisReteller({ db, redis }: Stores) {
  let toldSince: number | null = null

  return async (): Promise<number> => {
    const upSince = redis.upSince()
    if (upSince === null || upSince === toldSince) return 0
    const youngerThan = (seconds: number) => new Date(Date.now() - seconds * 1000)
    const moved = await selectMovedSince(db, {
      since: youngerThan(families.prompts.ttlSeconds),
      limit: MOST_PROMPTS,
    })
    const changed = await selectFlagsChangedSince(db, {
      since: youngerThan(families.flags.ttlSeconds),
      limit: MOST_PROMPTS,
    })
    for (let start = 0; start < moved.length; start += AT_ONCE)
      await Promise.all(moved.slice(start, start + AT_ONCE).map((prompt) => tellRedis({ redis }, prompt)))
    for (let start = 0; start < changed.length; start += AT_ONCE)
      await Promise.all(changed.slice(start, start + AT_ONCE).map((flag) => tellRedisOfFlag({ redis }, flag)))
    toldSince = upSince
    return moved.length + changed.length
  }
}
