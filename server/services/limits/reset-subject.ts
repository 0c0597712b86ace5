import { deleteCounters, selectPolicy } from '@/db/postgres/queries/limits'
import { resetLimit } from '@/db/redis/limits'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { termsOf } from './consume-limit'
import type { ResetSubject } from './limits.schema'

/**
 * Gives a subject all its points back, in both stores. What was counted of it stays.
 * @throws AppError `not_found`; `unavailable` while Redis does not answer: nothing was changed then.
 */
export async function resetSubject(caller: Caller, counter: ResetSubject): Promise<{ reset: true }> {
  return change(caller, 'limits.reset', async (tx) => {
    const policy = await selectPolicy(tx, counter.policyId)
    if (!policy) throw new AppError('not_found', 'There is no such limit.', { field: 'policyId' })
    await deleteCounters(tx, counter)
    await redisTruth(caller.redis, () => resetLimit(caller.redis, { counter, terms: termsOf(policy) }))
    const { tenant, subject } = counter
    return { result: { reset: true as const }, audit: { target: policy.name, after: { tenant, subject } } }
  })
}
