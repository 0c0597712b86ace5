import { patiently } from '@/db/postgres/deadline'
import { consumeInPostgres } from '@/db/postgres/queries/limits'
import { type Consumed, consumeLimit as consumeInRedis } from '@/db/redis/limits'
import { AppError } from '@/server/errors'
import { expected } from '@/server/failure'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import type { CheckBudgets } from '@/server/services/usage/budgets/budgets.schema'
import type { UsedUpBudgets } from '@/server/services/usage/budgets/check-budgets'
import type { LimitCounts } from './limit-counter'
import type { LimitPolicies } from './limit-policies'
import type { ConsumedReply, ConsumeInput } from './limits.schema'
import { takeTurns } from './take-turns'

/** As long as that, budgets are waited for: a limit is decided without them rather than late. */
const BUDGETS_MS = 100

type Needs = { policies: LimitPolicies; counts: LimitCounts; usedUp: UsedUpBudgets }
type Asked = Omit<ConsumeInput, 'tenant'> & {
  policy: string
  /** Empty where the caller names none. */
  tenant: string
  key: { id: string; tenants: string[] | null; simulated: boolean }
}
type Ask = Parameters<typeof consumeInRedis>[1]

/**
 * Takes points from a subject's limit if they are there. Redis decides; while it does not answer, Postgres does, by the
 * same arithmetic, from counters of its own that begin empty: around each change of store a subject may get its points
 * once more, and no more than that (docs/decisions/0028). Who has used up a budget that refuses is refused, named the
 * budget, and takes no points.
 * @throws AppError `not_found` for a policy that there is none of, `unavailable` when neither store answers.
 */
export function limitConsumer({ db, redis }: Stores, { policies, counts, usedUp }: Needs) {
  const askPostgres = takeTurns<Ask, Consumed>(
    ({ counter, terms }) => JSON.stringify([counter, terms]),
    async (asks) => {
      const [first] = asks
      return first ? consumeInPostgres(db, { ...first, points: asks.map(({ points }) => points) }) : []
    },
  )
  const askBudgets = (key: Asked['key'], call: Partial<CheckBudgets>) =>
    patiently(BUDGETS_MS, () => usedUp(key, [call])).catch(orNone)
  return async ({ policy: name, tenant, subject, points, key }: Asked): Promise<ConsumedReply> => {
    const policy = await policies.find(name, tenant)
    if (!policy) throw new AppError('not_found', `There is no limit ${name}.`, { field: 'policy' })
    const counter = { policyId: policy.id, tenant, subject }
    const call = { tenant: tenant || undefined, user: policy.subject === 'user' ? subject : undefined }
    const budgets = await askBudgets(key, call)
    const refused = budgets.length > 0
    // To take none is to ask what is left.
    const ask = { counter, terms: termsOf(policy), points: refused ? 0 : points }
    const inRedis = await redisTruth(redis, () => consumeInRedis(redis, ask)).catch(orNull)
    const answer = inRedis ?? (await askPostgres(ask))
    const decidedBy = inRedis ? 'redis' : 'postgres'
    if (refused) return { ...answer, allowed: false, decidedBy, budgetsUsedUp: budgets }
    const { simulated } = key
    counts.count(counter, { admitted: answer.allowed, points, byPostgres: !inRedis, simulated })
    return { ...answer, decidedBy }
  }
}

type Terms = Ask['terms']

/** A bucket refills as many as fit, where nothing else was said. */
export const termsOf = ({ kind, points, windowSeconds, refillPoints }: Terms): Terms => ({
  kind,
  points,
  windowSeconds,
  refillPoints: kind === 'token_bucket' ? (refillPoints ?? points) : null,
})

/** Without the budgets of a Postgres that does not answer. */
function orNone(error: unknown): Awaited<ReturnType<UsedUpBudgets>> {
  if (expected(error)?.code !== 'unavailable') logError('budgets not read', error)
  return []
}

function orNull(error: unknown): null {
  if (expected(error)?.code !== 'unavailable') throw error
  return null
}
