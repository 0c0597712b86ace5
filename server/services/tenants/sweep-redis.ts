import { eraseBudgetsOfTenant } from '@/db/redis/budgets'
import { eraseAnswersOfTenant } from '@/db/redis/cache'
import { eraseKvOfTenant } from '@/db/redis/kv'
import { eraseLeaderboardsOfTenant } from '@/db/redis/leaderboards'
import { eraseLimitsOfTenant } from '@/db/redis/limits'
import { eraseDigestsOfTenant } from '@/db/redis/prompt-answers'
import { eraseSessionsOfTenant } from '@/db/redis/sessions'
import { eraseSearchesOfTenant } from '@/db/redis/vectors'
import { eraseWaitingOfTenant } from '@/db/redis/waiting-turns'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import type { ErasureReceipt } from './tenants.schema'

const SWEEPS = 5
const families = {
  answers: eraseAnswersOfTenant,
  answerDigests: eraseDigestsOfTenant,
  sessions: eraseSessionsOfTenant,
  leaderboards: eraseLeaderboardsOfTenant,
  searches: eraseSearchesOfTenant,
  limits: eraseLimitsOfTenant,
  budgets: eraseBudgetsOfTenant,
  kv: eraseKvOfTenant,
  waitingTurns: eraseWaitingOfTenant,
} as const satisfies Record<keyof RedisKeys, unknown>

export type RedisKeys = ErasureReceipt['redis']
const names = Object.keys(families) as (keyof RedisKeys)[]
const every = (count: (name: keyof RedisKeys) => number) =>
  Object.fromEntries(names.map((name) => [name, count(name)])) as RedisKeys

export const noKeys = every(() => 0)
export const isEmpty = (counts: Record<string, number>) => Object.values(counts).every((count) => count === 0)

type Sweep = { slug: string; before: RedisKeys; onErased: (removed: RedisKeys) => Promise<unknown> }

/**
 * Takes everything of a tenant out of Redis: sweeps until a sweep finds nothing, which is the proof, and gives up where an
 * application writes as fast as we erase. `before` is what went earlier; `onErased` hears of the sum after each family.
 */
export async function sweepRedis({ redis }: Pick<Stores, 'redis'>, { slug, before, onErased }: Sweep) {
  let removed = before
  for (let sweep = 1; ; sweep++) {
    const found = { ...noKeys }
    for (const name of names) {
      found[name] = await redisTruth(redis, () => families[name](redis, slug))
      if (found[name] === 0) continue
      removed = { ...removed, [name]: removed[name] + found[name] }
      await onErased(removed)
    }
    if (isEmpty(found) || sweep === SWEEPS) return { removed, remaining: found }
  }
}
