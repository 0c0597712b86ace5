import type { RedisStore } from './client'
import { families, keys } from './keys'
import { countDigestsOfTenant } from './prompt-answers'
import { scanKeys } from './scan'
import { countSessionsOfTenant } from './sessions'
import { countWaitingOfTenant } from './waiting-turns'

/** How many keys match; each is counted once, though SCAN may name one twice. */
async function countKeys(redis: RedisStore, pattern: string, mine: (key: string) => boolean = () => true) {
  const seen = new Set<string>()
  for await (const batch of scanKeys(redis, pattern)) for (const key of batch) if (mine(key)) seen.add(key)
  return seen.size
}

/** What Redis holds of a tenant by family, without changing it: what an erasure would take. */
export const countInRedis = async (redis: RedisStore, tenant: string) => ({
  answers: await countKeys(redis, keys.answersOfTenant(tenant)),
  answerDigests: await countDigestsOfTenant(redis, tenant),
  sessions: await countSessionsOfTenant(redis, tenant),
  leaderboards: await countKeys(redis, keys.leaderboardsOfTenant(tenant)),
  searches: await countKeys(redis, keys.memoryOfTenant(tenant)),
  budgets: await countKeys(redis, keys.budgetsOfTenant(tenant)),
  limits: await countKeys(redis, families.limits.pattern, (key) => keys.limitTenant(key) === tenant),
  kv: await countKeys(redis, keys.kvOfTenant(tenant)),
  waitingTurns: await countWaitingOfTenant(redis, tenant),
})
