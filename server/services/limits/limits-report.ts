import { limitTotals, refusedSubjects } from '@/db/postgres/queries/limit-counts'
import { selectPolicies } from '@/db/postgres/queries/limits'
import type { Stores } from '@/server/services/context'
import { type Scope, windowOf } from '@/server/services/scope.schema'
import { limitVerdicts } from './limit-verdicts'

const MINUTE_MS = 60_000

/** Every limit with what was asked of it in the range, who is refused at this moment, and what is worth a word. */
export async function limitsReport({ db, redis }: Stores, scope: Scope, now = new Date()) {
  const { from, to } = windowOf(scope, now)
  const lastMinute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS - MINUTE_MS)
  const [all, totals, refused] = await Promise.all([
    selectPolicies(db),
    limitTotals(db, { from: new Date(Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS), to }),
    refusedSubjects(db, { from: lastMinute, to: new Date(now.getTime() + MINUTE_MS) }),
  ])
  const none = { admitted: 0, refused: 0, byPostgres: 0, subjects: 0, refusedSubjects: 0 }
  const policies = all
    .filter(({ tenant }) => scope.tenant === null || tenant === null || tenant === scope.tenant)
    .map(({ createdAt, ...policy }) => {
      const { policyId: _, ...asked } = totals.find(({ policyId }) => policyId === policy.id) ?? {
        ...none,
        policyId: '',
      }
      return { ...policy, createdAt: createdAt.toISOString(), ...asked }
    })
  const limited = refused.flatMap(({ policyId, ...who }) => {
    const policy = policies.find(({ id }) => id === policyId)
    return policy && (scope.tenant === null || who.tenant === scope.tenant)
      ? [{ ...who, policyId, policy: policy.name }]
      : []
  })
  const downSince = redis.downSince()
  return {
    asOf: now.toISOString(),
    policies,
    /** Refused in this minute or the one before, those refused most first. */
    limited,
    redisDownSince: downSince === null ? null : new Date(downSince).toISOString(),
    verdicts: limitVerdicts(policies, limited, downSince),
  }
}
export type LimitsReport = Awaited<ReturnType<typeof limitsReport>>
export type ListedPolicy = LimitsReport['policies'][number]
